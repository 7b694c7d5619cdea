"""What is imported from `mockpbx`."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

import mockpbx


@pytest.mark.parametrize("name", mockpbx.__all__)
def test_a_public_name(name: str) -> None:
    """Every public name is there, documented, and the one of its own module."""
    found = getattr(mockpbx, name)
    if name != "__version__":
        assert found.__doc__
        assert getattr(importlib.import_module(found.__module__), name) is found


def test_every_exception_is_public() -> None:
    """What a tester may have to catch is imported from `mockpbx`."""
    from mockpbx.core import errors

    own = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, Exception) and kind.__name__ == name
    }
    # These two are answers of the mocked API alone.
    assert own - {"TooLargeError", "RangeNotSatisfiableError"} <= set(mockpbx.__all__)


def test_the_import_is_lazy() -> None:
    """`import mockpbx` imports nothing but itself and what the language has."""
    code = "import sys; a = set(sys.modules); import mockpbx; print(*(set(sys.modules) - a))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {one.partition(".")[0] for one in done.stdout.split()} - sys.stdlib_module_names == {
        "mockpbx"
    }


def test_an_unknown_name() -> None:
    """A name that is not there is an AttributeError that says so."""
    with pytest.raises(AttributeError, match="has no attribute 'Mokpbx'"):
        _ = mockpbx.Mokpbx


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        ("core.errors", "Missing", "NotFoundError"),
        ("core.errors", "Invalid", "InvalidError"),
        ("core.errors", "Conflict", "ConflictError"),
        ("core.errors", "Denied", "AccessDeniedError"),
        ("worlds", "WorldFault", "WorldError"),
        ("server.socket", "ServerFault", "ServerError"),
        ("testing.remote", "RemoteFault", "RemoteError"),
    ],
)
def test_the_names_before(module: str, old: str, new: str) -> None:
    """The names that exceptions had before mean the same ones."""
    home = importlib.import_module(f"mockpbx.{module}")
    assert getattr(home, old) is getattr(home, new)
