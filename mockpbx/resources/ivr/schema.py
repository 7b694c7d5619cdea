"""Voice menus as JSON. The keys of a menu are no part of the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ...web.schema import Boolean, Integer, Strict, String, Word
from ..phone.schema import MAILBOXES, mailboxes
from .model import ACTIONS

_FACT = {"fact": "IVR-1"}


class IvrIn(Strict):
    """Any settings; those left out keep their values."""

    example: ClassVar[Mapping[str, Any]] = {"lifetime": 30}

    lifetime = Integer(metadata={**_FACT, "description": "Seconds to press a key; 0 is no end."})
    lifetime_exp_action = Word(ACTIONS, metadata=_FACT)
    lifetime_exp_transfer_dst = String(allow_none=True, metadata=_FACT)
    entry_context = String(allow_none=True, metadata=_FACT)
    sleep_time = Integer(metadata=_FACT)
    vm_enabled = Boolean(metadata=_FACT)
    vm_greeting = Integer(allow_none=True, metadata={**_FACT, "description": "Sound id."})
    vm_attach_file = Boolean(metadata=_FACT)
    vm_mailto = String(
        check=mailboxes,
        like=MAILBOXES,
        allow_none=True,
        metadata={**_FACT, "description": "E-mail addresses separated by commas."},
    )


class IvrOut(IvrIn):
    """All settings of a menu."""

    class Meta(IvrIn.Meta):
        """All of them are always there."""

        every_field = True
