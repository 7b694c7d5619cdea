"""Properties of phones that a tester can observe in calls."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime

import pytest

from mockpbx.resources.call_history.model import Row
from mockpbx.resources.cdr.model import file_name
from tests.calls.desk import CALLER, Desk


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
