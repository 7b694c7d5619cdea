"""The page on bundles of extensions."""

from __future__ import annotations

from .common import EXAMPLE, HEAD
from .statement import Page, Statement

BUNDLES = Page(
    "Bundles",
    (
        *HEAD,
        Statement("Several extensions can be linked.", ("BND-1",)),
        Statement(
            "Statistics and events have the number of the main extension.",
            ("CAL-9", "CAL-11", "BND-14", "BND-15"),
        ),
        Statement("A call to the main extension rings the linked ones, too.", ("BND-14", "CAL-9")),
        Statement("No other call than one to the main extension does that.", ("BND-14", "CAL-10")),
        Statement("A call to a linked extension rings it alone.", ("BND-14", "CAL-10")),
        Statement(
            "A call made by a linked extension looks as if the main one made it.",
            ("BND-15", "CAL-11"),
        ),
        Statement("POST sets the list of the extensions linked to the main one.", ("BND-1",)),
        Statement("POST: the path has the id of a phone.", ("BND-2",)),
        Statement("The list is a JSON array called `extension_id` in the table.", ("BND-3",)),
        Statement("The extensions in the list are phones.", ("BND-4",)),
        Statement("None of them is itself a main extension.", ("BND-5",)),
        Statement("None of them is linked to any other extension.", ("BND-6",)),
        Statement("POST answers the linked extensions in `bundle_list`.", ("BND-10", "BND-11")),
        Statement("POST answers the main one's id in `bundle_id`, an integer.", ("BND-10",)),
        Statement("GET reads the list of the linked extensions.", ("BND-1",)),
        Statement("GET: the path has the id of a phone.", ("BND-2",)),
        Statement("GET answers `bundle_list` and `bundle_id`.", ("BND-10", "BND-13")),
        Statement("DELETE unties the extensions from the main one.", ("BND-1", "BND-13")),
        Statement("DELETE: the path has the id of a phone.", ("BND-2",)),
        Statement("DELETE answers `bundle_list` and `bundle_id`.", ("BND-10", "BND-12")),
        Statement(
            "Example: client 801, main extension 31456, linked ones 32486 and 32767.", ("BND-22",)
        ),
        *EXAMPLE,
        Statement("Bodies are sent as `application/json`.", ("GEN-4",)),
        Statement("The cURL command sends the list as `bundle_list`.", ("BND-3", "BND-22")),
        Statement(
            "The Python program sends the same.",
            ("BND-3", "BND-22"),
            "its address lacks the variable with the host, so that it runs as meant only",
        ),
    ),
)
