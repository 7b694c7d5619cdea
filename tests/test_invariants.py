"""The check of invariants sees every broken bundle."""

from __future__ import annotations

from typing import Any

import pytest

from tests.invariants import SHARED_FIELDS, SHARED_PROPERTIES, check_bundles


def _world(*clients: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "clients": [
            {"id": number, "extensions": extensions}
            for number, extensions in enumerate(clients, start=1)
        ]
    }


def _extension(name: str, *members: str, **values: Any) -> dict[str, Any]:
    extension: dict[str, Any] = {
        "name": name,
        "type": "phone",
        "phone": {},
        **dict.fromkeys(SHARED_FIELDS),
    }
    bundle = [{"extension": member, "active": True} for member in members]
    return {**extension, **values, **({"bundle": bundle} if bundle else {})}


def test_sound_bundles_pass() -> None:
    """Two bundles of phones with equal values are in order."""
    shared = {"geo_list": "RU"}
    check_bundles(
        _world(
            [
                _extension("1*1", "1*2", "1*3", phone={**shared, "label": "Desk"}),
                _extension("1*2", phone=shared),
                _extension("1*3", phone=shared),
                _extension("1*4", type="queue"),
            ],
            [_extension("2*1", "2*2"), _extension("2*2")],
        )
    )


@pytest.mark.parametrize(
    ("clients", "message"),
    [
        (
            [[_extension("1*1", "1*2", "1*2"), _extension("1*2")]],
            r"1\*1: \['1\*2', '1\*2'\] names one twice",
        ),
        (
            [[_extension("1*1", "1*3"), _extension("1*2", "1*3"), _extension("1*3")]],
            r"1\*2: 1\*3 is in two bundles",
        ),
        (
            [[_extension("1*1", "1*2"), _extension("1*2", "1*3"), _extension("1*3")]],
            r"1\*1: 1\*2 heads a bundle",
        ),
        ([[_extension("1*1", "1*1")]], r"1\*1: 1\*1 heads a bundle"),
        (
            [[_extension("1*1", "2*1")], [_extension("2*1")]],
            r"1\*1: 2\*1 is no extension of its client",
        ),
        (
            [[_extension("1*1", "1*2"), _extension("1*2", type="queue")]],
            r"1\*1: 1\*2 is no phone",
        ),
        (
            [[_extension("1*1", "1*2", type="ivr"), _extension("1*2")]],
            r"1\*1: 1\*2 is no phone",
        ),
        *(
            ([[_extension("1*1", "1*2", phone={name: 1}), _extension("1*2")]], "1.2 differs")
            for name in SHARED_PROPERTIES
        ),
        *(
            ([[_extension("1*1", "1*2"), _extension("1*2", **{name: 1})]], "1.2 differs")
            for name in SHARED_FIELDS
        ),
    ],
)
def test_a_broken_bundle_is_told(clients: list[list[dict[str, Any]]], message: str) -> None:
    """Each way in which a bundle can be broken fails the check with its place."""
    with pytest.raises(AssertionError, match=message):
        check_bundles(_world(*clients))
