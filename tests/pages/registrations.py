"""The page on registrations; its tables of fields are not in the print that is at hand."""

from __future__ import annotations

from .common import EXAMPLE, HEAD
from .statement import Page, Statement

REGISTRATIONS = Page(
    "Registrations",
    (
        *HEAD,
        Statement("Example: the registrations of extension 3 are asked for.", ("REG-1", "REG-9")),
        *EXAMPLE,
        Statement("GET names the extension in the query, as `extension_id`.", ("REG-1",)),
        Statement(
            "The answer for one id is one object: `registered`, `extension_id`, `registrations`.",
            ("REG-2", "REG-9"),
        ),
        Statement(
            "A registration has `device`, `real_address`, `contact_address`, `expires` and "
            "`registration_id`, as printed.",
            ("REG-5", "REG-7", "REG-12", "REG-14"),
        ),
        Statement("Example: that registration is deleted by its id.", ("REG-4",)),
        Statement(
            "Of many extensions it is easier to read several at once: the query repeats "
            "`extension_id`.",
            ("REG-1", "REG-9", "GEN-11"),
        ),
        Statement(
            "The cURL command for two extensions asks for both.",
            ("REG-1",),
            "its `&` is not quoted, so that a shell sends the first id alone",
        ),
        Statement(
            "`GET /extension/registration/` reads the state of all extensions.",
            ("REG-1", "REG-6", "REG-9"),
        ),
        Statement(
            "`GET /extension/{extension_id}/registration/` reads that of one.",
            ("REG-2", "REG-6", "REG-8"),
        ),
        Statement("DELETE on an extension deletes all its registrations.", ("REG-3",)),
        Statement("DELETE with an id deletes that registration.", ("REG-4",)),
    ),
)
