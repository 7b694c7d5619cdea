"""How tests of resources make calls, and see what was sent of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockpbx.calls import steps
from mockpbx.calls.allowed import state_of
from mockpbx.calls.model import Call
from mockpbx.core.accounts import Client
from mockpbx.resources.extension.model import Extension
from tests.conftest import Caller

#: Whoever calls from outside.
OUTSIDE = "+79161112233"
#: Where the receivers of these tests are.
CRM = "http://crm.example.com"


class Line:
    """The telephone side of a caller's world; everything sent to `CRM` is taken with a 200."""

    def __init__(self, caller: Caller, client: int = 2566) -> None:
        self.world = caller.world
        self.client = client
        courier: Any = self.world.courier
        courier.transport.deliver_to(CRM, lambda request: (200, b""))

    def extension(self, number: str) -> Extension:
        """The client's extension with that number."""
        prefix = self.world.store.get(Client, self.client).prefix
        found = self.world.store.named(Extension, f"{prefix}*{number}")
        assert found is not None
        return found

    def incoming(self, to: str, **options: Any) -> Call:
        """Somebody outside calls."""
        client = self.world.store.get(Client, self.client)
        with self.world.change():
            return steps.incoming(self.world, client, OUTSIDE, to, **options)

    def outgoing(self, number: str, to: str) -> Call:
        """An extension calls somebody outside."""
        with self.world.change():
            return steps.outgoing(self.world, self.extension(number), to)

    def internal(self, number: str, to: str) -> Call:
        """An extension calls another."""
        with self.world.change():
            return steps.internal(self.world, self.extension(number), to)

    def call(self, api_id: str) -> Call:
        """The call with that CallAPIID."""
        return next(call for call in self.world.store.all(Call) if call.api_id == api_id)

    def step(self, name: str, call: Call, *given: Any) -> Call:
        """That step is made in the call as it is now; answers how it is then."""
        do: Callable[..., Call] = getattr(steps, name)
        with self.world.change():
            return do(self.world, self.now(call), *given)

    def now(self, call: Call) -> Call:
        """The call as it is now."""
        return self.world.store.get(Call, call.id)

    def state(self, call: Call) -> str:
        """What the call waits for."""
        return state_of(self.world, self.now(call)).value

    def sent(self, *names: str) -> list[Any]:
        """What was sent, oldest first: those parameters of each event, or its type alone."""
        wanted = names or ("EventType",)
        found = [
            tuple(dict(one.data).get(name) for name in wanted) for one in self.world.deliveries
        ]
        return found if names[1:] else [values[0] for values in found]
