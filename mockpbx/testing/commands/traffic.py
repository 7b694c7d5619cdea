"""What went through a PBX: requests, deliveries, notes, coverage, and faults on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from ...calls.mail import Mail
from ...core import masking
from ...core.clock import parse_moment
from ...core.errors import InvalidError, NotFoundError
from ...core.faults import EVERY, Fault
from ...core.ids import parse_id
from ...core.log import Log
from ...core.world import World
from ...webhooks import outbox
from ...webhooks.delivery import Attempt, Delivery
from ...webhooks.sample import send_sample
from .. import results
from ..command import command
from ..schema import FaultIn, FaultsIn, Listed, VerifyIn
from ..verification import requests as verification
from ..verification.count import Count
from ..verification.expectation import Expectation, Matcher


def delivery(one: Delivery) -> results.Delivery:
    """The delivery as it stands."""
    attempts = tuple(map(_attempt, tuple(one.attempts)))
    last = attempts[-1] if attempts else None
    return results.Delivery(
        id=one.id,
        at=one.at,
        subscription_id=one.subscription_id,
        extension_id=one.extension_id,
        event_type=one.event_type,
        method=one.request.method,
        url=one.request.url,
        headers=dict(one.request.headers),
        body=one.request.body.decode("ascii"),
        data=dict(one.data),
        sent=one.sent,
        status=None if last is None else last.status,
        ok=last is not None and last.ok,
        outcome=_outcome(last),
        answer=b"" if last is None else last.answer,
        error=None if last is None else last.error,
        attempts=attempts,
    )


def _attempt(tried: Attempt) -> results.Attempt:
    return results.Attempt(
        at=tried.at,
        status=tried.outcome.status,
        answer=tried.outcome.answer,
        duration_us=tried.outcome.duration_us,
        error=tried.outcome.error,
    )


def _outcome(last: results.Attempt | None) -> str:
    if last is None:
        return "waiting"
    if last.status is None:
        return "failed"
    return "taken" if last.ok else "refused"


def request(one: Any) -> results.Request:
    """The request, of its entry in the journal."""
    return results.Request(
        number=one.number,
        at=one.at,
        method=one.method,
        path=one.path,
        query=one.query,
        headers=dict(one.headers),
        body=one.body,
        label=one.label,
        status=one.status,
        answer=one.answer,
        duration_us=one.duration_us,
        rules=one.rules,
        basis=one.basis or None,
        reason=one.reason or None,
        notes=tuple(rule for rule, _ in one.remarks),
        fault=str(one.fault) if one.fault else None,
    )


def without_secrets(found: results.Requests) -> results.Requests:
    """The requests as anybody may see them."""
    return replace(found, requests=tuple(map(_without_secrets, found.requests)))


def _without_secrets(one: results.Request) -> results.Request:
    headers = {name: masking.header(name, value) for name, value in one.headers.items()}
    return replace(
        one,
        path=masking.text(one.path),
        query=masking.text(one.query),
        headers=headers,
        body=masking.raw(one.body),
        answer=masking.raw(one.answer),
    )


@command(
    "requests",
    "GET",
    "/requests",
    takes=Listed,
    answers=results.Requests,
    masks=without_secrets,
)
def requests(world: World, fields: Mapping[str, Any]) -> results.Requests:
    """List the requests to the mocked API, the oldest first."""
    found = _page(fields, world.journal, lambda one: one.number)
    return results.Requests(tuple(map(request, found)), world.journal.dropped)


def _page(fields: Mapping[str, Any], log: Log[Any], number: Callable[[Any], int]) -> list[Any]:
    """The entries that are asked for."""
    after = fields.get("after", 0)
    return list(islice((one for one in log if number(one) > after), fields.get("limit")))


@command("clear-requests", "DELETE", "/requests")
def clear_requests(world: World) -> None:
    """Forget the requests."""
    world.journal.clear()


@command(
    "verify",
    "POST",
    "/requests/verify",
    status=200,
    takes=VerifyIn,
    answers=results.Verdict,
    changes=False,
    waits=True,
    refuses={404: [], 429: []},
)
def verify(world: World, catalog: Any, fields: Mapping[str, Any]) -> results.Verdict:
    """Say whether a request came as often as it should, waiting for it if asked to.

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
        matcher = Matcher(Expectation(fields["method"], fields["path"], **asked), catalog)
    except LookupError as error:
        raise NotFoundError((), str(error)) from error
    except (TypeError, ValueError) as error:
        raise InvalidError((), str(error)) from error
    found = verification.verify(world.journal, matcher, count, fields["within"])
    near = (results.Near(one.number, tuple(texts)) for one, texts in found.nearest)
    numbers = tuple(one.number for one in found.matched)
    return results.Verdict(found.verified, numbers, found.failure or None, tuple(near))


@command("deliveries", "GET", "/deliveries", takes=Listed, answers=results.Deliveries)
def deliveries(world: World, fields: Mapping[str, Any]) -> results.Deliveries:
    """List the events that were sent, the oldest first, each with its attempts."""
    found = _page(fields, world.deliveries, lambda one: one.id)
    return results.Deliveries(tuple(map(delivery, found)), world.deliveries.dropped)


@command(
    "replay",
    "POST",
    "/deliveries/<id>/replay",
    answers=results.Delivery,
    changes=False,
    refuses={404: []},
)
def replay(world: World, id: str) -> results.Delivery:
    """Send a delivery once more, under a number of its own, and say what came of it.

    Raises:
        NotFoundError: there is none of that number, or it is too long ago.
    """
    with world.change():
        found = next((one for one in world.deliveries if str(one.id) == id), None)
        if found is None:
            raise NotFoundError((), f"there is no delivery {id[:40]}")
        again = outbox.replay(world, found)
    return delivery(again)


@command(
    "test-subscription",
    "POST",
    "/subscriptions/<id>/test",
    answers=results.Delivery,
    changes=False,
    refuses={404: [], 409: []},
)
def test_subscription(world: World, id: str) -> results.Delivery:
    """Send a sample event now, and say what the receiver said.

    Raises:
        NotFoundError: there is no such subscription, or no phone that it could be about.
        ConflictError: a sample for it is under way.
    """
    with world.change():
        sent = send_sample(world, parse_id(id) or 0)
    return delivery(sent)


def _fault(rule: Fault) -> results.FaultState:
    return results.FaultState(
        id=rule.number,
        operation=rule.operation,
        status=rule.status,
        drop=rule.drop,
        reset=rule.reset,
        malformed=rule.malformed,
        latency=rule.latency,
        times=rule.times,
        probability=rule.probability,
        seed=rule.seed,
        body=rule.body,
        headers=rule.headers,
        fired=rule.fired,
        left=rule.left,
    )


@command("faults", "GET", "/faults", answers=results.FaultList)
def faults(world: World) -> results.FaultList:
    """List the rules by which requests go wrong."""
    return results.FaultList(tuple(map(_fault, world.faults)))


@command(
    "add-fault", "POST", "/faults", takes=FaultIn, answers=results.FaultState, refuses={404: []}
)
def add_fault(world: World, catalog: Any, fields: Mapping[str, Any]) -> results.FaultState:
    """Add a rule after the others, which go on as they were.

    Raises:
        NotFoundError: its operation is none of the documentation; the nearest is named.
        InvalidError: it could never happen.
    """
    return _fault(world.faults.add(_rule(catalog, fields)))


@command(
    "set-faults", "PUT", "/faults", takes=FaultsIn, answers=results.FaultList, refuses={404: []}
)
def set_faults(world: World, catalog: Any, fields: Mapping[str, Any]) -> results.FaultList:
    """Set the rules by which requests go wrong, in place of those that were.

    Raises:
        NotFoundError: an operation is none of the documentation; the nearest is named.
        InvalidError: a rule could never happen; none of them counts then.
    """
    given = enumerate(fields["faults"])
    world.faults.replace([_rule(catalog, one, f"faults[{number}].") for number, one in given])
    return results.FaultList(tuple(map(_fault, world.faults)))


@command("clear-faults", "DELETE", "/faults")
def clear_faults(world: World) -> None:
    """Let nothing go wrong any more."""
    world.faults.clear()


def _rule(catalog: Any, fields: Mapping[str, Any], place: str = "") -> Fault:
    try:
        rule = Fault(**fields)
        if rule.operation != EVERY:
            rule.label = catalog.one(rule.operation).label
    except LookupError as error:
        raise NotFoundError((), f"{place}operation: {error}") from error
    except ValueError as error:
        raise InvalidError((), f"{place}{error}") from error
    return rule


@command("mails", "GET", "/mails", answers=results.MailList)
def mails(world: World) -> results.MailList:
    """List the mails about messages on voicemails; they are never sent."""
    return results.MailList(tuple(map(_mail, world.mails)), world.mails.dropped)


def _mail(one: Mail) -> results.Mail:
    source = one.message().as_string()
    return results.Mail(one.at, one.sender, one.to, one.subject, one.text, one.file_name, source)


@command("coverage", "GET", "/coverage", answers=results.Coverage)
def coverage(world: World, catalog: Any) -> results.Coverage:
    """Say which operations and statuses were exercised, out of those documented."""
    return results.Coverage.from_json(catalog.coverage(world.exercised))


@command("notes", "GET", "/notes", answers=results.NoteList)
def notes(world: World) -> results.NoteList:
    """List the habits that a real operator may punish."""
    return results.NoteList(tuple(_note(one) for one in world.notes))


def _note(one: Mapping[str, Any]) -> results.Note:
    first, last = parse_moment(one["first_at"]), parse_moment(one["last_at"])
    return results.Note(**{**one, "first_at": first, "last_at": last})
