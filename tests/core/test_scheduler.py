"""Work that is due at a moment."""

from __future__ import annotations

from datetime import timedelta

from mockpbx.core.scheduler import FORGOTTEN_MOST, JobKind, Scheduler

SECOND = timedelta(seconds=1)


def test_jobs_come_in_the_order_in_which_they_are_due() -> None:
    """The earliest comes first, and of two at one moment the one that was planned first."""
    scheduler = Scheduler()
    kinds = [JobKind.PRESS, JobKind.HANG_UP, JobKind.PICK_UP]
    for seconds, kind in ((3, kinds[2]), (1, kinds[0]), (1, kinds[1])):
        scheduler.add(seconds * SECOND, kind)
    assert [scheduler.pop().kind for _ in range(3)] == kinds


def test_a_forgotten_job_is_not_due() -> None:
    """What is forgotten is passed over, and nothing else of its kind or subject is."""
    scheduler = Scheduler()
    scheduler.add(1 * SECOND, JobKind.RING_TIMEOUT, 1)
    scheduler.add(2 * SECOND, JobKind.RING_TIMEOUT, 2)
    scheduler.add(3 * SECOND, JobKind.PRESS, 1)
    scheduler.forget([JobKind.RING_TIMEOUT], 1)
    assert scheduler.next_at == 2 * SECOND
    assert [(scheduler.pop().kind, scheduler.next_at) for _ in range(2)] == [
        (JobKind.RING_TIMEOUT, 3 * SECOND),
        (JobKind.PRESS, None),
    ]


def test_forgotten_jobs_are_swept_out() -> None:
    """However many jobs are planned and forgotten, few of them are kept."""
    scheduler = Scheduler()
    for number in range(5 * FORGOTTEN_MOST):
        scheduler.add(number * SECOND, JobKind.RING_TIMEOUT, number)
        scheduler.forget([JobKind.RING_TIMEOUT], number)
    assert len(scheduler.copy()._heap) <= FORGOTTEN_MOST + 1
    assert scheduler.next_at is None


def test_a_copy_goes_its_own_way() -> None:
    """Forgetting in a copy leaves the jobs of the first."""
    scheduler = Scheduler()
    scheduler.add(1 * SECOND, JobKind.RING_TIMEOUT, 1)
    twin = scheduler.copy()
    twin.forget([JobKind.RING_TIMEOUT], 1)
    assert (twin.next_at, scheduler.next_at) == (None, 1 * SECOND)
