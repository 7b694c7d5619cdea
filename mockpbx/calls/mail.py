"""Mails that a voicemail causes; they are kept, and never leave the mock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from ..core.world import World
from ..resources.call_history.model import Row
from ..resources.cdr.model import Part, file_name
from ..resources.extension.model import Type
from ..resources.ivr.model import Ivr
from ..resources.ivr.model import of as ivr_of
from ..resources.phone.model import Phone
from ..resources.phone.model import of as phone_of
from ..resources.record.sound import Sound, sound
from .model import Call, Leg

#: About how many bytes of memory one takes; its sound is made when it is read.
MAIL_BYTES = 2000


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail about a message; `sound` is attached when there is one. The form is assumed.

    Source: PHN-35, PHN-38
    """

    at: datetime
    id: str
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    file_name: str | None = None
    sound: Sound | None = None

    def message(self) -> EmailMessage:
        """The mail as mail programs read it."""
        made = EmailMessage()
        made["From"] = self.sender
        made["To"] = ", ".join(self.to)
        made["Subject"] = self.subject
        made["Date"] = format_datetime(self.at)
        made["Message-ID"] = f"<{self.id}>"
        made.set_content(self.text)
        if self.sound is not None:
            kind, _, form = self.sound.mimetype.partition("/")
            content = b"".join(self.sound.read(0, self.sound.size))
            made.add_attachment(content, maintype=kind, subtype=form, filename=self.file_name)
            made.set_boundary(f"mail-{self.id}")  # else each reading would make another up
        return made


def mail_message(world: World, call: Call, leg: Leg) -> None:
    """The message that was left with the leg is mailed to whom its phone or menu names.

    Called when the call is over and in the history.

    Source: PHN-35, PHN-38, IVR-1
    """
    phone_or_menu: Phone | Ivr
    phone_or_menu = (
        phone_of(world, leg.own) if leg.own.type == Type.PHONE else ivr_of(world, leg.own)
    )
    part = _part_of(world, call, leg)
    if phone_or_menu.vm_mailto is None or part is None or part.recording is None:
        return
    recording = part.recording
    mailbox = leg.own.name.partition("*")[2]
    content = None
    if phone_or_menu.vm_attach_file:
        content = sound(recording.form, stereo=recording.stereo, length=recording.length)
    seconds = round(recording.length.total_seconds())
    world.mails.add(
        Mail(
            at=world.now().replace(microsecond=0),
            id=f"{recording.uuid}@{leg.own.domain}",
            sender=f"voicemail@{leg.own.domain}",
            to=tuple(address.strip() for address in phone_or_menu.vm_mailto.split(",")),
            subject=f"Voicemail for {mailbox} from {leg.caller_num}",
            text=f"{leg.caller_num} left a message of {seconds} s for {mailbox}.\n",
            file_name=file_name(part) if content is not None else None,
            sound=content,
        ),
        MAIL_BYTES,
    )


def _part_of(world: World, call: Call, leg: Leg) -> Part | None:
    row = world.store.named(Row, call.hex)
    found = row.parts if row is not None else ()
    uuid = leg.record_uuid
    return next((one for one in found if one.recording and one.recording.uuid == uuid), None)
