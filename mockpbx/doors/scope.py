"""What is entered with `with` and can decorate functions of both kinds."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from types import TracebackType

F = TypeVar("F", bound=Callable[..., Any])


class Scope:
    """A context manager that also decorates: the function runs inside it."""

    def __enter__(self) -> Any:
        raise NotImplementedError

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        raise NotImplementedError

    def __call__(self, function: F) -> F:
        """The function, which runs inside this."""
        return decorated(function, lambda: self)


def decorated(function: F, scope: Callable[[], Any], argument: str | None = None) -> F:
    """The function, each call of which is inside a scope of its own.

    When it has a parameter of the name `argument` it is given what the scope's `with` gives.

    Raises:
        TypeError: it is no function, but a class or a generator.
    """
    generator = inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function)
    if generator or not inspect.isroutine(function):
        raise TypeError(f"{function!r} is no function that can be decorated; use `with` in it")
    signature = inspect.signature(function)
    takes = argument is not None and argument in signature.parameters

    def given(found: Any) -> dict[str, Any]:
        return {str(argument): found} if takes else {}

    if inspect.iscoroutinefunction(function):

        @wraps(function)
        async def run_async(*args: Any, **options: Any) -> Any:
            with scope() as found:
                return await function(*args, **options, **given(found))

        run: Any = run_async
    else:

        @wraps(function)
        def run_sync(*args: Any, **options: Any) -> Any:
            with scope() as found:
                return function(*args, **options, **given(found))

        run = run_sync
    if takes:
        # pytest looks for a fixture for each parameter that it sees.
        kept = [one for name, one in signature.parameters.items() if name != argument]
        run.__signature__ = signature.replace(parameters=kept)
    return cast("F", run)
