"""Calls of real life from their first event to what is left of them, as readable stories.

Each line of an event is: time, extension, what happened, and what the event says besides. Each
line of `left` is a call (between whom, when, how long, how it ended), a line after "=" what more
is told of it (with whom it was bridged when and for how long), a line after "-" a part of it, and
the last one what the statistics count.
"""

from __future__ import annotations

import pytest

from tests.company import application, client, quiet_office
from tests.contract.office import CUSTOMER, MOBILE, OTHER, extension, office


@pytest.mark.fact("CAL-2", "CAL-3", "CAL-4", "DAT-11", "DAT-16", "SIM-13")
def test_from_the_menu_to_an_agent() -> None:
    """A customer dials the public number, chooses support, and the second agent answers."""
    with office() as here:
        call = here.pbx.incoming_call(CUSTOMER, did="74959998877")
        here.wait(4)
        call.press("1")
        here.says(
            "12:00:00 099 dial-in from +79161112233 CalledDID=74959998877",
            "12:00:04 887 dial-in from +79161112233 via 099 CalledDID=74959998877",
            "12:00:04 102 dial-in from +79161112233 via 887 CalledDID=74959998877",
        )
        here.wait(20)
        call.decline("102")
        here.wait(5)
        call.answer()
        here.says(
            "12:00:24 102 hangup BUSY 0 s CalledDID=74959998877",
            "12:00:24 103 dial-in from +79161112233 via 887 CalledDID=74959998877",
            "12:00:29 103 answer CalledDID=74959998877",
        )
        here.runs(
            "IN 103 from +79161112233 since 12:00:24 answered 12:00:29 recorded",
        )
        call.talk(30)
        call.hang_up()
        here.says(
            "12:00:59 103 hangup ANSWER 30 s CalledDID=74959998877 recorded",
            "12:00:59 887 hangup ANSWER 0 s CalledDID=74959998877 Bridged=yes",
            "12:00:59 099 hangup ANSWER 0 s CalledDID=74959998877 Bridged=yes",
        )
        here.left(
            "in +79161112233 to 2566*099 12:00:00 59 s bridged NORMAL_CLEARING caller_bye",
            "= through 74959998877",
            "= with 2566*103 12:00:29 30 s",
            "- in 099 answered 12:00:00 59 s NORMAL_CLEARING caller_bye",
            "- in 887 answered 12:00:04 55 s NORMAL_CLEARING caller_bye",
            "- in 102 rejected 12:00:04 0 s USER_BUSY callee_refuse",
            "- in 103 answered 12:00:29 30 s NORMAL_CLEARING caller_bye 60048 bytes",
            "calls in 1 out 0; records 1, 60048 bytes; messages 0",
        )


@pytest.mark.fact("SIM-11", "HIS-14")
def test_the_callee_is_busy() -> None:
    """Somebody calls a phone that takes one call at a time while it talks with another."""
    with office() as here:
        first = here.pbx.incoming_call(CUSTOMER, to="108")
        first.answer()
        here.wait(5)
        second = here.pbx.incoming_call(OTHER, to="108")
        assert (second.result, second.state) == ("BUSY", "finished")
        here.says(
            "12:00:00 108 dial-in from +79161112233",
            "12:00:00 108 answer",
            "12:00:05 108 dial-in from +79161112244",
            "12:00:05 108 hangup BUSY 0 s",
        )
        here.runs(
            "IN 108 from +79161112233 since 12:00:00 answered 12:00:00",
        )
        here.wait(5)
        first.hang_up(by="callee")
        here.says(
            "12:00:10 108 hangup ANSWER 10 s",
        )
        here.left(
            "in +79161112233 to 2566*108 12:00:00 10 s bridged NORMAL_CLEARING callee_bye",
            "= with 2566*108 12:00:00 10 s",
            "- in 108 answered 12:00:00 10 s NORMAL_CLEARING callee_bye",
            "in +79161112244 to 2566*108 12:00:05 0 s busy USER_BUSY callee_refuse",
            "- in 108 busy 12:00:05 0 s USER_BUSY callee_refuse",
            "calls in 2 out 0; records 0, 0 bytes; messages 0",
        )


@pytest.mark.fact("SIM-4", "SIM-13", "CUR-1")
def test_a_message_on_the_voicemail() -> None:
    """Nobody answers for 20 seconds; the customer speaks for 8 seconds to the voicemail."""
    with office() as here:
        call = here.pbx.incoming_call(CUSTOMER, to="107")
        here.wait(20)
        here.says(
            "12:00:00 107 dial-in from +79161112233",
            "12:00:20 107 hangup NOANSWER 0 s",
        )
        here.runs(
            "IN 107 from +79161112233 since 12:00:00",
        )
        here.wait(8)
        call.leave_message()
        here.says(
            "12:00:28 107 voicemail recorded",
        )
        assert [mail.to for mail in here.pbx.mails] == [("galina@example.com",)]
        here.left(
            "in +79161112233 to 2566*107 12:00:00 28 s not answered NO_ANSWER internal_cancel",
            "- in 107 voicemail 12:00:20 8 s NO_ANSWER internal_cancel 15984 bytes",
            "calls in 1 out 0; records 0, 0 bytes; messages 1",
        )


@pytest.mark.fact("CAL-5", "DAT-17")
def test_forwarded_always() -> None:
    """A rule sends every call of 103 to a mobile phone, where it is answered."""
    world = quiet_office()
    extension(world, "103")["forward"] = {"to": MOBILE, "when": "always"}
    with office(world) as here:
        call = here.pbx.incoming_call(CUSTOMER, to="103")
        here.wait(6)
        call.answer()
        here.says(
            "12:00:00 103 dial-out from +79161112233 to +79161114455 Transfered=yes",
            "12:00:06 103 answer Transfered=yes",
        )
        here.runs(
            "OUT 103 to +79161114455 since 12:00:00 answered 12:00:06 recorded elsewhere",
        )
        call.talk(10)
        call.hang_up(by=MOBILE)
        here.says(
            "12:00:16 103 hangup ANSWER 10 s Transfered=yes recorded",
        )
        here.left(
            "in +79161112233 to 2566*103 12:00:00 16 s bridged NORMAL_CLEARING callee_bye",
            "= with +79161114455 12:00:06 10 s",
            "- out 103 answered 12:00:06 10 s NORMAL_CLEARING callee_bye 20016 bytes",
            "calls in 1 out 0; records 1, 20016 bytes; messages 0",
        )


@pytest.mark.fact("CAL-5", "DAT-17", "HIS-10")
def test_forwarded_when_busy() -> None:
    """103 declines, and a rule sends the call to a mobile phone."""
    world = quiet_office()
    extension(world, "103")["forward"] = {"to": MOBILE, "when": "busy"}
    with office(world) as here:
        call = here.pbx.incoming_call(CUSTOMER, to="103")
        here.wait(3)
        call.decline()
        here.wait(7)
        call.answer()
        call.talk(10)
        call.hang_up()
        here.says(
            "12:00:00 103 dial-in from +79161112233",
            "12:00:03 103 hangup BUSY 0 s",
            "12:00:03 103 dial-out from +79161112233 to +79161114455 Transfered=yes",
            "12:00:10 103 answer Transfered=yes",
            "12:00:20 103 hangup ANSWER 10 s Transfered=yes recorded",
        )
        here.left(
            "in +79161112233 to 2566*103 12:00:00 20 s bridged NORMAL_CLEARING caller_bye",
            "= with +79161114455 12:00:10 10 s",
            "- in 103 rejected 12:00:00 0 s USER_BUSY callee_refuse",
            "- out 103 answered 12:00:10 10 s NORMAL_CLEARING caller_bye 20016 bytes",
            "calls in 1 out 0; records 1, 20016 bytes; messages 0",
        )


@pytest.mark.fact("CAL-5", "DAT-17", "SIM-4")
def test_forwarded_without_an_answer() -> None:
    """103 rings for 60 seconds, then a mobile phone for another 60, and nobody answers."""
    world = quiet_office()
    extension(world, "103")["forward"] = {"to": MOBILE, "when": "no_answer"}
    with office(world) as here:
        here.pbx.incoming_call(CUSTOMER, to="103")
        here.wait(60)
        here.runs(
            "OUT 103 to +79161114455 since 12:01:00 elsewhere",
        )
        here.wait(60)
        here.says(
            "12:00:00 103 dial-in from +79161112233",
            "12:01:00 103 hangup NOANSWER 0 s",
            "12:01:00 103 dial-out from +79161112233 to +79161114455 Transfered=yes",
            "12:02:00 103 hangup NOANSWER 0 s Transfered=yes",
        )
        here.left(
            "in +79161112233 to 2566*103 12:00:00 120 s not answered NO_ANSWER internal_cancel",
            "- in 103 not answered 12:00:00 0 s NO_ANSWER internal_cancel",
            "- out 103 not answered 12:01:00 0 s NO_ANSWER internal_cancel",
            "calls in 1 out 0; records 0, 0 bytes; messages 0",
        )


@pytest.mark.fact("CAL-12", "DAT-18", "HIS-3", "SIM-9")
def test_a_chain_of_blind_transfers() -> None:
    """Reception passes the customer on to 103, who passes on to 104; 104 hangs up."""
    with office() as here:
        call = here.pbx.incoming_call(CUSTOMER, to="102")
        call.answer()
        call.talk(10)
        call.transfer("103")
        here.wait(2)
        call.answer()
        call.talk(20)
        call.transfer("104")
        here.wait(3)
        call.answer()
        here.says(
            "12:00:00 102 dial-in from +79161112233",
            "12:00:00 102 answer",
            "12:00:10 102 hangup ANSWER 10 s recorded",
            "12:00:10 103 dial-in from +79161112233 via 102 RemoteNumber=+79161112233",
            "12:00:12 103 answer",
            "12:00:32 103 hangup ANSWER 20 s recorded",
            "12:00:32 104 dial-in from +79161112233 via 103 RemoteNumber=+79161112233",
            "12:00:35 104 answer",
        )
        here.runs(
            "IN 104 from +79161112233 since 12:00:32 answered 12:00:35 recorded",
        )
        call.talk(30)
        call.hang_up(by="104")
        here.says(
            "12:01:05 104 hangup ANSWER 30 s recorded",
        )
        here.left(
            "in +79161112233 to 2566*102 12:00:00 65 s bridged NORMAL_CLEARING callee_bye",
            "= with 2566*104 12:00:35 30 s",
            "- in 102 answered 12:00:00 10 s NORMAL_CLEARING callee_bye 20016 bytes",
            "- transfer 103 answered 12:00:12 20 s NORMAL_CLEARING callee_bye 40032 bytes",
            "- transfer 104 answered 12:00:35 30 s NORMAL_CLEARING callee_bye 60048 bytes",
            "calls in 1 out 0; records 3, 120096 bytes; messages 0",
        )


@pytest.mark.fact("CAL-12", "CUR-8", "SIM-9")
def test_an_attended_transfer() -> None:
    """102 asks 103 about the call while the customer is held, and connects the two."""
    with office() as here:
        call = here.pbx.incoming_call(CUSTOMER, to="102")
        call.answer()
        call.talk(10)
        call.transfer("103", attended=True)
        here.wait(4)
        call.answer()
        assert call.state == "consulting"
        here.runs(
            "IN 102 from +79161112233 since 12:00:00 answered 12:00:00 recorded",
            "IN 103 from +79161112233 since 12:00:10 answered 12:00:14 recorded",
        )
        call.talk(6)
        call.complete()
        here.says(
            "12:00:00 102 dial-in from +79161112233",
            "12:00:00 102 answer",
            "12:00:10 103 dial-in from +79161112233 via 102 RemoteNumber=+79161112233",
            "12:00:14 103 answer",
            "12:00:20 102 hangup ANSWER 20 s recorded",
        )
        here.runs(
            "IN 103 from +79161112233 since 12:00:10 answered 12:00:14 recorded",
        )
        call.talk(20)
        call.hang_up()
        here.says(
            "12:00:40 103 hangup ANSWER 26 s recorded",
        )
        here.left(
            "in +79161112233 to 2566*102 12:00:00 40 s bridged NORMAL_CLEARING caller_bye",
            "= with 2566*103 12:00:14 26 s",
            "- in 102 answered 12:00:00 20 s NORMAL_CLEARING callee_bye 40032 bytes",
            "- transfer 103 answered 12:00:14 26 s NORMAL_CLEARING caller_bye 51984 bytes",
            "calls in 1 out 0; records 2, 92016 bytes; messages 0",
        )


@pytest.mark.fact("CAL-12", "CUR-8")
def test_a_consultation_that_is_cancelled() -> None:
    """102 asks 103, who has no time; 102 takes the call back and ends it."""
    with office() as here:
        call = here.pbx.incoming_call(CUSTOMER, to="102")
        call.answer()
        call.talk(10)
        call.transfer("103", attended=True)
        here.wait(4)
        call.answer()
        call.talk(6)
        call.cancel()
        here.says(
            "12:00:00 102 dial-in from +79161112233",
            "12:00:00 102 answer",
            "12:00:10 103 dial-in from +79161112233 via 102 RemoteNumber=+79161112233",
            "12:00:14 103 answer",
            "12:00:20 103 hangup ANSWER 6 s recorded",
        )
        here.runs(
            "IN 102 from +79161112233 since 12:00:00 answered 12:00:00 recorded",
        )
        call.talk(5)
        call.hang_up(by="102")
        here.says(
            "12:00:25 102 hangup ANSWER 25 s recorded",
        )
        here.left(
            "in +79161112233 to 2566*102 12:00:00 25 s bridged NORMAL_CLEARING callee_bye",
            "= with 2566*102 12:00:00 25 s",
            "- in 102 answered 12:00:00 25 s NORMAL_CLEARING callee_bye 49968 bytes",
            "- transfer 103 answered 12:00:14 6 s NORMAL_CLEARING caller_bye 11952 bytes",
            "calls in 1 out 0; records 2, 61920 bytes; messages 0",
        )


@pytest.mark.fact("CAL-9", "BND-15")
def test_a_bundle() -> None:
    """A call to 101 rings its mobile 109 too, and that is picked up; all is told of 101."""
    with office() as here:
        call = here.pbx.incoming_call(CUSTOMER, to="101")
        here.wait(5)
        call.answer("109")
        here.runs(
            "IN 101 from +79161112233 since 12:00:00 answered 12:00:05 recorded",
        )
        call.talk(15)
        call.hang_up(by="callee")
        here.says(
            "12:00:00 101 dial-in from +79161112233",
            "12:00:05 101 answer",
            "12:00:20 101 hangup ANSWER 15 s recorded",
        )
        here.left(
            "in +79161112233 to 2566*101 12:00:00 20 s bridged NORMAL_CLEARING callee_bye",
            "= with 2566*101 12:00:05 15 s",
            "- in 101 answered 12:00:05 15 s NORMAL_CLEARING callee_bye 29952 bytes",
            "calls in 1 out 0; records 1, 29952 bytes; messages 0",
        )


@pytest.mark.fact("CAL-11", "BND-15")
def test_a_linked_phone_calls() -> None:
    """109 dials a customer, and calls as the main extension 101."""
    with office() as here:
        call = here.pbx.outgoing_call("109", CUSTOMER)
        here.wait(8)
        call.answer()
        call.talk(12)
        call.hang_up(by=CUSTOMER)
        here.says(
            "12:00:00 101 dial-out from 2566*101 to +79161112233",
            "12:00:08 101 answer",
            "12:00:20 101 hangup ANSWER 12 s recorded",
        )
        here.left(
            "out 2566*101 to +79161112233 12:00:00 20 s bridged NORMAL_CLEARING callee_bye",
            "= with +79161112233 12:00:08 12 s",
            "- out 101 answered 12:00:08 12 s NORMAL_CLEARING callee_bye 24048 bytes",
            "calls in 0 out 1; records 1, 24048 bytes; messages 0",
        )


@pytest.mark.fact("SIM-7", "PHN-15")
def test_call_screening() -> None:
    """106 picks up, hears who calls, and takes the call by pressing 1."""
    with office() as here:
        here.phone("106", call_screening_enabled=True)
        call = here.pbx.incoming_call(CUSTOMER, to="106")
        here.wait(3)
        call.answer()
        assert call.state == "screening"
        here.runs(
            "IN 106 from +79161112233 since 12:00:00",
        )
        here.wait(4)
        call.press("1")
        call.talk(9)
        call.hang_up()
        here.says(
            "12:00:00 106 dial-in from +79161112233",
            "12:00:07 106 answer",
            "12:00:16 106 hangup ANSWER 9 s recorded",
        )
        here.left(
            "in +79161112233 to 2566*106 12:00:00 16 s bridged NORMAL_CLEARING caller_bye",
            "= with 2566*106 12:00:07 9 s",
            "- in 106 answered 12:00:07 9 s NORMAL_CLEARING caller_bye 18000 bytes",
            "calls in 1 out 0; records 1, 18000 bytes; messages 0",
        )


@pytest.mark.fact("FEA-1", "PHN-16", "PHN-17")
def test_a_local_conference() -> None:
    """103 opens its conference, 102 joins, and it ends when 103 leaves."""
    with office() as here:
        host = here.pbx.internal_call("103", "*8103")
        here.wait(10)
        guest = here.pbx.internal_call("102", "*8103")
        here.says(
            "12:00:00 103 dial-out from 2566*103 to *8103",
            "12:00:00 103 answer",
            "12:00:10 102 dial-out from 2566*102 to *8103",
            "12:00:10 102 answer",
        )
        here.runs(
            "OUT 103 to *8103 since 12:00:00 answered 12:00:00 recorded",
            "OUT 102 to *8103 since 12:00:10 answered 12:00:10 recorded",
        )
        here.wait(60)
        host.hang_up()
        assert guest.state == "finished"
        here.says(
            "12:01:10 103 hangup ANSWER 70 s recorded",
            "12:01:10 102 hangup ANSWER 60 s recorded",
        )
        here.left(
            "out 2566*103 to *8103 12:00:00 70 s bridged NORMAL_CLEARING caller_bye",
            "= with *8103 12:00:00 70 s",
            "- out 103 answered 12:00:00 70 s NORMAL_CLEARING caller_bye 139968 bytes",
            "out 2566*102 to *8103 12:00:10 60 s bridged NORMAL_CLEARING internal_cancel",
            "= with *8103 12:00:10 60 s",
            "- out 102 answered 12:00:10 60 s NORMAL_CLEARING internal_cancel 119952 bytes",
            "calls in 0 out 2; records 2, 259920 bytes; messages 0",
        )


@pytest.mark.fact("SIM-5", "DAT-3", "DAT-4")
def test_two_calls_at_one_phone() -> None:
    """102 holds one customer while it talks with another; each call is told by itself."""
    with office() as here:
        first = here.pbx.incoming_call(CUSTOMER, to="102")
        first.answer()
        first.talk(10)
        second = here.pbx.incoming_call(OTHER, to="102")
        first.hold()
        here.wait(2)
        second.answer()
        here.says(
            "12:00:00 102 dial-in from +79161112233",
            "12:00:00 102 answer",
            "12:00:10 102 dial-in from +79161112244",
            "12:00:12 102 answer",
        )
        here.runs(
            "IN 102 from +79161112233 since 12:00:00 answered 12:00:00 recorded",
            "IN 102 from +79161112244 since 12:00:10 answered 12:00:12 recorded",
        )
        second.talk(10)
        second.hang_up()
        first.hold()
        first.talk(5)
        first.hang_up()
        here.says(
            "12:00:22 102 hangup ANSWER 10 s recorded",
            "12:00:27 102 hangup ANSWER 27 s recorded",
        )
        here.left(
            "in +79161112233 to 2566*102 12:00:00 27 s bridged NORMAL_CLEARING caller_bye",
            "= with 2566*102 12:00:00 27 s",
            "- in 102 answered 12:00:00 27 s NORMAL_CLEARING caller_bye 54000 bytes",
            "in +79161112244 to 2566*102 12:00:10 12 s bridged NORMAL_CLEARING caller_bye",
            "= with 2566*102 12:00:12 10 s",
            "- in 102 answered 12:00:12 10 s NORMAL_CLEARING caller_bye 20016 bytes",
            "calls in 2 out 0; records 2, 74016 bytes; messages 0",
        )


@pytest.mark.fact("SIM-1", "CAL-1")
def test_a_registration_expires_while_it_rings() -> None:
    """The phone goes offline while it rings: it rings on until somebody gives up."""
    with office() as here:
        here.pbx.unregister("106")
        here.pbx.register("106", expires=5)
        call = here.pbx.incoming_call(CUSTOMER, to="106")
        here.wait(8)
        here.runs(
            "IN 106 from +79161112233 since 12:00:00",
        )
        call.hang_up()
        again = here.pbx.incoming_call(CUSTOMER, to="106")
        assert again.result == "CHANUNAVAIL"
        here.says(
            "12:00:00 106 dial-in from +79161112233",
            "12:00:08 106 hangup CANCEL 0 s",
            "12:00:08 106 dial-in from +79161112233",
            "12:00:08 106 hangup CHANUNAVAIL 0 s",
        )
        here.left(
            "in +79161112233 to 2566*106 12:00:00 8 s not answered ORIGINATOR_CANCEL caller_cancel",
            "- in 106 not answered 12:00:00 0 s ORIGINATOR_CANCEL caller_cancel",
            "in +79161112233 to 2566*106 12:00:08 0 s failed USER_NOT_REGISTERED callee_refuse",
            "- in 106 failed 12:00:08 0 s USER_NOT_REGISTERED callee_refuse",
            "calls in 2 out 0; records 0, 0 bytes; messages 0",
        )


@pytest.mark.fact("EXT-7", "SIM-13")
def test_an_extension_is_deleted_in_its_call() -> None:
    """106 talks and is deleted; the call is over, its history stays, and its record is gone."""
    with office() as here:
        call = here.pbx.incoming_call(CUSTOMER, to="106")
        call.answer()
        call.talk(10)
        here.ask("DELETE", f"/client/2566/extension/{here.pbx.extension('106').id}")
        assert call.state == "finished"
        here.says(
            "12:00:00 106 dial-in from +79161112233",
            "12:00:00 106 answer",
            "12:00:10 106 hangup ANSWER 10 s recorded",
        )
        here.left(
            "in +79161112233 to 2566*106 12:00:00 10 s bridged NORMAL_CLEARING internal_cancel",
            "= with 2566*106 12:00:00 10 s",
            "- in 106 answered 12:00:00 10 s NORMAL_CLEARING internal_cancel 20016 bytes",
            "calls in 1 out 0; records 0, 0 bytes; messages 0",
        )


@pytest.mark.fact("CAL-6", "CBK-9", "DAT-5")
def test_a_callback_of_its_owner() -> None:
    """The CRM lets 103 call a customer: 103 picks up, then the customer is dialled."""
    with office() as here:
        call = here.callback("103", "103", to=CUSTOMER)
        here.wait(3)
        here.runs(
            "IN 103 from 2566*103 since 12:00:00",
        )
        call.answer()
        here.wait(10)
        call.answer()
        here.says(
            "12:00:03 103 dial-out from 2566*103 to +79161112233",
            "12:00:13 103 answer",
        )
        here.runs(
            "OUT 103 to +79161112233 since 12:00:03 answered 12:00:13 recorded",
        )
        call.talk(24)
        call.hang_up(by=CUSTOMER)
        here.says(
            "12:00:37 103 hangup ANSWER 24 s recorded",
        )
        here.left(
            "out 2566*103 to +79161112233 12:00:00 37 s bridged NORMAL_CLEARING callee_bye",
            "= with +79161112233 12:00:13 24 s",
            "- out 103 answered 12:00:13 24 s NORMAL_CLEARING callee_bye 47952 bytes",
            "calls in 0 out 1; records 1, 47952 bytes; messages 0",
        )


@pytest.mark.fact("CAL-7", "CBK-9", "DAT-19")
def test_a_callback_of_another() -> None:
    """The CRM lets 102 and 103 be rung in the name of 104; 103 takes it, then 106 is dialled."""
    with office() as here:
        call = here.callback("104", "102", "103", to="106")
        here.wait(4)
        call.answer("103")
        here.wait(9)
        call.answer("106")
        here.says(
            "12:00:00 104 dial-out from 2566*104 to 2566*102 callback",
            "12:00:00 102 dial-in from 2566*104 via 104 callback",
            "12:00:00 104 dial-out from 2566*104 to 2566*103 callback",
            "12:00:00 103 dial-in from 2566*104 via 104 callback",
            "12:00:04 102 hangup CANCEL 0 s callback",
            "12:00:04 104 hangup CANCEL 0 s callback",
            "12:00:04 103 answer callback",
            "12:00:04 104 answer callback",
            "12:00:04 104 dial-out from 2566*104 to 2566*106 callback",
            "12:00:04 106 dial-in from 2566*104 via 104 callback",
            "12:00:13 106 answer callback",
            "12:00:13 104 answer callback",
        )
        here.runs(
            "OUT 104 to 2566*103 since 12:00:00 answered 12:00:04",
            "IN 103 from 2566*104 since 12:00:00 answered 12:00:04 recorded",
            "OUT 104 to 2566*106 since 12:00:04 answered 12:00:13 recorded",
            "IN 106 from 2566*104 since 12:00:04 answered 12:00:13 recorded",
        )
        call.talk(32)
        call.hang_up(by="103")
        here.says(
            "12:00:45 106 hangup ANSWER 32 s callback recorded",
            "12:00:45 104 hangup ANSWER 32 s callback recorded",
            "12:00:45 103 hangup ANSWER 41 s callback recorded",
            "12:00:45 104 hangup ANSWER 41 s callback",
        )
        here.left(
            "out 2566*104 to 2566*106 12:00:00 45 s bridged NORMAL_CLEARING caller_bye",
            "= with 2566*106 12:00:13 32 s",
            "- out 104 answered elsewhere 12:00:00 0 s ORIGINATOR_CANCEL internal_cancel",
            "- in 102 answered elsewhere 12:00:00 0 s ORIGINATOR_CANCEL internal_cancel",
            "- out 104 answered 12:00:04 41 s NORMAL_CLEARING callee_bye",
            "- in 103 answered 12:00:04 41 s NORMAL_CLEARING callee_bye 81936 bytes",
            "- out 104 answered 12:00:13 32 s NORMAL_CLEARING caller_bye 63936 bytes",
            "- in 106 answered 12:00:13 32 s NORMAL_CLEARING caller_bye 63936 bytes",
            "calls in 0 out 1; records 3, 209808 bytes; messages 0",
        )


@pytest.mark.fact("CAL-14", "CAL-15", "CBK-9")
def test_a_callback_that_rings_outside_first() -> None:
    """A visitor of the website is rung first, then waits in the queue and gives up."""
    with office() as here:
        call = here.callback("104", CUSTOMER, to="887")
        here.wait(5)
        call.answer()
        here.says(
            "12:00:00 104 dial-out from 2566*104 to +79161112233 callback",
            "12:00:05 104 answer callback",
            "12:00:05 104 dial-out from 2566*104 to 2566*887 callback",
            "12:00:05 887 dial-in from +79161112233 callback",
            "12:00:05 102 dial-in from +79161112233 via 887 callback",
        )
        here.runs(
            "OUT 104 to +79161112233 since 12:00:00 answered 12:00:05",
            "OUT 104 to 2566*887 since 12:00:05",
            "IN 102 from +79161112233 since 12:00:05",
        )
        here.wait(10)
        call.hang_up(by=CUSTOMER)
        here.says(
            "12:00:15 102 hangup CANCEL 0 s callback",
            "12:00:15 887 hangup CANCEL 0 s Bridged=no callback",
            "12:00:15 104 hangup CANCEL 0 s callback",
            "12:00:15 104 hangup ANSWER 10 s callback",
        )
        here.left(
            "out 2566*104 to 2566*887 12:00:00 15 s answered NORMAL_CLEARING caller_bye",
            "- out 104 answered 12:00:05 10 s NORMAL_CLEARING callee_bye",
            "- out 104 not answered 12:00:05 0 s ORIGINATOR_CANCEL caller_cancel",
            "- in 887 answered 12:00:05 10 s NORMAL_CLEARING caller_bye",
            "- in 102 not answered 12:00:05 0 s ORIGINATOR_CANCEL caller_cancel",
            "calls in 0 out 1; records 0, 0 bytes; messages 0",
        )


@pytest.mark.fact("CBK-1", "HIS-19")
def test_a_callback_to_somebody_busy() -> None:
    """103 picks up, but 108 talks already and is busy."""
    with office() as here:
        other = here.pbx.incoming_call(OTHER, to="108")
        other.answer()
        call = here.callback("104", "103", to="108")
        here.wait(2)
        call.answer()
        assert (call.result, call.state) == ("BUSY", "finished")
        other.hang_up()
        here.says(
            "12:00:00 108 dial-in from +79161112244",
            "12:00:00 108 answer",
            "12:00:00 104 dial-out from 2566*104 to 2566*103 callback",
            "12:00:00 103 dial-in from 2566*104 via 104 callback",
            "12:00:02 103 answer callback",
            "12:00:02 104 answer callback",
            "12:00:02 104 dial-out from 2566*104 to 2566*108 callback",
            "12:00:02 108 dial-in from 2566*104 via 104 callback",
            "12:00:02 108 hangup BUSY 0 s callback",
            "12:00:02 104 hangup BUSY 0 s callback",
            "12:00:02 103 hangup ANSWER 0 s callback recorded",
            "12:00:02 104 hangup ANSWER 0 s callback",
            "12:00:02 108 hangup ANSWER 2 s",
        )
        here.left(
            "in +79161112244 to 2566*108 12:00:00 2 s bridged NORMAL_CLEARING caller_bye",
            "= with 2566*108 12:00:00 2 s",
            "- in 108 answered 12:00:00 2 s NORMAL_CLEARING caller_bye",
            "out 2566*104 to 2566*108 12:00:00 2 s busy USER_BUSY callee_refuse",
            "- out 104 answered 12:00:02 0 s NORMAL_CLEARING callee_bye",
            "- in 103 answered 12:00:02 0 s NORMAL_CLEARING caller_bye 0 bytes",
            "- out 104 busy 12:00:02 0 s USER_BUSY callee_refuse",
            "- in 108 busy 12:00:02 0 s USER_BUSY callee_refuse",
            "calls in 1 out 1; records 1, 0 bytes; messages 0",
        )


@pytest.mark.fact("SIM-12", "QUE-1", "DAT-16", "DAT-17")
def test_a_queue_that_overflows_to_a_mobile() -> None:
    """No agent answers for 30 seconds, and the queue sends the call to a mobile phone."""
    with office() as here:
        ways = {"max_wait_time": 30, "timeout_transfer_dst": MOBILE}
        here.ask("PUT", "/extension/@887/queue/", ways)
        call = here.pbx.incoming_call(CUSTOMER, to="887")
        here.wait(30)
        here.says(
            "12:00:00 887 dial-in from +79161112233",
            "12:00:00 102 dial-in from +79161112233 via 887",
            "12:00:30 102 hangup CANCEL 0 s",
            "12:00:30 887 hangup NOANSWER 0 s Bridged=no",
            "12:00:30 887 dial-out from 2566*887 to +79161114455",
        )
        here.runs()
        here.wait(5)
        call.answer()
        call.talk(20)
        call.hang_up()
        here.says(
            "12:00:35 887 answer",
            "12:00:55 887 hangup ANSWER 20 s Bridged=no",
        )
        here.left(
            "in +79161112233 to 2566*887 12:00:00 55 s bridged NORMAL_CLEARING caller_bye",
            "= with +79161114455 12:00:35 20 s",
            "- in 887 answered 12:00:00 30 s NORMAL_CLEARING internal_cancel",
            "- in 102 not answered 12:00:00 0 s ORIGINATOR_CANCEL internal_cancel",
            "- out 887 answered 12:00:35 20 s NORMAL_CLEARING caller_bye",
            "calls in 1 out 0; records 0, 0 bytes; messages 0",
        )


@pytest.mark.fact("AGT-1", "SIM-12")
def test_an_agent_logs_out_while_it_rings() -> None:
    """The agent who is rung logs out: it rings on, and then only others are rung."""
    with office() as here:
        call = here.pbx.incoming_call(CUSTOMER, to="887")
        here.wait(5)
        here.pbx.set_agent_status("102", "logged_out")
        here.wait(55)
        call.answer()
        call.talk(10)
        call.hang_up()
        here.says(
            "12:00:00 887 dial-in from +79161112233",
            "12:00:00 102 dial-in from +79161112233 via 887",
            "12:01:00 102 hangup NOANSWER 0 s",
            "12:01:00 103 dial-in from +79161112233 via 887",
            "12:01:00 103 answer",
            "12:01:10 103 hangup ANSWER 10 s recorded",
            "12:01:10 887 hangup ANSWER 0 s Bridged=yes",
        )
        here.left(
            "in +79161112233 to 2566*887 12:00:00 70 s bridged NORMAL_CLEARING caller_bye",
            "= with 2566*103 12:01:00 10 s",
            "- in 887 answered 12:00:00 70 s NORMAL_CLEARING caller_bye",
            "- in 102 not answered 12:00:00 0 s NO_ANSWER internal_cancel",
            "- in 103 answered 12:01:00 10 s NORMAL_CLEARING caller_bye 20016 bytes",
            "calls in 1 out 0; records 1, 20016 bytes; messages 0",
        )


@pytest.mark.fact("SIM-9", "PHN-30", "PHN-31")
def test_the_record_of_who_passed_a_call_on() -> None:
    """103 records on, since 108 does not: its record is of both talks and of the ringing."""
    with office() as here:
        call = here.pbx.incoming_call(CUSTOMER, to="103")
        call.answer()
        call.talk(10)
        call.transfer("108")
        here.wait(4)
        call.answer()
        call.talk(30)
        call.hang_up()
        here.says(
            "12:00:00 103 dial-in from +79161112233",
            "12:00:00 103 answer",
            "12:00:10 103 hangup ANSWER 10 s recorded",
            "12:00:10 108 dial-in from +79161112233 via 103 RemoteNumber=+79161112233",
            "12:00:14 108 answer",
            "12:00:44 108 hangup ANSWER 30 s",
        )
        here.left(
            "in +79161112233 to 2566*103 12:00:00 44 s bridged NORMAL_CLEARING caller_bye",
            "= with 2566*108 12:00:14 30 s",
            "- in 103 answered 12:00:00 10 s NORMAL_CLEARING callee_bye 87984 bytes",
            "- transfer 108 answered 12:00:14 30 s NORMAL_CLEARING caller_bye",
            "calls in 1 out 0; records 1, 87984 bytes; messages 0",
        )


@pytest.mark.fact("IVR-1", "CAL-2")
def test_a_menu_in_which_nothing_is_chosen() -> None:
    """The customer presses nothing for 60 seconds, and the menu sends the call to support."""
    with office() as here:
        call = here.pbx.incoming_call(CUSTOMER, to="099")
        here.wait(60)
        here.says(
            "12:00:00 099 dial-in from +79161112233",
            "12:01:00 887 dial-in from +79161112233 via 099",
            "12:01:00 102 dial-in from +79161112233 via 887",
        )
        here.runs(
            "IN 102 from +79161112233 since 12:01:00",
        )
        here.wait(2)
        call.answer()
        call.talk(5)
        call.hang_up()
        here.says(
            "12:01:02 102 answer",
            "12:01:07 102 hangup ANSWER 5 s recorded",
            "12:01:07 887 hangup ANSWER 0 s Bridged=yes",
            "12:01:07 099 hangup ANSWER 0 s Bridged=yes",
        )
        here.left(
            "in +79161112233 to 2566*099 12:00:00 67 s bridged NORMAL_CLEARING caller_bye",
            "= with 2566*102 12:01:02 5 s",
            "- in 099 answered 12:00:00 67 s NORMAL_CLEARING caller_bye",
            "- in 887 answered 12:01:00 7 s NORMAL_CLEARING caller_bye",
            "- in 102 answered 12:01:02 5 s NORMAL_CLEARING caller_bye 9936 bytes",
            "calls in 1 out 0; records 1, 9936 bytes; messages 0",
        )


@pytest.mark.fact("CAL-8", "HIS-23", "HIS-24")
def test_an_internal_call() -> None:
    """102 calls 103, who answers and hangs up."""
    with office() as here:
        call = here.pbx.internal_call("102", "103")
        here.wait(6)
        call.answer()
        here.runs(
            "OUT 102 to 2566*103 since 12:00:00 answered 12:00:06 recorded",
            "IN 103 from 2566*102 since 12:00:00 answered 12:00:06 recorded",
        )
        call.talk(11)
        call.hang_up(by="callee")
        here.says(
            "12:00:00 102 dial-out from 2566*102 to 2566*103",
            "12:00:00 103 dial-in from 2566*102 via 102",
            "12:00:06 103 answer",
            "12:00:06 102 answer",
            "12:00:17 103 hangup ANSWER 11 s recorded",
            "12:00:17 102 hangup ANSWER 11 s recorded",
        )
        here.left(
            "out 2566*102 to 2566*103 12:00:00 17 s bridged NORMAL_CLEARING callee_bye",
            "= with 2566*103 12:00:06 11 s",
            "- out 102 answered 12:00:06 11 s NORMAL_CLEARING callee_bye 22032 bytes",
            "- in 103 answered 12:00:06 11 s NORMAL_CLEARING callee_bye 22032 bytes",
            "calls in 0 out 1; records 2, 44064 bytes; messages 0",
        )


@pytest.mark.fact("SIM-11", "DAT-7")
def test_a_number_that_nobody_has() -> None:
    """102 dials 555, and nobody has it."""
    with office() as here:
        call = here.pbx.internal_call("102", "555")
        assert (call.result, call.state) == ("CONGESTION", "finished")
        here.says(
            "12:00:00 102 dial-out from 2566*102 to 555",
            "12:00:00 102 hangup CONGESTION 0 s",
        )
        here.left(
            "out 2566*102 to 555 12:00:00 0 s failed NO_ROUTE_DESTINATION internal_cancel",
            "- out 102 failed 12:00:00 0 s NO_ROUTE_DESTINATION internal_cancel",
            "calls in 0 out 1; records 0, 0 bytes; messages 0",
        )


@pytest.mark.fact("DAT-21")
def test_text_messages() -> None:
    """A customer writes to 102, who writes back; no call is told of."""
    with office() as here:
        here.pbx.message(CUSTOMER, "102", "When do you open?")
        here.pbx.message("102", CUSTOMER, "At nine.")
        here.says(
            "12:00:00 102 message-in Message=When do you open?",
            "12:00:00 102 message-out Message=At nine.",
        )
        here.left(
            "calls in 0 out 0; records 0, 0 bytes; messages 0",
        )


@pytest.mark.fact("CUR-2")
def test_a_program_lets_a_colleague_pick_up() -> None:
    """A call rings at 102, and a program lets 106 take it."""
    with office() as here:
        call = here.pbx.incoming_call(CUSTOMER, to="102")
        here.wait(5)
        here.steer(call, "102", "pickup", "106")
        here.says(
            "12:00:00 102 dial-in from +79161112233",
            "12:00:05 106 dial-in from +79161112233",
            "12:00:05 102 hangup CANCEL 0 s",
            "12:00:05 106 answer",
        )
        here.runs(
            "IN 106 from +79161112233 since 12:00:05 answered 12:00:05 recorded",
        )
        call.talk(10)
        call.hang_up()
        here.says(
            "12:00:15 106 hangup ANSWER 10 s recorded",
        )
        here.left(
            "in +79161112233 to 2566*102 12:00:00 15 s bridged NORMAL_CLEARING caller_bye",
            "= with 2566*106 12:00:05 10 s",
            "- in 102 answered elsewhere 12:00:00 0 s ORIGINATOR_CANCEL internal_cancel",
            "- in 106 answered 12:00:05 10 s NORMAL_CLEARING caller_bye 20016 bytes",
            "calls in 1 out 0; records 1, 20016 bytes; messages 0",
        )


@pytest.mark.fact("DAT-11", "HIS-11")
def test_a_call_through_a_public_number() -> None:
    """The second public number leads to 101; the customer gives up after 7 seconds."""
    with office() as here:
        call = here.pbx.incoming_call(CUSTOMER, did="74959998878")
        here.wait(7)
        call.hang_up()
        here.says(
            "12:00:00 101 dial-in from +79161112233 CalledDID=74959998878",
            "12:00:07 101 hangup CANCEL 0 s CalledDID=74959998878",
        )
        here.left(
            "in +79161112233 to 2566*101 12:00:00 7 s not answered ORIGINATOR_CANCEL caller_cancel",
            "= through 74959998878",
            "- in 101 not answered 12:00:00 0 s ORIGINATOR_CANCEL caller_cancel",
            "calls in 1 out 0; records 0, 0 bytes; messages 0",
        )


@pytest.mark.fact("HIS-1", "CUR-1", "DSK-1")
def test_two_companies() -> None:
    """A call to each of two companies at once: neither sees anything of the other's."""
    world = quiet_office()
    users = [{"id": 10, "login": "boss", "password": "secret"}]
    programs = [application("other", user="boss")]
    world["clients"].append(client(users=users, applications=programs))
    with office(world) as here:
        there = here.neighbour(10, "other")
        here.pbx.register(101)
        ours = here.pbx.incoming_call(CUSTOMER, to="2566*102")
        theirs = here.pbx.incoming_call(OTHER, to="10*101")
        ours.answer()
        theirs.answer()
        here.says(
            "12:00:00 102 dial-in from +79161112233",
            "12:00:00 101 dial-in from +79161112244",
            "12:00:00 102 answer",
            "12:00:00 101 answer",
        )
        here.runs(
            "IN 102 from +79161112233 since 12:00:00 answered 12:00:00 recorded",
        )
        there.runs(
            "IN 101 from +79161112244 since 12:00:00 answered 12:00:00 recorded",
        )
        ours.talk(10)
        for call in (ours, theirs):
            call.hang_up()
        here.says(
            "12:00:10 102 hangup ANSWER 10 s recorded",
            "12:00:10 101 hangup ANSWER 10 s recorded",
        )
        there.left(
            "in +79161112244 to 10*101 12:00:00 10 s bridged NORMAL_CLEARING caller_bye",
            "= with 10*101 12:00:00 10 s",
            "- in 101 answered 12:00:00 10 s NORMAL_CLEARING caller_bye 20016 bytes",
            "calls in 1 out 0; records 1, 20016 bytes; messages 0",
        )
        here.left(
            "in +79161112233 to 2566*102 12:00:00 10 s bridged NORMAL_CLEARING caller_bye",
            "= with 2566*102 12:00:00 10 s",
            "- in 102 answered 12:00:00 10 s NORMAL_CLEARING caller_bye 20016 bytes",
            "calls in 1 out 0; records 1, 20016 bytes; messages 0",
        )
