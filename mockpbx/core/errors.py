"""The kinds of refusal. Each names the facts that it follows; none knows a status code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


class RefusalError(Exception):
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

        Source: GEN-6
        """
        if self._body is not None:
            return self._body
        if self.word is None:
            return {"message": self.message}
        return {"message": self.message, "status": self.word}


class InvalidError(RefusalError, ValueError):
    """A body, a parameter or an argument breaks a rule."""


class TooLargeError(RefusalError):
    """A body is larger than mockpbx reads."""


class UnauthorizedError(RefusalError):
    """The caller did not prove who it is."""


class AccessDeniedError(RefusalError):
    """The caller is known and may not do this."""


class MisdirectedError(RefusalError):
    """The request's Host is no name of this server."""


class NotFoundError(RefusalError, LookupError):
    """What the path, or an argument, names does not exist."""


class ConflictError(RefusalError):
    """The state does not allow this step."""


class RangeNotSatisfiableError(RefusalError):
    """The byte range that was asked for lies beyond the end."""


class LimitReachedError(RefusalError):
    """The caller has used up a limit for now."""


def check_all(*checks: Callable[[], None]) -> None:
    """Run every check and refuse once, with the texts of all that fail.

    Raises:
        InvalidError: naming all that the failed ones refused.

    Source: ERR-9
    """
    failed: list[InvalidError] = []
    for check in checks:
        try:
            check()
        except InvalidError as refusal:
            failed.append(refusal)
    if failed:
        rules = tuple(rule for refusal in failed for rule in refusal.rules)
        raise InvalidError(rules, "; ".join(refusal.message for refusal in failed))


def not_found(reason: str, rule: str = "ERR-6") -> NotFoundError:
    """The refusal of a resource that does not exist.

    Source: ERR-6
    """
    return NotFoundError(rule, "Not found", reason=reason)


def access_denied(reason: str, rule: str = "ERR-2") -> AccessDeniedError:
    """The refusal of somebody else's resource.

    Source: ERR-2
    """
    return AccessDeniedError(rule, "Access denied", word="access_denied", reason=reason)


# The names before 0.2, for one release.
Refusal = RefusalError
Invalid = InvalidError
TooLarge = TooLargeError
Unauthorized = UnauthorizedError
Denied = AccessDeniedError
Missing = NotFoundError
Conflict = ConflictError
Unsatisfiable = RangeNotSatisfiableError
LimitReached = LimitReachedError
