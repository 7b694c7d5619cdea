"""What a tester sets up besides extensions: users, applications, groups, agents, numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as fields_of
from typing import Any, TypeVar

from ...core.accounts import Application, ExtensionGroup, User
from ...core.clock import stamp
from ...core.world import World
from ...resources.agent.model import Agent
from ...resources.agent.model import shown as shown_agent
from ...resources.did.model import Did
from .. import additions, provisioning, results
from ..command import command

T = TypeVar("T")


def _of(kind: type[T], record: Any, **others: Any) -> T:
    """The result, of the record's attributes of the same names."""
    names = [one.name for one in fields_of(kind) if one.name not in others]  # type: ignore[arg-type]
    return kind(**{name: getattr(record, name) for name in names}, **others)


def _user(world: World, one: User) -> results.User:
    return _of(results.User, one, client_id=one.owner_id, level=one.level.value)


@command(
    "add-user",
    "POST",
    "/users",
    takes=additions.UserIn,
    answers=results.User,
    shows=_user,
    refuses={404: []},
)
def add_user(world: World, fields: Mapping[str, Any]) -> User:
    """Add a user: of the whole client, a group or an extension.

    Raises:
        InvalidError: what it refers to is not there, or its login is taken.
        NotFoundError: there is no such client.
    """
    return provisioning.add(world, "users", User, fields)


def _application(world: World, one: Application) -> results.NewApplication:
    return _of(results.NewApplication, one)


@command(
    "add-application",
    "POST",
    "/applications",
    takes=additions.ApplicationIn,
    answers=results.NewApplication,
    shows=_application,
    refuses={404: []},
)
def add_application(world: World, fields: Mapping[str, Any]) -> Application:
    """Add an application that may log in.

    Raises:
        InvalidError: there is no such user, or its client_id is taken.
        NotFoundError: there is no such client.
    """
    return provisioning.add_application(world, fields)


def _group(world: World, one: ExtensionGroup) -> results.Group:
    return _of(results.Group, one)


@command(
    "add-group",
    "POST",
    "/extension_groups",
    takes=additions.GroupIn,
    answers=results.Group,
    shows=_group,
    refuses={404: []},
)
def add_group(world: World, fields: Mapping[str, Any]) -> ExtensionGroup:
    """Add a group of extensions.

    Raises:
        InvalidError: its id is taken.
        NotFoundError: there is no such client.
    """
    return provisioning.add(world, "extension_groups", ExtensionGroup, fields)


def _agent(world: World, one: Agent) -> results.Agent:
    return results.Agent(**shown_agent(world, one))


@command(
    "add-agent",
    "POST",
    "/agents",
    takes=additions.AgentIn,
    answers=results.Agent,
    shows=_agent,
    refuses={404: []},
)
def add_agent(world: World, fields: Mapping[str, Any]) -> Agent:
    """Let a phone take the calls of queues.

    Raises:
        InvalidError: it is no phone of the client, or the name is taken.
        NotFoundError: there is no such client.
    """
    return provisioning.add(world, "agents", Agent, fields)


def _did(world: World, one: Did) -> results.Did:
    return _of(results.Did, one)


@command(
    "add-did",
    "POST",
    "/dids",
    takes=additions.DidIn,
    answers=results.Did,
    shows=_did,
    refuses={404: []},
)
def add_did(world: World, fields: Mapping[str, Any]) -> Did:
    """Add a public number that leads to an extension.

    Raises:
        InvalidError: what it leads to is not there, or the number is taken.
        NotFoundError: there is no such client.
    """
    item = {"create_date": stamp(world.now()), **fields}
    return provisioning.add(world, "dids", Did, item)
