"""What else is told of a client."""

from __future__ import annotations

import pytest

from mockpbx.resources.call_history.model import Row
from tests.answers import answered, json_of
from tests.conftest import Caller


@pytest.mark.fact("CLI-2")
def test_client_info(office: Caller) -> None:
    """The client is read under its other address too."""
    expected = json_of(office.get("/client/@me/client/"))
    assert answered(office.get("/client/client_info/2566/")) == (200, expected)
    assert answered(office.get("/client/client_info/@me/")) == (200, expected)


@pytest.mark.fact("CLI-2")
def test_aliases(office: Caller) -> None:
    """There are no aliases."""
    assert answered(office.get("/client/@me/alias/")) == (200, [])


@pytest.mark.fact("CLI-2")
def test_disk_space(office: Caller) -> None:
    """The room that is taken is that of all records."""
    rows = office.world.store.all(Row)
    sizes = [part.recording.size for row in rows for part in row.parts if part.recording]
    found = answered(office.get("/client/@me/disk_space/"))
    assert found == (200, {"total": 10 * 1024**3, "used": sum(sizes)})
    assert len(sizes) > 10
