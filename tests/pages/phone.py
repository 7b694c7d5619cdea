"""The page on phone terminals, and an older print of it, which lacks its tables."""

from __future__ import annotations

from .common import EXAMPLE, HEAD
from .phone_properties import PROPERTIES
from .statement import Page, Statement

_REQUEST = (
    Statement(
        "Example: PUT of `external_number` alone ties extension 54 to +79876543210.",
        ("PHN-4", "PHN-1", "PHN-19"),
    ),
    *EXAMPLE,
    Statement("Bodies are sent as `application/json`.", ("GEN-4",)),
    Statement(
        "The cURL command sends the number.",
        ("PHN-4",),
        "the quote that closes its body is missing, so that it runs as meant only",
    ),
    Statement("The Python program sends the number.", ("PHN-4",)),
)
_ANSWER = (
    Statement("The answer has all properties, with the values printed.", ("PHN-1", "PHN-4")),
    Statement(
        "The answer has no `label`, `announce_sound_upon_incoming_call`, `record_on_transfer` and "
        "`intercom`.",
        ("PHN-1",),
        "the table has them, and mockpbx answers them as well",
    ),
    Statement(
        "The answer of 54 has a bundle of 124 and 29196 under the main extension 3.",
        ("PHN-4", "BND-18"),
        "54 is not in that bundle, which stands on extension 3 and its members",
    ),
)
_RESOURCES = (
    Statement("A mono mp3 has 16 kb/s, one channel and 8 000 Hz.", ("PHN-50",)),
    Statement("A stereo mp3 has 32 kb/s, two channels and 8 000 Hz.", ("PHN-50",)),
    Statement("A mono wav has 128 kb/s, one channel and 8 000 Hz.", ("PHN-50",)),
    Statement("A stereo wav has 256 kb/s, two channels and 8 000 Hz.", ("PHN-50",)),
    Statement("GET reads the properties of a phone.", ("PHN-1",)),
    Statement("PUT changes them.", ("PHN-1",)),
)
_ME = Statement(
    "The path takes the extension's id, or `@me` from a user of that extension.",
    ("PHN-2", "AUT-16"),
)

PHONE = Page("Phone terminals", (*HEAD, *PROPERTIES, *_REQUEST, *_ANSWER, *_RESOURCES, _ME))
OLDER_PHONE = Page("Phone terminals, an older print", (*HEAD, *_REQUEST, *_RESOURCES))
