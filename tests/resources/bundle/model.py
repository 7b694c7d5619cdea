"""Bundles as the contract tells them, in a few dictionaries: what any answer should have been."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

DEFAULTS: dict[str, Any] = {
    "record_transfer": True,
    "ringback_sound": 0,
    "geo_list": None,
    "record_enabled": True,
    "hold_music": 0,
    "announce_sound_upon_outgoing_call": None,
    "announce_sound_upon_incoming_call": None,
    "conference_pin": None,
    "conference_announce_caller_name": True,
    "conference_end_on_exit": True,
    "record_format": None,
    "record_stereo": None,
    "incoming_limit": 0,
    "status": "active",
    "dial_rule_id": None,
    "dial_rule_limit": None,
}


class Answer(NamedTuple):
    """A status, the rules that refuse, the members that they refuse, and what is shown."""

    status: int
    rules: frozenset[str] = frozenset()
    members: frozenset[int] = frozenset()
    shown: Any = None


@dataclass
class Line:
    """An extension, with the values that a bundle keeps equal."""

    client: int
    name: str
    type: str
    values: dict[str, Any] = field(default_factory=lambda: dict(DEFAULTS))


class Pbx:
    """Extensions by id, and bundles: main id -> linked id -> whether it is active."""

    def __init__(
        self, lines: Mapping[int, Line], bundles: Mapping[int, Mapping[int, bool]]
    ) -> None:
        self.lines = dict(lines)
        self.bundles = {main: dict(members) for main, members in bundles.items()}
        self.next_id = max(lines) + 1

    def refusal(self, client: int, extension: int) -> Answer | None:
        """What anybody of that client hears who names an extension that is not there or its."""
        if extension not in self.lines:
            return Answer(404, frozenset({"ERR-6"}))
        if self.lines[extension].client != client:
            return Answer(403, frozenset({"ERR-2"}))
        return None

    def main_of(self, extension: int) -> int | None:
        """The main extension to which this one is linked."""
        for main, members in self.bundles.items():
            if extension in members:
                return main
        return None

    def link(self, main: int, members: Iterable[tuple[int, bool]]) -> Answer:
        """BND-2 to BND-9, BND-13, BND-17."""
        members = list(members)
        if self.lines[main].type != "phone":
            return Answer(400, frozenset({"BND-2"}))
        if self.main_of(main) is not None:
            return Answer(400, frozenset({"BND-7" if members else "BND-13"}))
        faults = self._faults(main, [member for member, _ in members])
        if faults:
            return Answer(400, frozenset().union(*faults.values()), frozenset(faults))
        before = self.bundles.pop(main, {})
        if members:
            self.bundles[main] = dict(members)
        for member, _ in members:
            if member not in before:
                self.lines[member].values = dict(self.lines[main].values)
        return self.read(main, 201)

    def untie(self, main: int) -> Answer:
        """BND-1, BND-2, BND-12, BND-13."""
        if self.lines[main].type == "phone":
            if self.main_of(main) is not None:
                return Answer(400, frozenset({"BND-13"}))
            self.bundles.pop(main, None)
        return self.read(main)

    def read(self, extension: int, status: int = 200) -> Answer:
        """BND-2, BND-10, BND-13."""
        if self.lines[extension].type != "phone":
            return Answer(400, frozenset({"BND-2"}))
        main = self.main_of(extension) or extension
        shown = {"bundle_list": list(self.bundles.get(main, {})), "bundle_id": main}
        return Answer(status, shown=shown)

    def change(self, extension: int, values: Mapping[str, Any]) -> None:
        """BND-16, BND-17."""
        main = self.main_of(extension) or extension
        for one in {extension, main, *self.bundles.get(main, {})}:
            self.lines[one].values.update(values)

    def change_phone(
        self, extension: int, values: Mapping[str, Any], bundle: Mapping[str, Any] | None
    ) -> Answer:
        """PHN-3, BND-16 to BND-19; the properties are set before the bundle."""
        if self.lines[extension].type != "phone":
            return Answer(404, frozenset({"PHN-3"}))
        if bundle is not None:
            refusal = self._refuse_bundle(extension, bundle)
            if refusal is not None:
                return refusal
        self.change(extension, values)
        if bundle is not None and self.main_of(extension) is None:
            self.link(extension, (bundle["bundle_list"] or {}).items())
        return Answer(200, shown={**self._properties(extension), "bundle": self._bundle(extension)})

    def delete(self, extension: int) -> Answer:
        """BND-21."""
        del self.lines[extension]
        self.bundles.pop(extension, None)
        for main in list(self.bundles):
            self.bundles[main].pop(extension, None)
            if not self.bundles[main]:
                del self.bundles[main]
        return Answer(204)

    def add(self, client: int, name: str, kind: str) -> Answer:
        """EXT-4."""
        if name in {line.name for line in self.lines.values()}:
            return Answer(400, frozenset({"EXT-4"}))
        number, self.next_id = self.next_id, self.next_id + 1
        self.lines[number] = Line(client, name, kind)
        return Answer(201, shown=number)

    def _faults(self, main: int, members: list[int]) -> dict[int, set[str]]:
        faults: dict[int, set[str]] = {}
        for member in members:
            rules: set[str] = set()
            line = self.lines.get(member)
            if line is None or line.client != self.lines[main].client or members.count(member) > 1:
                rules.add("BND-8")
            if line is not None and line.type != "phone":
                rules.add("BND-4")
            if member in self.bundles and member != main:
                rules.add("BND-5")
            if self.main_of(member) not in (None, main):
                rules.add("BND-6")
            if member == main:
                rules.add("BND-7")
            if rules:
                faults[member] = rules
        return faults

    def _refuse_bundle(self, extension: int, bundle: Mapping[str, Any]) -> Answer | None:
        main, wanted = self.main_of(extension), bundle["bundle_list"] or {}
        allowed = (None, extension if main is None else main)
        same = main is None or wanted == self.bundles[main]
        if bundle.get("bundle_id") not in allowed or not same:
            return Answer(400, frozenset({"BND-19"}))
        faults = self._faults(extension, list(wanted)) if main is None else {}
        if faults:
            return Answer(400, frozenset().union(*faults.values()), frozenset(faults))
        return None

    def _properties(self, extension: int) -> dict[str, Any]:
        values = self.lines[extension].values
        extension_fields = ("status", "dial_rule_id", "dial_rule_limit")
        return {name: values[name] for name in values if name not in extension_fields}

    def _bundle(self, extension: int) -> dict[str, Any]:
        main = self.main_of(extension) or extension
        if main not in self.bundles:
            return {"bundle_list": None, "bundle_id": None}
        members = {str(one): {"active": active} for one, active in self.bundles[main].items()}
        return {"bundle_list": members, "bundle_id": main}
