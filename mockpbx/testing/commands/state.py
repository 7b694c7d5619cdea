"""The world as a whole: its settings, state, snapshots, who logs in, phones and agents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as fields_of
from typing import Any, TypeVar

from ... import __version__
from ... import settings as settings_
from ...config import Config
from ...core import access, accounts
from ...core.errors import InvalidError, NotFoundError
from ...core.ids import parse_id
from ...core.spelling import hint
from ...core.table import Record
from ...core.world import World
from ...oauth import grants
from ...readings import choices
from ...resources.agent.model import Agent, AgentStatus, set_status
from ...resources.agent.model import shown as shown_agent
from ...resources.extension.model import Extension, called, named
from ...resources.registration import model as registration
from ...worlds import WorldError, build
from ...worlds.dump import dump
from ...worlds.schema import WorldState
from .. import results
from ..command import command
from ..provisioning import add_extension as added
from ..schema import AgentStatusIn, NewExtension, RegistrationIn, SnapshotIn, WhoseTokens
from ..setting_fields import SettingsIn

R = TypeVar("R", bound=Record)


@command("health", "GET", "/health", answers=results.Health)
def health(world: World) -> results.Health:
    """Say that the server answers."""
    return results.Health("ok", __version__, world.start.name)


@command("readings", "GET", "/readings", answers=results.Readings)
def readings(world: World) -> results.Readings:
    """Say how the documentation is read where its sources disagree."""
    return results.Readings({name: str(getattr(world.readings, name)) for name in choices()})


def _settings(world: World, config: Config) -> results.Settings:
    shown = {name: getattr(config, name) for name in settings_.NAMES}
    groups = {name: settings_.plain(shown[name]) for name in settings_.parts()}
    return results.Settings(**{**shown, **groups})


@command("settings", "GET", "/settings", answers=results.Settings, shows=_settings)
def settings(world: World) -> Config:
    """Say by what the world goes now."""
    return world.config


@command(
    "set-settings",
    "PATCH",
    "/settings",
    raw=SettingsIn,
    answers=results.Settings,
    shows=_settings,
    refuses={400: []},
)
def set_settings(world: World, raw: Any) -> Config:
    """Change settings from now on, until a reset; of readings and quirks those that are given.

    Raises:
        InvalidError: there is no such setting, or it cannot have that value; nothing is changed.
    """
    try:
        world.configure(settings_.changed(world.config, raw))
    except ValueError as error:
        raise InvalidError((), str(error)) from error
    return world.config


@command("reset", "POST", "/reset")
def reset(world: World) -> None:
    """Go back to the world that was started."""
    world.reset()


@command("state", "GET", "/state", document=WorldState)
def state(world: World) -> Any:
    """Read the whole world in the format of a world file."""
    return dump(world)


@command("put-state", "PUT", "/state", raw=WorldState, refuses={400: []})
def put_state(world: World, raw: Any) -> None:
    """Replace the whole world; its clock goes on.

    Raises:
        InvalidError: naming every fault of it; the world stays as it was.
    """
    try:
        world.replace(build(raw, start=world.clock.start))
    except WorldError as error:
        raise InvalidError((), "; ".join(error.faults)) from error


@command("snapshot", "POST", "/snapshots", takes=SnapshotIn, answers=results.Snapshot)
def snapshot(world: World, fields: Mapping[str, Any]) -> results.Snapshot:
    """Keep the present state, clock included, under a name."""
    name = fields.get("name") or _free_name(world)
    return results.Snapshot(name, world.keep(name).at)


@command("snapshots", "GET", "/snapshots", answers=results.Snapshot, many=True)
def snapshots(world: World) -> list[results.Snapshot]:
    """List the snapshots."""
    return [results.Snapshot(name, one.at) for name, one in world.snapshots.items()]


@command("restore", "POST", "/snapshots/<name>/restore", status=204, refuses={404: []})
def restore(world: World, name: str) -> None:
    """Be as at that snapshot.

    Raises:
        NotFoundError: there is none of that name.
    """
    if name not in world.snapshots:
        dropped = world.snapshots_dropped
        gone = f"; the {dropped} oldest had to make way" if dropped else ""
        raise NotFoundError((), f"there is no snapshot {name[:64]}{gone}")
    world.restore(world.snapshots[name])


@command("application", "GET", "/application", answers=results.Application, refuses={404: []})
def application(world: World) -> results.Application:
    """Name the world's first trusted application, for programs that log in."""
    found = _application(world)
    return results.Application(found.client_id, found.client_secret)


@command("token", "POST", "/tokens", answers=results.Token, refuses={404: []})
def token(world: World) -> results.Token:
    """Issue a bearer token of that application."""
    found = _application(world)
    secret = {"client_id": found.client_id, "client_secret": found.client_secret}
    issued = grants.token(world, {"grant_type": "client_credentials", **secret})
    return results.Token(issued.answer["access_token"])


@command(
    "expire-tokens",
    "POST",
    "/tokens/expire",
    status=200,
    takes=WhoseTokens,
    answers=results.ExpiredTokens,
    refuses={404: []},
)
def expire_tokens(world: World, fields: Mapping[str, Any]) -> results.ExpiredTokens:
    """Let access tokens expire now: all, or those of an application or user.

    Raises:
        NotFoundError: there is no such application or user.
    """
    app = _one(world, accounts.Application, "application", fields.get("application"))
    user = _one(world, accounts.User, "user", fields.get("user"))
    elapsed = world.clock.elapsed()
    return results.ExpiredTokens(access.expire(world.store, elapsed, app, user))


def _one(world: World, kind: type[R], what: str, wanted: int | str | None) -> R | None:
    """The record of that name or id, when one is wanted."""
    if wanted is None:
        return None
    store = world.store
    found = store.find(kind, wanted) if isinstance(wanted, int) else store.named(kind, wanted)
    if found is None:
        known = [getattr(one, str(kind.NAME)) for one in store.all(kind)]
        near = hint(str(wanted), known)
        raise NotFoundError((), f"{what}: there is no {str(wanted)[:64]}{near}")
    return found


def _shown_extension(world: World, extension: Extension) -> results.Extension:
    names = (one.name for one in fields_of(results.Extension))
    return results.Extension(**{name: getattr(extension, name) for name in names})


@command(
    "extension",
    "GET",
    "/extensions/<name>",
    answers=results.Extension,
    shows=_shown_extension,
    refuses={404: []},
)
def extension(world: World, name: str) -> Extension:
    """Find an extension by its id, or by its number or whole name after an @.

    Raises:
        NotFoundError: there is none; the nearest is named.
    """
    number = parse_id(name)
    return named(world, name.removeprefix("@") if number is None else number)


@command(
    "add-extension",
    "POST",
    "/extensions",
    takes=NewExtension,
    answers=results.Extension,
    shows=_shown_extension,
    refuses={404: []},
)
def add_extension(world: World, fields: Mapping[str, Any]) -> Extension:
    """Add an extension by the rules of the API; without a name it gets a free number.

    Raises:
        InvalidError: a property is unknown or breaks its rule; each is named.
        NotFoundError: there is no such client.
    """
    made = added(
        world, fields.get("name"), fields["type"], fields.get("client"), fields["properties"]
    )
    if fields["register"]:
        register.function(world, RegistrationIn().load({"extension": made.id}))
    return made


@command(
    "register",
    "POST",
    "/registrations",
    also=(204,),
    takes=RegistrationIn,
    answers=results.Registration,
    facts=("REG-8", "REG-13", "REG-15"),
    refuses={400: ["REG-8", "REG-11"], 403: ["REG-15", "PHN-20", "PHN-25"], 404: []},
)
def register(world: World, fields: Mapping[str, Any]) -> results.Registration | None:
    """Register a device as by a SIP REGISTER; 204 when it is unregistered."""
    found = named(world, fields["extension"])
    contact = fields.get("contact_address") or f"sip:{found.name}@192.0.2.10:5060"
    one = registration.register(world, found, {**fields, "contact_address": contact})
    return None if one is None else results.Registration(**registration.element(world, one))


@command("unregister-all", "DELETE", "/registrations")
def unregister_all(world: World) -> None:
    """Bring all phones of all clients offline."""
    for one in list(world.store.all(Extension)):
        registration.drop_all(world, one)


def _agents(world: World, found: list[Agent]) -> results.Agents:
    return results.Agents(tuple(_agent(world, one) for one in found))


def _agent(world: World, one: Agent) -> results.Agent:
    return results.Agent(**shown_agent(world, one))


@command("agents", "GET", "/agents", answers=results.Agents, shows=_agents)
def agents(world: World) -> list[Agent]:
    """List the agents of all clients."""
    return list(world.store.all(Agent))


@command(
    "agent-status",
    "POST",
    "/agents/<name>/status",
    status=200,
    takes=AgentStatusIn,
    answers=results.Agent,
    shows=_agent,
    refuses={404: []},
)
def set_agent_status(world: World, name: str, fields: Mapping[str, Any]) -> Agent:
    """Log an agent in or out, by its id, or its extension's number or id.

    Raises:
        NotFoundError: there is none.

    Source: AGT-1
    """
    number = parse_id(name) or 0
    agent = world.store.find(Agent, number)
    extension = called(world, name) or world.store.find(Extension, number)
    if agent is None and extension is not None:
        agent = next(iter(world.store.of(Agent, "extension_id", extension.id)), None)
    if agent is None:
        raise NotFoundError((), f"there is no agent {name[:40]}")
    return set_status(world, agent, AgentStatus(fields["status"]))


def _application(world: World) -> accounts.Application:
    for one in world.store.all(accounts.Application):
        if one.type == accounts.AppType.TRUSTED:
            return one
    raise NotFoundError((), "the world has no trusted application")


def _free_name(world: World) -> str:
    number = len(world.snapshots) + 1
    while f"snapshot-{number}" in world.snapshots:
        number += 1
    return f"snapshot-{number}"
