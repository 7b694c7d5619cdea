"""The breaks: what holds, by which facts, what is written instead, and the test that sees it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Break:
    """One rule, where it stands, the text that breaks it, and the test that goes red then."""

    group: str
    what: str
    facts: str
    file: str
    text: str
    instead: str
    test: str

    def broken(self, source: str) -> str:
        """The file with the rule broken.

        Raises:
            LookupError: the text stands there not at all, or more than once.
        """
        if (times := source.count(self.text)) != 1:
            raise LookupError(f"{self.what}: {self.file} has {times} times {self.text!r}")
        return source.replace(self.text, self.instead)


BREAKS = (
    Break(
        "rows",
        "A finished call keeps the record that it had",
        "REC-6 PHN-28",
        "mockpbx/resources/record/model.py",
        "content = sound(recording.form, stereo",
        "content = sound(world.store.get(Client, record.client_id).record_format, stereo",
        "tests/resources/record/test_record.py::test_the_sound",
    ),
    Break(
        "rows",
        "A finished call keeps its legs when an extension goes",
        "EXT-7 SIM-8",
        "mockpbx/calls/history.py",
        "own, came = leg.own, leg.flow == Flow.IN\n    flow",
        "own, came = world.store.get(Extension, leg.extension_id), leg.flow == Flow.IN\n    flow",
        "tests/calls/test_deletion.py::test_an_extension_is_deleted",
    ),
    Break(
        "rows",
        "A record ends where its file is full",
        "SIM-9 SIM-8 PHN-29",
        "mockpbx/calls/history.py",
        "length = min(length, most)",
        "pass",
        "tests/calls/test_settled.py::test_a_record_ends_when_its_file_is_full",
    ),
    Break(
        "rows",
        "A voicemail can be put back with the state",
        "SIM-4",
        "mockpbx/worlds/contradictions.py",
        '_ANSWERED = ("answered", "voicemail")',
        '_ANSWERED = ("answered",)',
        "tests/calls/test_settled.py::test_a_state_with_a_voicemail_can_be_put_back",
    ),
    Break(
        "rows",
        "A row in which two people talked is bridged",
        "HIS-16 HIS-19",
        "mockpbx/resources/call_history/model.py",
        'result = "bridged" if talk else _as_row(told)',
        "result = _as_row(told)",
        "tests/resources/call_history/test_truth.py::test_a_talk_is_bridged",
    ),
    Break(
        "rows",
        "A row tells of the part that was connected",
        "HIS-10 HIS-19 HIS-18",
        "mockpbx/resources/call_history/model.py",
        "told = talk or _deciding(parts)",
        "told = _deciding(parts)",
        "tests/resources/call_history/test_truth.py::test_a_callback_that_the_first_declined",
    ),
    Break(
        "rows",
        "A row's talk lasts as long as the part that was connected",
        "HIS-10",
        "mockpbx/resources/call_history/model.py",
        "else Talk(talk.answered_at, talk.ended_at,",
        "else Talk(talk.answered_at, max(one.ended_at for one in parts),",
        "tests/resources/call_history/test_truth.py::test_a_transfer_in_vain",
    ),
    Break(
        "rows",
        "A callback that rings its owner alone has a row",
        "SIM-13 CAL-6",
        "mockpbx/calls/history.py",
        "return not leg.silent or call.dial_leg_id is None",
        "return not leg.silent",
        "tests/resources/call_history/test_truth.py::test_a_callback_that_comes_to_nothing",
    ),
    Break(
        "rows",
        "A part in which a message was left is a voicemail",
        "HIS-17 SIM-4",
        "mockpbx/calls/history.py",
        'return _words("voicemail", cause',
        'return _words("not answered", cause',
        "tests/calls/test_release.py::test_a_voicemail_belongs_to_its_leg",
    ),
    Break(
        "rows",
        "Calls show who leaves a message until it is left",
        "SIM-4 CUR-1 CUR-3",
        "mockpbx/resources/current_calls/model.py",
        "return [*shown, *third_party_control.shown_mailbox(world, call)]",
        "return shown",
        "tests/calls/test_settled.py::test_a_call_runs_while_a_message_is_left",
    ),
    Break(
        "rows",
        "A part starts when it was answered",
        "HIS-20 HIS-3",
        "mockpbx/resources/cdr/model.py",
        "part.answered_at or part.init_at",
        "part.init_at",
        "tests/resources/call_history/test_truth.py::test_a_part_starts_when_it_is_answered",
    ),
    Break(
        "rows",
        "A part that nobody answered lasts no time",
        "HIS-20",
        "mockpbx/resources/cdr/model.py",
        "0 if part.answered_at is None else seconds(started_at, part.ended_at)",
        "seconds(started_at, part.ended_at)",
        "tests/resources/call_history/test_truth.py::test_a_part_that_nobody_answered",
    ),
    Break(
        "rows",
        "A record_uuid is in upper case",
        "REC-17",
        "mockpbx/resources/cdr/model.py",
        'readings.record_uuid_case == "upper"',
        'readings.record_uuid_case == "lower"',
        "tests/resources/call_history/test_truth.py::test_the_case_of_a_record",
    ),
    Break(
        "rows",
        "A record's file bears the extension's number",
        "REC-18 REC-1",
        "mockpbx/resources/cdr/model.py",
        "number = part.sides.extension_name.rpartition",
        "number = part.sides.to_username.rpartition",
        "tests/resources/call_history/test_truth.py::test_a_part_starts_when_it_is_answered",
    ),
    Break(
        "rows",
        "A part that goes out has no source",
        "HIS-24 HIS-23",
        "mockpbx/resources/cdr/model.py",
        '"source_number": None if sides.flow == "out" else',
        '"source_number": None if False else',
        "tests/resources/call_history/test_truth.py::test_the_sides_of_a_part",
    ),
    Break(
        "rows",
        "A part that comes in has no dest_number",
        "HIS-24 HIS-23",
        "mockpbx/resources/cdr/model.py",
        '"dest_number": None if came else',
        '"dest_number": None if False else',
        "tests/resources/call_history/test_truth.py::test_the_sides_of_a_part",
    ),
    Break(
        "rows",
        "Parties outside have the PBX's domain",
        "HIS-23 HIS-2",
        "mockpbx/resources/cdr/model.py",
        '        "from_domain": domain,\n',
        '        "from_domain": None,\n',
        "tests/resources/call_history/test_truth.py::test_the_sides_of_a_part",
    ),
    Break(
        "rows",
        "A call without a connection has no talk",
        "HIS-10",
        "mockpbx/resources/call_history/answers.py",
        "None if talk is None else seconds(talk.began_at, talk.ended_at)",
        "0 if talk is None else seconds(talk.began_at, talk.ended_at)",
        "tests/resources/call_history/test_truth.py::test_nobody_but_a_machine",
    ),
    Break(
        "rows",
        "A filter looks at the row's own extension",
        "HIS-28 HIS-1",
        "mockpbx/resources/call_history/model.py",
        "(not extensions or sides.extension_id in extensions)",
        "(not extensions or bool(sides))",
        "tests/resources/call_history/test_truth.py::test_a_filter_looks_at_the_row",
    ),
    Break(
        "rows",
        "Rows of files are filled in as those of calls",
        "HIS-2 HIS-23",
        "mockpbx/resources/cdr/model.py",
        '"from_screen_name": values["from_username"],',
        '"from_screen_name": None,',
        "tests/resources/call_history/test_truth.py::test_a_world_file_tells_what_a_call_leaves",
    ),
    Break(
        "rows",
        "An element of cdr says how its call ended",
        "HIS-26",
        "mockpbx/resources/call_history/answers.py",
        '"calls_result": result_shown(row, readings)',
        '"calls_result": part.result',
        "tests/resources/call_history/test_truth.py::test_a_part_tells_of_its_call",
    ),
    Break(
        "records",
        "With record_on_transfer the other side is recorded",
        "SIM-9 PHN-31",
        "mockpbx/calls/tapes.py",
        "if phone.record_on_transfer:",
        "if False:",
        "tests/calls/test_transfer.py::test_the_record_of_who_passed_a_call_on",
    ),
    Break(
        "records",
        "With record_transfer the talk goes on being recorded",
        "SIM-9 PHN-30",
        "mockpbx/calls/tapes.py",
        "if phone.record_transfer and not",
        "if phone.record_on_transfer and not",
        "tests/calls/test_transfer.py::test_the_record_of_who_passed_a_call_on",
    ),
    Break(
        "records",
        "A record stops when the call gets to one that records",
        "SIM-9 PHN-30",
        "mockpbx/calls/tapes.py",
        "tape.yields and leg.tape.until is None",
        "leg.tape.until is not None",
        "tests/calls/test_transfer.py::test_the_record_of_who_passed_a_call_on",
    ),
    Break(
        "records",
        "Without an own format a phone records as its client",
        "PHN-28 PHN-29 CLI-1",
        "mockpbx/resources/phone/model.py",
        "return phone.record_format or client.record_format, stereo",
        'return phone.record_format or "mp3", stereo',
        "tests/resources/client/test_more.py::test_what_a_phone_leaves_to_its_client",
    ),
    Break(
        "records",
        "Without an own stereo a phone records as its client",
        "PHN-28 PHN-29 CLI-1",
        "mockpbx/resources/phone/model.py",
        "client.record_stereo if phone.record_stereo is None",
        "False if phone.record_stereo is None",
        "tests/resources/client/test_more.py::test_what_a_phone_leaves_to_its_client",
    ),
    Break(
        "records",
        "A deleted extension has no records",
        "EXT-7",
        "mockpbx/resources/record/model.py",
        'for record in world.store.of(Record, "extension_id", extension.id):',
        "for record in []:",
        "tests/calls/test_full_disk.py::test_a_deletion_makes_room",
    ),
)
