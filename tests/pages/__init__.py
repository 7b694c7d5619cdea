"""Five pages of the vendor's documentation, statement by statement."""

from __future__ import annotations

from .bundles import BUNDLES
from .events import EVENTS
from .phone import OLDER_PHONE, PHONE
from .registrations import REGISTRATIONS

PAGES = (BUNDLES, PHONE, OLDER_PHONE, REGISTRATIONS, EVENTS)
