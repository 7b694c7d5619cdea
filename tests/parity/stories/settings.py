"""The settings of a world, read and changed."""

from __future__ import annotations

from typing import Any

from mockpbx.core.errors import InvalidError

from ..receivers import Receivers
from ..told import refused
from .table import Face, story


@story
def the_settings(pbx: Face, receivers: Receivers) -> Any:
    """They are read, changed in each way, refused, and as at the start after a reset."""
    settings = pbx.settings
    seen = [settings.now(), settings.rate_limits, settings.quirks]
    seen += [settings.change("seed=7", readings={"slashes": "strict"}), pbx.token()]
    settings.callback_script = None
    seen += [settings.callback_script, settings.retry_delays_s]
    odd: Any = ({"seeds": 1}, {"seed": "x"}, {"readings": 5}, {"quirks": {"late_history_s": -1}})
    seen += [refused(InvalidError, lambda one=one: settings.change(**one)) for one in odd]
    seen += [refused(InvalidError, settings.change, "sed=7")]
    seen += [refused(AttributeError, lambda: settings.sed)]
    return [*seen, settings.now(), pbx.reset(), settings.now()]
