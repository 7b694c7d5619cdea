"""The client itself, and its limit."""

from __future__ import annotations

import pytest

from tests.answers import answered, refused
from tests.conftest import Caller


@pytest.mark.fact("CLI-1")
@pytest.mark.parametrize("client", ["2566", "@me"])
def test_the_client_is_one_object(office: Caller, client: str) -> None:
    """The path of a list answers one object: the known fields and what phones take over."""
    assert answered(office.get(f"/client/{client}/client/")) == (
        200,
        {
            "id": 2566,
            "name": "Example Company",
            "prefix": "2566",
            "domain": "sipproxy.telphin.ru",
            "extension_len": 3,
            "status": "active",
            "timezone": "Europe/Moscow",
            "create_date": "2020-01-01 09:00:00",
            "dealer_id": None,
            "email": "office@example.com",
            "geo_list": "*",
            "record_format": "mp3",
            "record_stereo": False,
        },
    )


@pytest.mark.fact("CLI-1", "ERR-2", "ERR-7")
@pytest.mark.parametrize("resource", ["client", "limit"])
@pytest.mark.parametrize(
    ("client", "expected"),
    [
        ("12", (403, {"message": "Access denied", "status": "access_denied"}, "ERR-2", "doc")),
        (
            "13",
            (404, {"message": "Client not found", "status": "client_not_found"}, "ERR-7", "doc"),
        ),
    ],
    ids=["foreign", "unknown"],
)
def test_another_client_is_refused(
    documented: Caller, resource: str, client: str, expected: tuple[object, ...]
) -> None:
    """Another client is a 403, and one that nobody has a 404."""
    assert refused(documented.get(f"/client/{client}/{resource}/")) == expected


@pytest.mark.fact("CLI-2", "EVT-10")
def test_the_limit_tells_the_subscriptions_allowed_and_used(office: Caller) -> None:
    """The limit counts the subscriptions of all the client's extensions."""
    event = {"url": "https://example.com/", "method": "GET", "event_type": "dial-in"}
    seen = [answered(office.get("/client/@me/limit/"))]
    for extension in (85218, 85219):
        office.post(f"/extension/{extension}/event/", json=event)
        seen.append(answered(office.get("/client/@me/limit/")))
    assert seen == [(200, {"event": {"limit": 1000, "used": used}}) for used in (0, 1, 2)]
