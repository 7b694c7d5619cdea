"""How paths are matched."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.routing import BaseConverter, Rule


class Route(Rule):
    """A rule that learns to build urls when somebody asks it to.

    werkzeug writes and compiles two functions for that as it makes a rule, which nothing here
    uses and which would cost a tenth of the start.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = super()._compile_builder
        return lambda rule, **values: compiled(append_unknown)(rule, **values)


class RecordUuid(BaseConverter):
    """Any part of a path but the words that stand in the place of a record's id.

    Source: REC-7 (observed)
    """

    regex = r"(?!(stats|archive)$)[^/]+"
