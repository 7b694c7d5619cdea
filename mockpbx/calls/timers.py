"""What happens in calls by itself: time-outs, phones that answer by themselves, scripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..core.scheduler import Handler, Job, JobKind
from ..core.world import World
from ..resources.did.model import release
from ..resources.extension.model import Extension
from ..resources.ivr.model import of as ivr_of
from ..resources.record.model import drop_of
from .allowed import state_of
from .call_flow import goes_in_circles, leave_queue, not_taken, pass_on, settle
from .callback import is_announced
from .model import Call, Leg, fresh
from .pickup import dial_destination, take
from .queueing import is_rung, ring_agents, ring_free_agents
from .release import hang_up
from .states import CallState, End, LegState, Status
from .steps import press
from .third_party_control import leave
from .voicemail import close_voicemail


def _on_leg(world: World, job: Job, *states: LegState) -> tuple[Call, Leg] | None:
    leg = world.store.find(Leg, job.subject[0])
    if leg is None or leg.state not in states:
        return None
    return world.store.get(Call, leg.call_id), leg


def ring_timeout(world: World, job: Job) -> dict[str, Any]:
    """End a leg that nobody answered in time.

    Source: SIM-4, PHN-21
    """
    found = _on_leg(world, job, LegState.RINGING, LegState.SCREENING)
    if found is None:
        return {}
    not_taken(world, *found, Status.NOANSWER)
    return _told(world, found)


def pick_up(world: World, job: Job) -> dict[str, Any]:
    """The phone answers by itself, or the script picks it up.

    Source: SIM-6, PHN-39
    """
    found = _on_leg(world, job, LegState.RINGING)
    if found is None:
        return {}
    take(world, *found, by_itself=True)
    return _told(world, found)


def refuse(world: World, job: Job) -> dict[str, Any]:
    """Decline as the script says."""
    found = _on_leg(world, job, LegState.RINGING)
    if found is None:
        return {}
    not_taken(world, *found, Status.BUSY, End.DECLINED)
    return _told(world, found)


def queue_timeout(world: World, job: Job) -> dict[str, Any]:
    """Take the caller out of the queue, at the longest wait that the queue allows.

    Source: SIM-12, QUE-1
    """
    found = _on_leg(world, job, LegState.RINGING)
    if found is None or found[1].bridged:
        return {}
    leave_queue(world, *found, Status.NOANSWER)
    return _told(world, found)


def no_agent_timeout(world: World, job: Job) -> dict[str, Any]:
    """The caller waited as long as the queue lets it while nobody is there to answer.

    Source: SIM-12, QUE-1
    """
    found = _on_leg(world, job, LegState.RINGING)
    if found is None or found[1].alone_job != job.number:
        return {}
    return queue_timeout(world, job)


def look_again(world: World, job: Job) -> dict[str, Any]:
    """The queue rings agents again who were all rung before, or gives up after very many times.

    Source: SIM-12, SIM-11
    """
    found = _on_leg(world, job, LegState.RINGING)
    if found is None or found[1].job != job.number:
        return {}
    call, leg = found
    waiting = world.store.put(replace(leg, job=None))
    if not waiting.bridged and not is_rung(world, waiting):
        if goes_in_circles(world, call):
            leave_queue(world, call, waiting, Status.CONGESTION)
            return _told(world, found)
        ring_agents(world, call, waiting, again=True)
        return _told(world, found)
    return {}


def agents_free(world: World, job: Job) -> dict[str, Any]:
    """Agents of the client may have become free, or none be there any more.

    Source: SIM-12
    """
    rung = ring_free_agents(world, job.subject[0])
    return {"calls": rung} if rung else {}


def menu_timeout(world: World, job: Job) -> dict[str, Any]:
    """Do what the menu says for a caller who pressed no key in time.

    Source: IVR-1
    """
    found = _on_leg(world, job, LegState.RINGING)
    if found is None or state_of(world, found[0]) is not CallState.MENU:
        return {}
    call, leg = found
    settings = ivr_of(world, world.store.get(Extension, leg.extension_id))
    if settings.lifetime_exp_action == "transfer" and settings.lifetime_exp_transfer_dst:
        pass_on(world, call, leg, settings.lifetime_exp_transfer_dst)
    else:
        settle(world, call, Status.NOANSWER, leg)
    return _told(world, found)


def script_hang_up(world: World, job: Job) -> dict[str, Any]:
    """Hang up as the script says."""
    call = world.store.find(Call, job.subject[0])
    if call is None or call.ended_at is not None:
        return {}
    hang_up(world, call)
    return {"call": call.hex, "state": CallState.FINISHED.value}


def script_press(world: World, job: Job) -> dict[str, Any]:
    """The script, or a callback, presses a key in the menu; a callback also where somebody talks.

    Source: CBK-6
    """
    call = world.store.find(Call, job.subject[0])
    if call is None:
        return {}
    state = state_of(world, call)
    hears = state is CallState.ANSWERED and call.greeted
    if state is not CallState.MENU and not hears:
        return {}
    press(world, call, job.subject[1])
    return {"call": call.hex, "state": state_of(world, fresh(world, call)).value}


def dial(world: World, job: Job) -> dict[str, Any]:
    """The callback's sound was heard to its end: the other number is dialled.

    Source: CBK-5
    """
    call = world.store.find(Call, job.subject[0])
    if call is None or not is_announced(world, call):
        return {}
    dial_destination(world, call)
    return {"call": call.hex, "state": state_of(world, fresh(world, call)).value}


def voicemail_end(world: World, job: Job) -> dict[str, Any]:
    """End the voicemail's message at its longest."""
    call = world.store.find(Call, job.subject[0])
    if call is None or call.voicemail_of is None:
        return {}
    close_voicemail(world, call)
    return {"call": call.hex, "state": CallState.FINISHED.value}


def leave_calls(world: World, extension_id: int) -> None:
    """An extension goes: its calls go on without it or end, and no number leads to it.

    Source: EXT-7, DID-1
    """
    extension = world.store.get(Extension, extension_id)
    leave(world, extension)
    drop_of(world, extension)
    release(world, extension)


def _told(world: World, found: tuple[Call, Leg]) -> dict[str, Any]:
    call, leg = found
    return {
        "call": call.hex,
        "extension": leg.extension_id,
        "state": state_of(world, fresh(world, call)).value,
    }


#: Who does which job.
HANDLERS: Mapping[JobKind, Handler] = {
    JobKind.RING_TIMEOUT: ring_timeout,
    JobKind.PICK_UP: pick_up,
    JobKind.REFUSE: refuse,
    JobKind.QUEUE_TIMEOUT: queue_timeout,
    JobKind.NO_AGENT_TIMEOUT: no_agent_timeout,
    JobKind.LOOK_AGAIN: look_again,
    JobKind.AGENTS_FREE: agents_free,
    JobKind.MENU_TIMEOUT: menu_timeout,
    JobKind.HANG_UP: script_hang_up,
    JobKind.PRESS: script_press,
    JobKind.DIAL: dial,
    JobKind.VOICEMAIL_END: voicemail_end,
}
