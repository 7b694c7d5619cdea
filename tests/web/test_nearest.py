"""The documented path that somebody may have meant."""

from __future__ import annotations

import pytest

from mockpbx.app import documented_paths
from mockpbx.web.nearest import nearest


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/extension/85218/phones/", "/extension/{extension_id}/phone/"),
        ("/client/2566/extensions/", "/client/{client_id}/extension/"),
        (
            "/client/@me/extensions_bundle/@101/",
            "/client/{client_id}/extensions_bundle/{extension_id}",
        ),
        ("/clients/801/did/", "/client/{client_id}/did/"),
        (
            "/client/@me/call_history/38018b47b29a8b06daf66c5f2577bffa/cdr",
            "/client/{client_id}/call_history/{call_uuid}",
        ),
        ("/users/", "/user/"),
    ],
)
def test_the_nearest(path: str, expected: str) -> None:
    """Ids do not count, whatever their length."""
    found = nearest(f"/api/ver1.0{path}", documented_paths())
    assert found is not None
    assert found == f"/api/ver1.0{expected}"


def test_none() -> None:
    """Of no paths none is near."""
    assert nearest("/user/", []) is None
