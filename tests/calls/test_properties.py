"""Properties of phones that a tester can observe in calls."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime

import pytest

from mockpbx.calls.model import Call, legs_of
from mockpbx.resources.call_history.model import Row
from mockpbx.resources.cdr.model import file_name
from mockpbx.resources.sound.model import Announcement
from tests.calls.desk import CALLER, Desk
from tests.handles import call_of


@pytest.fixture
def desk() -> Desk:
    """A world of which all events arrive here."""
    return Desk()


@pytest.mark.fact("PHN-10", "DAT-9")
@pytest.mark.parametrize(("label", "name"), [(None, "Anna"), ("Reception", "Reception")])
def test_a_label(desk: Desk, label: str | None, name: str) -> None:
    """A colleague sees the label of the phone that calls, or else its name."""
    desk.phone("101", label=label)
    desk.internal("101", "102")
    dialling, rings = desk.events()
    assert (dialling["CallerIDName"], rings["CallerIDName"]) == ("Anna", name)


@pytest.mark.fact("PHN-10", "CBK-3")
def test_a_label_in_a_callback(desk: Desk) -> None:
    """Who is dialled by a callback sees the label of its owner."""
    desk.phone("101", label="Reception")
    call = desk.step(desk.callback("101", ["101"], "103"), "answer")
    assert desk.events()[-1]["CallerIDName"] == "Reception"
    assert desk.ringing(call) == ["103"]


def message_left(desk: Desk, seconds: float = 8) -> None:
    """Somebody speaks to the voicemail of 102."""
    call = desk.incoming("102")
    desk.advance(60)
    desk.advance(seconds)
    desk.step(call, "leave_message")


@pytest.mark.fact("PHN-35", "PHN-38")
@pytest.mark.parametrize("attached", [True, False])
def test_a_message_is_mailed(desk: Desk, attached: bool) -> None:
    """A message is mailed to all whom the phone names, with its sound unless that is off."""
    to = "anna@example.com, boris@example.com"
    desk.phone("102", vm_mailto=to, vm_attach_file=attached)
    message_left(desk)
    (mail,) = desk.world.mails
    text = mail.message().as_bytes()
    read = message_from_bytes(text, policy=policy.default)
    assert (read["To"], read["From"]) == (to, "voicemail@sipproxy.telphin.ru")
    assert read["Subject"] == f"Voicemail for 102 from {CALLER}"
    assert parsedate_to_datetime(read["Date"]) == desk.world.now().replace(microsecond=0)
    files = [(one.get_filename(), one.get_content()) for one in read.iter_attachments()]
    if not attached:
        assert files == []
        return
    (row,) = desk.world.store.all(Row)
    recording = row.parts[0].recording
    assert recording is not None
    ((name, content),) = files
    assert (name, len(content)) == (file_name(row.parts[0]), recording.size)


@pytest.mark.fact("PHN-38")
def test_nobody_to_mail_to(desk: Desk) -> None:
    """A phone that names nobody mails to nobody, and so does a call without a message."""
    message_left(desk)
    desk.phone("102", vm_mailto="anna@example.com")
    desk.step(desk.incoming("102"), "hang_up")
    assert list(desk.world.mails) == []


@pytest.mark.fact("PHN-38")
def test_mails_are_bounded() -> None:
    """A world keeps as many mails as its configuration says; a reset forgets them."""
    desk = Desk(journal_limit=2)
    desk.phone("102", vm_mailto="anna@example.com")
    for _ in range(3):
        message_left(desk)
    assert (len(list(desk.world.mails)), desk.world.mails.dropped) == (2, 1)
    desk.world.reset()
    assert list(desk.world.mails) == []


def played(desk: Desk, call: Call, number: str) -> list[tuple[str, int, float, float]]:
    """What the leg of that number played: property, sound, since and until, in seconds."""
    leg = next(one for one in legs_of(desk.world, call) if desk.number(one.extension_id) == number)
    start = call.started_at
    return [
        (
            one.what,
            one.sound_id,
            round((one.since - start).total_seconds(), 3),
            round(((one.until or one.since) - start).total_seconds(), 3),
        )
        for one in leg.heard
    ]


def with_sound(desk: Desk, seconds: float = 3) -> None:
    """The client has a sound of that length, whose id is 7."""
    length = timedelta(seconds=seconds)
    with desk.world.change():
        desk.world.store.put(Announcement(7, 2566, "Sound", "sound.wav", length))


@pytest.mark.fact("PHN-22", "CUR-2")
def test_hold_music(desk: Desk) -> None:
    """Who is held hears the music of the phone that holds, until the call is taken up again."""
    desk.phone("102", hold_music=7)
    call = desk.step(desk.incoming("102"), "answer")
    desk.advance(5)
    desk.step(call, "hold")
    desk.advance(10)
    desk.step(call, "hold")
    assert played(desk, call, "102") == [("hold_music", 7, 5, 15)]
    assert "102 plays hold_music 7 for 10 s" in call_of(desk.world, call.hex).ladder()


@pytest.mark.fact("PHN-22", "CAL-12")
@pytest.mark.parametrize("step", ["complete", "cancel", "decline"])
def test_hold_music_while_somebody_is_asked(desk: Desk, step: str) -> None:
    """The caller hears the music of who asks, until they are connected or it is taken back."""
    desk.phone("102", hold_music=7)
    call = desk.step(desk.incoming("102"), "answer")
    desk.step(call, "transfer", "103", attended=True)
    desk.advance(4)
    if step != "decline":
        desk.step(call, "answer")
    desk.advance(6)
    desk.step(call, step)
    assert played(desk, call, "102") == [("hold_music", 7, 0, 10)]


@pytest.mark.fact("PHN-32")
def test_ringback(desk: Desk) -> None:
    """The caller hears the melody of the phone while that rings; 0 is none."""
    desk.phone("102", ringback_sound=7)
    desk.phone("103", ringback_sound=0)
    for name, expected in (("102", [("ringback_sound", 7, 0, 4)]), ("103", [])):
        call = desk.incoming(name)
        desk.advance(4)
        desk.step(call, "answer")
        assert played(desk, call, name) == expected
        desk.step(call, "hang_up")


@pytest.mark.fact("PHN-11", "PHN-12")
@pytest.mark.parametrize("talk", [2, 10])
@pytest.mark.parametrize("through", ["102", "887"])
def test_announcements(desk: Desk, through: str, talk: int) -> None:
    """An announcement is heard from the answer on, also through a queue, and not after the end."""
    with_sound(desk)
    desk.queue("102")
    desk.phone("102", announce_sound_upon_incoming_call=7)
    call = desk.step(desk.incoming(through), "answer")
    desk.advance(talk)
    desk.step(call, "hang_up")
    found = [("announce_sound_upon_incoming_call", 7, 0, min(talk, 3))]
    assert played(desk, call, "102") == found


@pytest.mark.fact("PHN-11")
def test_an_announcement_to_who_is_called(desk: Desk) -> None:
    """Who is called by the phone hears its announcement."""
    with_sound(desk)
    desk.phone("101", announce_sound_upon_outgoing_call=7)
    call = desk.step(desk.outgoing("101", "+79161114455"), "answer")
    desk.advance(5)
    desk.step(call, "hang_up")
    assert played(desk, call, "101") == [("announce_sound_upon_outgoing_call", 7, 0, 3)]


@pytest.mark.fact("PHN-37", "SIM-4")
def test_a_greeting(desk: Desk) -> None:
    """The caller hears the greeting of the voicemail, until the message is left."""
    with_sound(desk)
    desk.phone("102", vm_greeting=7, hangup_timeout=20)
    call = desk.incoming("102")
    desk.advance(20)
    desk.advance(8)
    desk.step(call, "leave_message")
    assert played(desk, call, "102") == [("vm_greeting", 7, 20, 23)]
