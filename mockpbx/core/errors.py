"""The few kinds of refusal. Each names the rules it follows; none knows a status code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


class Refusal(Exception):
    """A request breaks a rule; nothing was changed.

    `rules` are the ids of the broken rules, `message` is what the vendor would say, `word` the
    vendor's `status` word where one is documented, `reason` what the tester should know beyond
    it, and `body` replaces the vendor's usual body where a page documents another one.
    """

    def __init__(
        self,
        rule: str | tuple[str, ...],
        message: str,
        *,
        word: str | None = None,
        reason: str | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.rules = (rule,) if isinstance(rule, str) else tuple(dict.fromkeys(rule))
        self.message = message
        self.word = word
        self.reason = reason or message
        self._body = body

    @property
    def body(self) -> Mapping[str, Any]:
        """The JSON object that the vendor answers.

        Source: GEN-6 (doc, observed)
        """
        if self._body is not None:
            return self._body
        if self.word is None:
            return {"message": self.message}
        return {"message": self.message, "status": self.word}


class Invalid(Refusal):
    """A body or a parameter breaks a documented rule."""


class TooLarge(Refusal):
    """A body is larger than mockpbx reads."""


class Unauthorized(Refusal):
    """The caller did not prove who it is."""


class Denied(Refusal):
    """The caller is known and may not do this."""


class Missing(Refusal):
    """What the path names does not exist."""


class Conflict(Refusal):
    """The state does not allow this step."""


class Unsatisfiable(Refusal):
    """The part that was asked for lies beyond the end."""


class LimitReached(Refusal):
    """The caller used up what it may use for now."""


def check_all(*checks: Callable[[], None]) -> None:
    """Every check passed.

    Raises:
        Invalid: naming all that the failed ones refused.

    Source: ERR-9 (assumed)
    """
    failed: list[Invalid] = []
    for check in checks:
        try:
            check()
        except Invalid as refusal:
            failed.append(refusal)
    if failed:
        rules = tuple(rule for refusal in failed for rule in refusal.rules)
        raise Invalid(rules, "; ".join(refusal.message for refusal in failed))


def not_found(reason: str, rule: str = "ERR-6") -> Missing:
    """The refusal of a resource that does not exist.

    Source: ERR-6 (doc, observed)
    """
    return Missing(rule, "Not found", reason=reason)


def access_denied(reason: str, rule: str = "ERR-2") -> Denied:
    """The refusal of somebody else's resource.

    Source: ERR-2 (doc)
    """
    return Denied(rule, "Access denied", word="access_denied", reason=reason)
