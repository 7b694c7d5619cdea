"""One test under each documented reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..readings import choices
from ..worlds import WorldError, names, read
from . import settings


def spread(metafunc: pytest.Metafunc) -> None:
    """Run the test under the default readings and then under each other value of one of them.

    What the marker cannot mean, and a world file that is broken, is an error of the collection.
    """
    uses = {"mockpbx", "make_mockpbx"} & set(metafunc.fixturenames)
    try:
        marks = settings.marked(metafunc.definition)
        world = marks.get("world")
        if isinstance(world, (str, Path)) and str(world) not in names():
            read(world)
    except (ValueError, WorldError) as error:
        text = f"{metafunc.definition.nodeid}: {error}"
        raise pytest.fail.Exception(text, pytrace=False) from None
    if marks.get("readings") != "all":
        return
    if not uses:
        pytest.fail(
            f"{metafunc.definition.nodeid}: readings='all' is for tests that use the fixture "
            "mockpbx",
            pytrace=False,
        )
    others = [(name, value) for name, values in choices().items() for value in values[1:]]
    metafunc.parametrize(
        "_mockpbx_reading",
        [{}, *({name: value} for name, value in others)],
        ids=["default", *(f"{name}={value}" for name, value in others)],
        indirect=True,
    )
