"""What holds in every world, whatever was asked of it; judged on an exported world."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

#: The phone properties that a bundle keeps equal (BND-16).
SHARED_PROPERTIES = (
    "record_transfer",
    "ringback_sound",
    "geo_list",
    "record_enabled",
    "hold_music",
    "announce_sound_upon_outgoing_call",
    "announce_sound_upon_incoming_call",
    "conference_pin",
    "conference_announce_caller_name",
    "conference_end_on_exit",
    "record_format",
    "record_stereo",
    "incoming_limit",
)

#: The fields of an extension that a bundle keeps equal (BND-16).
SHARED_FIELDS = ("status", "dial_rule_id", "dial_rule_limit")


def check_bundles(state: Mapping[str, Any]) -> None:
    """Every bundle of the world obeys the rules."""
    linked: set[tuple[int, str]] = set()
    for client in state["clients"]:
        extensions = {one["name"]: one for one in client["extensions"]}
        for main, names in _bundles(client):
            where = f"bundle of {main['name']}"
            assert len(set(names)) == len(names), f"{where}: {names} names one twice"
            for name in names:
                assert name in extensions, f"{where}: {name} is no extension of its client"
                member = extensions[name]
                assert "phone" == member["type"] == main["type"], f"{where}: {name} is no phone"
                assert not member.get("bundle"), f"{where}: {name} heads a bundle"
                assert (client["id"], name) not in linked, f"{where}: {name} is in two bundles"
                linked.add((client["id"], name))
                assert shared_values(member) == shared_values(main), f"{where}: {name} differs"


def shared_values(extension: Mapping[str, Any]) -> dict[str, Any]:
    """The values of an exported extension that a bundle keeps equal; defaults are left out."""
    phone = extension.get("phone", {})
    properties = {name: phone[name] for name in SHARED_PROPERTIES if name in phone}
    return {**properties, **{name: extension[name] for name in SHARED_FIELDS}}


def _bundles(client: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], list[str]]]:
    for extension in client["extensions"]:
        if extension.get("bundle"):
            yield extension, [member["extension"] for member in extension["bundle"]]
