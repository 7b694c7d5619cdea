"""Requests that wait for something to happen: a server has a thread for only so many at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Semaphore
from typing import TYPE_CHECKING

from ..core.errors import LimitReachedError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

#: Under this name a server gives the places of those that wait; in process there is no bound.
PLACES = "mockpbx.places"


def take(environ: WSGIEnvironment) -> None:
    """Take one of the places for waiting requests, until `leave`.

    Raises:
        LimitReachedError: as many wait as may.
    """
    places: Semaphore | None = environ.get(PLACES)
    if places is not None and not places.acquire(blocking=False):
        raise LimitReachedError((), "as many requests wait at once as this server lets wait")


def leave(environ: WSGIEnvironment) -> None:
    """Give the place back."""
    places: Semaphore | None = environ.get(PLACES)
    if places is not None:
        places.release()


@contextmanager
def waiting(environ: WSGIEnvironment) -> Iterator[None]:
    """Hold one of the places for waiting requests meanwhile.

    Raises:
        LimitReachedError: as many wait as may.
    """
    take(environ)
    try:
        yield
    finally:
        leave(environ)
