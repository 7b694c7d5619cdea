"""Who does a world's jobs and answers its hooks."""

from __future__ import annotations

import ast
from inspect import isfunction, signature
from pathlib import Path

import pytest

import mockpbx
from mockpbx import Config, World
from mockpbx.core.hooks import Hooks, NoHooks
from mockpbx.core.scheduler import JobKind
from mockpbx.core.world import Start
from mockpbx.resources.agent.model import Agent, AgentStatus, set_status
from mockpbx.resources.extension.model import Extension, delete, named
from mockpbx.worlds import read
from mockpbx.worlds.start import PBXHooks

#: The methods of the protocol, with what they are called with.
HOOKS = {
    name: signature(method)
    for name, method in vars(Hooks).items()
    if isfunction(method) and not name.startswith("_")
}


def methods(implementation: type) -> dict[str, object]:
    """What the class itself defines."""
    return {name: signature(one) for name, one in vars(implementation).items() if isfunction(one)}


@pytest.mark.parametrize("implementation", [PBXHooks, NoHooks])
def test_every_hook_is_answered(implementation: type) -> None:
    """Both implementations have each hook, called with the same, and nothing else."""
    assert methods(implementation) == HOOKS


def test_every_hook_is_called() -> None:
    """The package calls each hook of the protocol and no other."""
    called = {
        node.func.attr
        for path in Path(mockpbx.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if ast.unparse(node.func.value) in ("world.hooks", "self.hooks")
    }
    assert called == set(HOOKS)


def test_worlds_that_are_read_have_hooks() -> None:
    """A world that is read has its calls and webhooks above it."""
    assert type(World(read("empty"), Config()).hooks) is PBXHooks


def test_a_world_that_is_only_looked_at_does_nothing() -> None:
    """Without hooks a change of records is just that: nobody is rung, told or taken out."""
    start = read("office")
    world = World(Start("bare", start.kinds, start.base), Config())
    phone = named(world, "104")
    with world.change():
        agent = set_status(world, world.store.get(Agent, 2), AgentStatus.LOGGED_OUT)
        delete(world, phone)
    assert world.store.get(Agent, 2) == agent
    assert world.store.find(Extension, phone.id) is None
    assert world.scheduler.next_at is None


def test_every_kind_of_job_is_done() -> None:
    """Somebody does each kind of job in a world that is read."""
    assert set(read("empty").handlers) == set(JobKind)
