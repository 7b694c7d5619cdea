"""What a world plans."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from mockpbx import Config, World
from mockpbx.core.scheduler import Handler, Job, JobKind
from mockpbx.core.store import Base
from mockpbx.core.world import Start

SECOND = timedelta(seconds=1)


def told(world: World, job: Job) -> dict[str, Any]:
    """Says what the job was for."""
    return {"about": job.subject[0]}


def world_with(handlers: Mapping[JobKind, Handler]) -> World:
    """A world without records whose time stands still."""
    return World(Start("small", (), Base({}), handlers), Config(freeze=True))


@pytest.mark.parametrize("kind", ["hang_upp", "hang_up", None])
def test_a_job_of_no_known_kind_is_refused_when_planned(kind: Any) -> None:
    """What is no kind of job is refused at once by its name, and nothing is planned."""
    world = world_with({JobKind.HANG_UP: told})
    with world.change(), pytest.raises(LookupError) as refusal:
        world.schedule(SECOND, kind, 1)
    assert str(refusal.value) == f"nobody does jobs of kind {kind!r} in world small"
    assert world.scheduler.next_at is None


def test_a_job_that_nobody_does_is_refused_when_planned() -> None:
    """A kind without a handler is refused at once by its name, and nothing is planned."""
    world = world_with({JobKind.HANG_UP: told})
    with world.change(), pytest.raises(LookupError) as refusal:
        world.schedule(SECOND, JobKind.PRESS, 1)
    text = "nobody does jobs of kind <JobKind.PRESS: 'press'> in world small"
    assert str(refusal.value) == text
    assert world.scheduler.next_at is None


def test_a_job_that_was_done_is_told_by_its_word() -> None:
    """The report of a job has the plain word of its kind."""
    world = world_with({JobKind.HANG_UP: told})
    with world.change():
        world.schedule(SECOND, JobKind.HANG_UP, 7)
    fired = world.advance(1).fired
    assert repr(fired) == "[{'kind': 'hang_up', 'about': 7}]"
    assert json.dumps(fired) == '[{"kind": "hang_up", "about": 7}]'


def test_jobs_outlive_a_restore_and_a_fork() -> None:
    """A job that was planned before a snapshot comes due after its restore, and in a fork."""
    world = world_with({JobKind.HANG_UP: told})
    with world.change():
        world.schedule(SECOND, JobKind.HANG_UP, 7)
    snapshot, twin = world.snapshot(), world.fork()
    done = [{"kind": "hang_up", "about": 7}]
    assert world.advance(1).fired == done
    world.restore(snapshot)
    assert (world.advance(1).fired, twin.advance(1).fired) == (done, done)
