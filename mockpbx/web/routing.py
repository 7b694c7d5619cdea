"""How paths are matched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from flask import Flask, Request
from werkzeug.routing import BaseConverter, Map, MapAdapter, Rule

from ..core.path import PathParameter

#: How many paths an application remembers the way of, and how long those may be.
KEPT_PATHS = 512
KEPT_PATH_LENGTH = 200


class Application(Flask):
    """A Flask whose views are plain functions, found by method and path alone."""

    def __init__(self, name: str) -> None:
        super().__init__(name, static_folder=None, template_folder=None)
        self.url_rule_class = Route
        self.url_map.converters[Excluding.NAME] = Excluding
        self._kept = lru_cache(KEPT_PATHS)(self._match)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is: no request looks whether it is a coroutine's."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Where the request leads, whatever host it asks for and whatever else it would speak."""
        return None if request is None else _Way(self.url_map, request, self._kept)

    def _match(self, method: str, path: str) -> tuple[Rule, Mapping[str, Any]]:
        return self.url_map.bind("", path_info=path).match(method=method, return_rule=True)


class _Way(MapAdapter):
    """Where one request leads; of two that ask for the same path only the first is matched."""

    def __init__(self, url_map: Map, request: Request, kept: Callable[[str, str], Any]) -> None:
        host = request.environ.get("HTTP_HOST", "")  # of urls that are built
        super().__init__(
            url_map, host, request.root_path, "", request.scheme, request.path, request.method
        )
        self._kept = kept

    def match(self, *asked: Any, **options: Any) -> Any:
        """Rule or endpoint, and the parts of the path that the rule names.

        Raises:
            HTTPException: the path leads nowhere, or not with that method.
        """
        if asked or options != {"return_rule": True} or len(self.path_info) > KEPT_PATH_LENGTH:
            return super().match(*asked, **options)
        rule, parts = self._kept(self.default_method, self.path_info)
        return rule, dict(parts)


class Route(Rule):
    """A rule that learns to build urls when somebody asks it to.

    werkzeug writes and compiles two functions for that as it makes a rule, which nothing here
    uses and which would cost a tenth of the start.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = super()._compile_builder
        return lambda rule, **values: compiled(append_unknown)(rule, **values)


class Excluding(BaseConverter):
    """Any part of a path but the words that are paths of their own in its place."""

    NAME = "excluding"

    def __init__(self, url_map: Map, *words: str) -> None:
        super().__init__(url_map)
        self.regex = rf"(?!({'|'.join(words)})$)[^/]+"


def converted(path: str, parameters: Iterable[PathParameter]) -> str:
    """The path for Flask: each parameter that excludes words has the converter for it."""
    for one in parameters:
        if one.excluded:
            converter = f"{Excluding.NAME}({', '.join(map(repr, one.excluded))})"
            path = path.replace(f"<{one.name}>", f"<{converter}:{one.name}>")
    return path


def documented(path: str, parameters: Iterable[PathParameter]) -> str:
    """The path as the documentation writes it: `{name}` for each parameter."""
    for one in parameters:
        path = path.replace(f"<{one.name}>", f"{{{one.documented}}}")
    return path
