"""The page on events; its tables of fields are not in the print that is at hand."""

from __future__ import annotations

from .common import EXAMPLE, HEAD
from .statement import Page, Statement

EVENTS = Page(
    "Events",
    (
        *HEAD,
        Statement(
            "By GET the data are in the header of the request.",
            ("DLV-2",),
            "the example's script reads them from the query: so only with `event_get=header`",
        ),
        Statement("By POST the data are in the body.", ("DLV-3",)),
        Statement("Either way they are form-urlencoded.", ("DLV-2", "DLV-3")),
        Statement("A menu has `dial-in` when a call comes in.", ("CAL-2",)),
        Statement("A menu has `hangup` when the call is released.", ("CAL-2",)),
        Statement("A menu has neither `dial-out` nor `answer`.", ("CAL-2", "EVT-8")),
        Statement("A queue's own thread has `dial-in` when a call is put in it.", ("CAL-3",)),
        Statement("That thread has `hangup` when the connection ends.", ("CAL-3",)),
        Statement("That thread has no `answer`.", ("CAL-3",)),
        Statement("The thread of each agent has `dial-in` when the agent is rung.", ("CAL-4",)),
        Statement("The thread of an agent has `answer` if the agent takes it.", ("CAL-4",)),
        Statement("The thread of an agent has `hangup` when the connection ends.", ("CAL-4",)),
        Statement(
            "A call that an incoming rule forwards to a number outside causes `dial-out` from the "
            "forwarding extension to that number.",
            ("CAL-5",),
        ),
        Statement("The type of that extension does not matter.", ("CAL-5", "EVT-8")),
        Statement("That `dial-out` has `Transfered` with the value `yes`.", ("DAT-17",)),
        Statement(
            "A callback's owner that rings itself has, of its own phone, no events.", ("CAL-6",)
        ),
        Statement(
            "Example: 200 connects itself with +79817654321, which causes `dial-out` to that "
            "number.",
            ("CAL-6",),
        ),
        Statement("There is no `dial-in` and no `dial-out` from 200 to 200.", ("CAL-6",)),
        Statement("`message-in` and `message-out` exist on phones only.", ("EVT-7",)),
        Statement(
            "Example: 000*099, whose id is 175, records its calls and subscribes to `dial-out`, "
            "`answer` and `hangup`.",
            ("EVT-1", "EVT-9", "CAL-1", "DAT-15"),
        ),
        Statement(
            "A query in the url tells its receiver which extension an event is of.",
            ("EVT-6", "DLV-2"),
        ),
        *EXAMPLE,
        Statement("POST sends `url`, `method` and `event_type` as JSON.", ("EVT-1", "GEN-4")),
        Statement("The three answers repeat what was sent.", ("EVT-1",)),
        Statement("The three answers add the ids 72, 73 and 74.", ("EVT-11",)),
        Statement(
            "A call from 000*099 to 00010005 then shows in the log of the script.",
            ("CAL-1", "DLV-1", "DLV-2"),
        ),
        Statement("POST adds an event to an extension.", ("EVT-1",)),
        Statement("GET lists the events of an extension.", ("EVT-2",)),
        Statement("DELETE deletes all events of an extension.", ("EVT-2",)),
        Statement("PUT with an id changes that event.", ("EVT-3",)),
        Statement("GET with an id reads that event.", ("EVT-3",)),
        Statement("DELETE with an id deletes that event.", ("EVT-3",)),
    ),
)
