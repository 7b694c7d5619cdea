"""What a tester can do with a PBX: one class, whoever has its commands done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import TracebackType
from typing import Any, TypeVar

from ..core.errors import InvalidError
from ..readings import choices
from ..web.prefix import API
from ..web.schema import plain
from .call import Call, CallList
from .clock import Clock
from .command import Command
from .commands import additions, calls, state, time, traffic, worlds
from .fault_rules import FaultRules
from .invoker import NOTHING, Invoker
from .results import (
    Agent,
    Coverage,
    Delivery,
    Did,
    Extension,
    Group,
    Mail,
    NewApplication,
    Note,
    Registration,
    Request,
    Snapshot,
    User,
    WorldEntry,
)
from .settings import Settings
from .verification import deliveries, story
from .verification.asking import check_seconds, verify
from .verification.count import Count
from .verification.requests import Verdict as Verified

T = TypeVar("T")
P = TypeVar("P", bound="PBX")


class PBX:
    """A mocked PBX, in this process (`MockPBX`) or on a server elsewhere (`RemotePBX`)."""

    def __init__(self, invoker: Invoker) -> None:
        self._invoker = invoker

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        raise NotImplementedError

    @property
    def api_url(self) -> str:
        """Where its REST API answers."""
        return self.url + API

    @property
    def app_id(self) -> str:
        """The client_id of the world's first trusted application."""
        return self._ask(state.application).client_id

    @property
    def app_secret(self) -> str:
        """Its client_secret."""
        return self._ask(state.application).client_secret

    def token(self) -> str:
        """A new bearer token of that application."""
        return self._ask(state.token).access_token

    def expire_tokens(
        self, application: str | None = None, *, user: int | str | None = None
    ) -> int:
        """The access tokens that are valid now have expired; answers how many.

        All of them, or those of the application with that client_id, or of the user with that
        login or id. Refresh tokens stay.

        Raises:
            NotFoundError: there is no such application or user.
        """
        fields = {"application": application, "user": user}
        return self._ask(state.expire_tokens, fields).expired

    @property
    def clock(self) -> Clock:
        """The time of the PBX."""
        return Clock(self._invoker)

    def register(
        self,
        extension: int | str,
        *,
        device: str | None = None,
        contact_address: str | None = None,
        real_address: str | None = None,
        expires: int | None = None,
        country: str | None = None,
    ) -> Registration:
        """The extension's phone is online for 3600 seconds or those given.

        Raises:
            NotFoundError: there is no such extension; the nearest is named.
            InvalidError: it is no phone.
            AccessDeniedError: the phone may not register from that country or network.
        """
        fields = {
            "extension": extension,
            "device": device,
            "contact_address": contact_address,
            "real_address": real_address,
            "expires": expires,
            "country": country,
        }
        return self._ask(state.register, fields)  # for 0 seconds there is none

    def unregister(self, extension: int | str) -> None:
        """None of the extension's phones is online any more.

        Raises:
            NotFoundError: there is no such extension; the nearest is named.
            InvalidError: it is no phone.
        """
        self._do(state.register, {"extension": extension, "contact_address": "*", "expires": 0})

    def unregister_all(self) -> None:
        """No phone of the PBX is online any more."""
        self._do(state.unregister_all)

    def extension(self, name_or_id: int | str) -> Extension:
        """The extension with that id, number or whole name.

        Raises:
            NotFoundError: there is none; the nearest is named.
        """
        return self._ask(state.extension, name=_in_path(name_or_id))

    def add_extension(
        self,
        name: str | None = None,
        type: str | None = None,
        *,
        client: int | None = None,
        register: bool | None = None,
        **properties: Any,
    ) -> Extension:
        """The PBX has one more extension, a phone unless another type is given.

        Without a name it gets the first free number. `properties` are those that world files have
        of an extension and of its type: `label="Reception", record_enabled=True` of a phone,
        `agents=["Smirnova"]` of a queue, `menu={"1": "101"}` of an ivr. With `register` the phone
        is online.

        Raises:
            InvalidError: a property is unknown or breaks its rule; each is named.
            NotFoundError: there is no such client.
        """
        fields = {"name": name, "type": type, "client": client, "register": register}
        return self._ask(state.add_extension, {**fields, "properties": properties})

    def add_user(
        self,
        login: str,
        password: str | None = None,
        *,
        client: int | None = None,
        **properties: Any,
    ) -> User:
        """The PBX has one more user; the password is `secret` unless another one is given.

        `properties` are those of world files: `extension="101"` makes it a user of that phone
        alone, `extension_group="Sales"` one of that group.

        Raises:
            InvalidError: a property is unknown or breaks its rule; each is named.
            NotFoundError: there is no such client.
        """
        fields = {"login": login, "password": password, "client": client}
        return self._ask(additions.add_user, {**fields, **properties})

    def add_application(
        self,
        client_id: str,
        client_secret: str | None = None,
        type: str | None = None,
        *,
        user: int | str | None = None,
        client: int | None = None,
        **properties: Any,
    ) -> NewApplication:
        """One more program may log in: trusted, with the secret `secret`, unless said otherwise.

        It is that of the `user` with that login or id, or of the client's first one.

        Raises:
            InvalidError: a property is unknown or breaks its rule; each is named.
            NotFoundError: there is no such client.
        """
        fields = {
            "client_id": client_id,
            "client_secret": client_secret,
            "type": type,
            "user": user,
            "client": client,
        }
        return self._ask(additions.add_application, {**fields, **properties})

    def add_group(self, name: str, *, client: int | None = None, **properties: Any) -> Group:
        """The PBX has one more group of extensions.

        Raises:
            InvalidError: a property is unknown or breaks its rule; each is named.
            NotFoundError: there is no such client.
        """
        return self._ask(additions.add_group, {"name": name, "client": client, **properties})

    def add_agent(
        self, name: str, extension: int | str, *, client: int | None = None, **properties: Any
    ) -> Agent:
        """The phone takes the calls of queues that have that agent.

        Raises:
            InvalidError: it is no phone of the client, or a property breaks its rule.
            NotFoundError: there is no such client.
        """
        fields = {"name": name, "extension": extension, "client": client}
        return self._ask(additions.add_agent, {**fields, **properties})

    def add_did(
        self,
        name: str,
        extension: int | str | None = None,
        *,
        client: int | None = None,
        **properties: Any,
    ) -> Did:
        """The PBX has one more public number, written in digits, that leads to the extension.

        Raises:
            InvalidError: a property is unknown or breaks its rule; each is named.
            NotFoundError: there is no such client.
        """
        fields = {"name": name, "extension": extension, "client": client}
        return self._ask(additions.add_did, {**fields, **properties})

    @property
    def agents(self) -> list[Agent]:
        """Those who answer queues."""
        return list(self._ask(state.agents).agents)

    def set_agent_status(self, agent: int | str, status: str) -> Agent:
        """The agent with that id, or of the extension with that number or id, takes calls or not.

        `status` is `available` or `logged_out`.

        Raises:
            NotFoundError: there is none.
        """
        return self._ask(state.set_agent_status, {"status": status}, name=agent)

    def incoming_call(
        self,
        caller: str,
        to: int | str | None = None,
        did: str | None = None,
        name: str | None = None,
        script: Mapping[str, Any] | None = None,
    ) -> Call:
        """Somebody outside calls an extension, a public number, or the one through the other.

        `name` is what the caller's phone shows besides the number. Without a `script` the call
        waits for its steps. A number that nobody has ends it with CONGESTION.

        Raises:
            InvalidError: neither `to` nor `did` is given, or the script cannot be followed.
        """
        fields = {"to": to, "did": did, "name": name, "script": script}
        return self._call("incoming", caller, fields)

    def outgoing_call(
        self, extension: int | str, to: int | str, script: Mapping[str, Any] | None = None
    ) -> Call:
        """The extension's phone dials a number outside.

        Raises:
            NotFoundError: there is no such extension; the nearest is named.
            InvalidError: it is no phone, or the script cannot be followed.
        """
        return self._call("outgoing", extension, {"to": to, "script": script})

    def internal_call(
        self, extension: int | str, to: int | str, script: Mapping[str, Any] | None = None
    ) -> Call:
        """The extension's phone dials another extension.

        Raises:
            NotFoundError: there is no such extension; the nearest is named.
            InvalidError: it is no phone, or the script cannot be followed.
        """
        return self._call("internal", extension, {"to": to, "script": script})

    @property
    def calls(self) -> CallList:
        """The calls that the PBX remembers, running and finished ones, the oldest first."""
        found = self._ask(calls.calls).calls
        return CallList(Call(self._invoker, one.id) for one in found)

    def message(self, from_: int | str, to: int | str, text: str) -> None:
        """A text message came in when `to` is a phone of the PBX, and went out when `from_` is.

        Raises:
            NotFoundError: neither is.
            InvalidError: the extension is no phone.
        """
        self._do(calls.message, {"from": from_, "to": to, "text": text})

    @property
    def requests(self) -> list[Request]:
        """The requests to the API with their answers, the oldest first."""
        return list(self._invoker.requests)

    def clear_requests(self) -> None:
        """The requests are forgotten."""
        self._do(traffic.clear_requests)

    @property
    def deliveries(self) -> list[Delivery]:
        """The events that were sent up to now, the oldest first, each with its attempts."""
        return list(self._invoker.deliveries)

    def replay(self, delivery: Delivery | int) -> Delivery:
        """That delivery is sent once more, under a number of its own; answers what came of it.

        Raises:
            NotFoundError: there is none of that number, or it is too long ago.
        """
        number = delivery.id if isinstance(delivery, Delivery) else delivery
        return self._ask(traffic.replay, id=number)

    def test_subscription(self, subscription_id: int) -> Delivery:
        """The subscription's receiver is sent a sample event; answers what it said.

        Raises:
            NotFoundError: there is no such subscription, or no phone that it could be about.
        """
        return self._ask(traffic.test_subscription, id=subscription_id)

    @property
    def mails(self) -> list[Mail]:
        """The mails about messages on voicemails, the oldest first; they are never sent."""
        return list(self._ask(traffic.mails).mails)

    @property
    def notes(self) -> list[Note]:
        """The habits of the client that a real operator may punish."""
        return list(self._ask(traffic.notes).notes)

    def coverage(self) -> Coverage:
        """Which operations and statuses were exercised, resets included, out of all."""
        return self._ask(traffic.coverage)

    @property
    def faults(self) -> FaultRules:
        """The rules by which requests go wrong: `faults.add("POST /oauth/token", status=503)`."""
        return FaultRules(self._invoker)

    @property
    def settings(self) -> Settings:
        """By what the PBX goes: `settings.change(rate_limits=True)`, until a reset."""
        return Settings(self._invoker)

    def state(self) -> dict[str, Any]:
        """The whole world in the format of a world file."""
        found: dict[str, Any] = self._ask(state.state)
        return found

    def put_state(self, state_: Mapping[str, Any]) -> None:
        """The PBX is in that state; running calls end, and its clock goes on.

        Raises:
            InvalidError: naming every fault of it; the world stays as it was.
        """
        self._do(state.put_state, state_)

    def snapshot(self, name: str | None = None) -> Snapshot:
        """The state, clock and identifiers as they are now, kept for `restore`."""
        return self._ask(state.snapshot, {"name": name})

    @property
    def snapshots(self) -> list[Snapshot]:
        """Those that are kept; a reset forgets them."""
        found: Any = self._ask(state.snapshots)
        return list(found)

    def restore(self, snapshot: Snapshot | str) -> None:
        """The PBX is as at that snapshot, any number of times; requests and deliveries stay.

        Raises:
            NotFoundError: there is none of that name.
        """
        name = snapshot.name if isinstance(snapshot, Snapshot) else snapshot
        self._do(state.restore, name=name)

    @property
    def worlds(self) -> list[WorldEntry]:
        """The worlds of its server under `/worlds/`, the one that was used last at the end."""
        return list(self._ask(worlds.all_worlds).worlds)

    def put_world(
        self, name: str, world: str | Mapping[str, Any] | None = None, **settings: Any
    ) -> WorldEntry:
        """Its server has a fresh world of that name, in place of one that there may be.

        The world is a shipped one, or a world file's JSON; settings are fields of a `Config`.

        Raises:
            InvalidError: naming every fault of them.
        """
        given = {"world": world, "settings": settings or None}
        return self._ask(worlds.put_world, given, name=name)

    def delete_world(self, name: str) -> None:
        """Its server forgets the world of that name; its next use makes a fresh one.

        Raises:
            NotFoundError: there is none.
        """
        self._do(worlds.delete_world, name=name)

    def reset(self) -> None:
        """The PBX is as at the start; its address and its receivers stay."""
        self._do(state.reset)

    def assert_requested(
        self,
        method: str,
        path: str,
        *,
        times: int | None = None,
        at_least: int | None = None,
        within: float = 0,
        **asked: Any,
    ) -> None:
        """Such a request came: `times` exactly, or `at_least` so often, or once and more.

        The path is that of the documentation, `/extension/{id}/event/`, or of one request. `json`
        and `form` are the whole body; `query` and `headers` what must be there among others. With
        `within` it is waited for, so many seconds of real time.

        Raises:
            AssertionError: it did not; the nearest requests are shown with what differed.
            LookupError: the path is none of the documentation; the nearest is named.
        """
        __tracebackhide__ = True  # pytest shows the line of the test, and none of ours
        self._verify(method, path, Count(times, at_least), within, asked)

    def assert_not_requested(self, method: str, path: str, **asked: Any) -> None:
        """No such request came; what may be asked is as in `assert_requested`.

        Raises:
            AssertionError: one did.
            LookupError: the path is none of the documentation; the nearest is named.
        """
        __tracebackhide__ = True
        self._verify(method, path, Count(times=0), asked.pop("within", 0), asked)

    def wait_for_request(
        self, method: str, path: str, *, timeout: float = 5, **asked: Any
    ) -> Request:
        """The first such request, which may come within so many seconds of real time.

        Raises:
            AssertionError: it did not; the nearest requests are shown with what differed.
            LookupError: the path is none of the documentation; the nearest is named.
        """
        __tracebackhide__ = True
        check_seconds("timeout", timeout)
        found = self._verify(method, path, Count(), timeout, asked).matched[0]
        assert isinstance(found, Request)
        return found

    def wait_for_delivery(
        self,
        event_type: str | None = None,
        *,
        extension: int | str | None = None,
        url: str | None = None,
        data: Mapping[str, Any] | None = None,
        timeout: float = 5,
    ) -> Delivery:
        """The first such event that was sent, within so many seconds of real time.

        `data` is what the event tells, among others: `{"CallStatus": "CANCEL"}`. Whether the
        receiver took it is in the delivery's `ok` and `attempts`.

        Raises:
            AssertionError: there was none; those that were sent are shown.
            NotFoundError: there is no such extension; the nearest is named.
        """
        __tracebackhide__ = True
        check_seconds("timeout", timeout)
        number = None if extension is None else self.extension(extension).id
        wanted = deliveries.Wanted(event_type, number, url, data or {})
        self._do(time.clock)  # what is due by now is sent
        found = deliveries.wait_for(self._invoker.deliveries, wanted, timeout)
        if found is None:
            told = list(self._invoker.deliveries)
            raise AssertionError(wanted.missed(timeout, told) + self._why_waiting(timeout))
        return found

    def assert_all_answered(self) -> None:
        """Every event that was sent up to now was answered with a 2xx in the end.

        Raises:
            AssertionError: some were not; what their receivers said is shown.
        """
        __tracebackhide__ = True
        text = deliveries.unanswered(self.deliveries)
        if text:
            raise AssertionError(text)

    def check_receivers(self) -> None:
        """No receiver in this process has failed; a PBX elsewhere has none."""

    def story(self) -> str:
        """What happened, as text: requests, notes, deliveries and calls, in the PBX's time."""
        usual = {name: values[0] for name, values in choices().items()}
        readings = self._look(state.readings).readings
        return story.told(
            self._look(state.health).world,
            {name: value for name, value in readings.items() if value != usual.get(name)},
            self._look(traffic.requests).requests,
            self._look(traffic.notes).notes,
            self._look(traffic.deliveries).deliveries,
            [
                self._look(calls.get_call, call=one.id).ladder
                for one in self._look(calls.calls).calls
            ],
        )

    def undocumented(self) -> list[str]:
        """The requests to paths that the PBX does not have, a line each."""
        return story.undocumented(self._look(traffic.requests).requests)

    def exercised(self) -> Counter[tuple[str, int]]:
        """How often each operation answered with each status, for the coverage of a run."""
        return Counter(
            {
                (one.operation, int(status)): count
                for one in self._look(traffic.coverage).exercised
                for status, count in one.statuses.items()
            }
        )

    def close(self) -> None:
        """What the PBX holds open is closed; what happened can still be read."""

    def __enter__(self: P) -> P:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _ask(self, command: Command[T], fields: Mapping[str, Any] = NOTHING, /, **path: Any) -> T:
        return self._invoker.ask(command, fields, **path)

    def _do(
        self, command: Command[Any], fields: Mapping[str, Any] = NOTHING, /, **path: Any
    ) -> None:
        self._invoker.do(command, fields, **path)

    def _look(self, command: Command[T], /, **path: Any) -> T:
        """What is read for a report, which may be made when the test is over."""
        return self._invoker.ask(command, **path)

    def _call(self, kind: str, caller: int | str, fields: Mapping[str, Any]) -> Call:
        given = {"kind": kind, "from": caller, **fields}
        return Call(self._invoker, self._invoker.begin(calls.start_call, given))

    def _verify(
        self, method: str, path: str, count: Count, within: float, asked: Mapping[str, Any]
    ) -> Verified:
        __tracebackhide__ = True
        invoker = self._invoker
        verdict = verify(invoker.requests, invoker.catalog, method, path, count, within, asked)
        if not verdict.verified:
            missed = within if len(verdict.matched) < count.fewest else 0
            raise AssertionError(verdict.failure + self._why_waiting(missed))
        return verdict

    def _why_waiting(self, seconds: float) -> str:
        """What a wait that was in vain says of a clock that stands."""
        found = self._look(time.due)
        return f"\n{story.standing(found)}" if seconds > 0 and found.frozen else ""


def _in_path(extension: int | str) -> str:
    """How the path of a command names an extension: a number after an @, an id without."""
    if isinstance(extension, bool) or not isinstance(extension, (int, str)):
        text = f"extension: must be an id or a number as text, not {extension!r}"
        raise InvalidError((), text)
    named = plain(extension)
    return f"@{named}" if isinstance(named, str) else str(named)
