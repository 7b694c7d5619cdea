"""What the control API does that no resource does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..core.errors import InvalidError, NotFoundError
from ..core.faults import EVERY, Fault
from ..core.ids import parse_id
from ..core.world import Snapshot, World
from ..resources.agent.model import Agent, AgentStatus, set_status
from ..resources.agent.model import shown as shown_agent
from ..resources.extension.model import called, named
from ..resources.registration.model import Registration, register
from ..resources.registration.model import element as shown_registration
from ..web.catalog import Catalog
from ..webhooks import outbox
from ..webhooks.sample import send_sample
from ..worlds import WorldError, build
from . import call, originate
from .verification import requests
from .verification.count import Count
from .verification.expectation import Expectation, Matcher


def snapshot_named(world: World, name: str) -> Snapshot:
    """The snapshot of that name.

    Raises:
        NotFoundError: there is none.
    """
    if name not in world.snapshots:
        raise NotFoundError((), f"there is no snapshot {name[:64]}")
    return world.snapshots[name]


def replace(world: World, state: Any) -> None:
    """The world is in that state.

    Raises:
        InvalidError: naming every fault of it; the world stays as it was.
    """
    try:
        world.replace(build(state, start=world.clock.start))
    except WorldError as fault:
        raise InvalidError((), "; ".join(fault.faults)) from fault


def register_device(world: World, fields: Mapping[str, Any]) -> dict[str, Any] | None:
    """The device is registered, and shown as the API shows it; None once it is not any more."""
    extension = named(world, fields["extension"])
    contact = fields.get("contact_address") or f"sip:{extension.name}@192.0.2.10:5060"
    found: Registration | None = register(world, extension, {**fields, "contact_address": contact})
    return None if found is None else shown_registration(world, found)


def start_call(world: World, fields: Mapping[str, Any]) -> call.Call:
    """The call has begun.

    Raises:
        InvalidError: something is given that such a call does not have, or is missing.
        NotFoundError: there is no such extension; the nearest is named.
    """
    kind, caller, to = fields["kind"], fields["from"], fields.get("to")
    script = fields.get("script")
    if kind == "incoming":
        did, name = fields.get("did"), fields.get("name")
        return originate.incoming(world, str(caller), to, did=did, name=name, script=script)
    for name in ("did", "name"):
        if fields.get(name) is not None:
            raise InvalidError((), f"{name}: only an incoming call has it")
    if to is None:
        raise InvalidError((), "to: is required")
    dial = originate.outgoing if kind == "outgoing" else originate.internal
    return dial(world, caller, to, script=script)


def call_named(world: World, text: str) -> call.Call:
    """The call with that CallID or CallAPIID.

    Raises:
        NotFoundError: there is none.
    """
    return call.find(world, text)


def calls(world: World) -> list[call.Call]:
    """The calls that the world remembers, in the order in which they began."""
    return call.listed(world)


def send_message(world: World, fields: Mapping[str, Any]) -> None:
    """The text message came in or went out.

    Raises:
        NotFoundError: neither number is one of the PBX.
        InvalidError: the extension is no phone.
    """
    originate.message(world, fields["from"], fields["to"], fields["text"])


def set_agent_status(world: World, text: str, status: str) -> dict[str, Any]:
    """The agent with that id, or whose extension has that number, takes calls or does not.

    Raises:
        NotFoundError: there is none.

    Source: AGT-1 (doc)
    """
    agent = world.store.find(Agent, parse_id(text) or 0)
    extension = called(world, text)
    if agent is None and extension is not None:
        agent = next(iter(world.store.of(Agent, "extension_id", extension.id)), None)
    if agent is None:
        raise NotFoundError((), f"there is no agent {text[:40]}")
    return shown_agent(world, set_status(world, agent, AgentStatus(status)))


def replay(world: World, text: str) -> dict[str, Any]:
    """That delivery was sent once more, under a number of its own.

    Raises:
        NotFoundError: there is none of that number, or it is too long ago.
    """
    with world.change():
        found = next((one for one in world.deliveries if str(one.id) == text), None)
        if found is None:
            raise NotFoundError((), f"there is no delivery {text[:40]}")
        again = outbox.replay(world, found)
    return again.as_json()


def try_subscription(world: World, text: str) -> dict[str, Any]:
    """The subscription's receiver was sent a sample event.

    Raises:
        NotFoundError: there is no such subscription, or no phone that it could be about.
    """
    with world.change():
        delivery = send_sample(world, parse_id(text) or 0)
    return delivery.as_json()


def verify(world: World, catalog: Catalog, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Whether such a request came as often as it should.

    Raises:
        NotFoundError: the path is none of the documentation; the nearest is named.
        InvalidError: the fields contradict each other.
    """
    asked = {name: fields[name] for name in ("query", "form", "headers") if name in fields}
    if "json" in fields and "body" in fields:
        raise InvalidError((), "json and body: only one of them")
    if "json" in fields or not isinstance(fields.get("body", ""), str):
        asked["json"] = fields.get("json", fields.get("body"))
    elif "body" in fields:
        asked["body"] = fields["body"]
    try:
        count = Count(fields.get("times"), fields.get("at_least"))
        expectation = Expectation(fields["method"], fields["path"], **asked)
        matcher = Matcher(expectation, catalog)
    except LookupError as error:
        raise NotFoundError((), str(error)) from error
    except ValueError as error:
        raise InvalidError((), str(error)) from error
    return requests.verify(world.journal, matcher, count, fields["within"]).as_json()


def add_fault(world: World, catalog: Catalog, fields: Mapping[str, Any]) -> dict[str, Any]:
    """One more rule counts, after the others.

    Raises:
        NotFoundError: its operation is none of the documentation; the nearest is named.
        InvalidError: it could never happen.
    """
    try:
        fault = fault_of(catalog, **fields)
    except LookupError as error:
        raise NotFoundError((), f"operation: {error}") from error
    except ValueError as error:
        raise InvalidError((), str(error)) from error
    world.faults.add(fault)
    return fault.as_json()


def set_faults(world: World, catalog: Catalog, rules: Iterable[Mapping[str, Any]]) -> None:
    """Requests go wrong by these rules.

    Raises:
        NotFoundError: an operation is none of the documentation; the nearest is named.
        InvalidError: a rule could never happen; none of them counts then.
    """
    made = []
    for number, fields in enumerate(rules):
        try:
            made.append(fault_of(catalog, **fields))
        except LookupError as error:
            raise NotFoundError((), f"faults[{number}].operation: {error}") from error
        except ValueError as error:
            raise InvalidError((), f"faults[{number}].{error}") from error
    world.faults.replace(made)


def fault_of(catalog: Catalog, **fields: Any) -> Fault:
    """The rule with these fields.

    Raises:
        LookupError: its operation is none of the documentation; the nearest is named.
        ValueError: it could never happen.
    """
    fault = Fault(**fields)
    if fault.operation != EVERY:
        fault.label = catalog.one(fault.operation).label
    return fault
