"""A test's own mistake is shown by the test's own line."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from ..core.errors import RefusalError

_PACKAGE = str(Path(__file__).parent.parent)
#: Where what a test gives is looked at.
_LOOKED_AT = ("testing/verification/", "testing/settings.py", "web/catalog.py")
#: What stands between two lines of ours.
_BETWEEN = ("contextlib.py", "threading.py")


def shorten(error: BaseException) -> None:
    """The traceback of a refusal ends at the line that asked for what is refused.

    Anything else, such as a fault of mockpbx or of a receiver, keeps its own.
    """
    found = list(_entries(error.__traceback__))
    if not found or not _is_mistake(error, _file(found[-1])):
        return
    own = [one for one in found if not _file(one).startswith((_PACKAGE, "<"))]
    own = [one for one in own if not _file(one).endswith(_BETWEEN)]
    if own:
        own[-1].tb_next = None
        error.__cause__, error.__suppress_context__ = None, True


def _is_mistake(error: BaseException, file: str) -> bool:
    if not file.startswith(_PACKAGE):
        return False
    place = Path(file).relative_to(_PACKAGE).as_posix()
    plain = type(error) in (LookupError, TypeError, ValueError, AttributeError)
    return isinstance(error, RefusalError) or (plain and place.startswith(_LOOKED_AT))


def _file(entry: TracebackType) -> str:
    return entry.tb_frame.f_code.co_filename


def _entries(entry: TracebackType | None) -> list[TracebackType]:
    found = []
    while entry is not None:
        found.append(entry)
        entry = entry.tb_next
    return found
