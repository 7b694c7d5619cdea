"""Whether a world saw the requests that it should have seen."""

from __future__ import annotations

from dataclasses import dataclass

from ...core import masking
from ..invoker import History
from . import story
from .count import Count, times_in_words
from .expectation import Matcher, Seen

#: Requests that a failure shows.
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a verification; `failure` says why it failed."""

    verified: bool
    matched: list[Seen]
    failure: str
    nearest: list[tuple[Seen, list[str]]]


def verify(journal: History[Seen], matcher: Matcher, count: Count, within_s: float = 0) -> Verdict:
    """Whether the requests are there, or come within so many seconds of real time.

    A request that comes too often fails at once; whether one stays away is known when the time
    is over.
    """

    def matched() -> list[Seen]:
        return [one for one in journal if matcher.matches(one)]

    if within_s > 0:
        wanted = count.fewest + (1 if count.times is not None and count.fewest == 0 else 0)
        journal.wait_for(lambda: len(matched()) >= wanted, within_s)
    found = matched()
    if count.holds(len(found)):
        return Verdict(True, found, "", [])
    nearest = _nearest(journal, matcher) if len(found) < count.fewest else []
    return Verdict(False, found, _failure(journal, matcher, count, found, nearest), nearest)


def _nearest(journal: History[Seen], matcher: Matcher) -> list[tuple[Seen, list[str]]]:
    """The requests that differ least, those of the right path first."""
    ranked = []
    for one in journal:
        differences = list(matcher.differences(one))
        if differences:
            if not matcher.is_path(one):
                del differences[1:]  # another request altogether
            far = (not matcher.is_path(one), not matcher.is_meant(one), len(differences))
            ranked.append((far, -one.number, one, differences))
    ranked.sort(key=lambda entry: entry[:2])
    return [(one, differences) for _, _, one, differences in ranked[:SHOWN]]


def _failure(
    journal: History[Seen],
    matcher: Matcher,
    count: Count,
    found: list[Seen],
    nearest: list[tuple[Seen, list[str]]],
) -> str:
    expected = matcher.expectation
    seen = len(journal)
    lines = [f"{expected} was requested {times_in_words(len(found))}, not {count}"]
    lines += [f"  with {name}: {value}" for name, value in expected.asked()]
    if found:
        lines.append("Requested:")
        for one in found:
            lines += _shown(one, [])
    if nearest:
        lines.append(f"The nearest of {seen} request{'s' if seen != 1 else ''}:")
        for one, differences in nearest:
            lines += _shown(one, differences)
    elif not seen:
        lines.append("There was no request at all.")
    if journal.dropped:
        lines.append(
            f"The first {journal.dropped} requests are forgotten (journal_limit, journal_bytes)."
        )
    return "\n".join(lines)


def _shown(exchange: Seen, differences: list[str]) -> list[str]:
    lines = [f"  #{exchange.number} {story.request_line(exchange)}"]
    lines += [f"     {text}" for text in differences]
    if exchange.body:
        lines.append(f"     body: {masking.body(exchange.body)}")
    return lines
