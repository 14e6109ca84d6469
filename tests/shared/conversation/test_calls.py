"""Whole calls, as text: who answers, what they want, how it ends."""

import pytest

from shared.conversation import ActionResult, BookSlot, PromiseCallback, Stage, StopRecording
from tests.shared.conversation.dialogue import CHICAGO, SUNDAY, WORKDAYS, Call, fact, make_brief, slot_at

SELLER = ("yes this is maria", "in about two months", "i got a new job in denver", "it's in good condition", "no")


def test_a_cooperative_seller_books_within_nine_turns() -> None:
    call = Call()
    call.hear(*SELLER, "no it's just me", "the first one works", "no that's all thank you")

    assert call.is_over
    assert [start.isoformat() for start in call.booked] == ["2026-11-23T10:00:00-06:00"]
    assert call.state.is_booked
    assert call.said[-2] == (
        "You're booked with Dana for Monday, November 23rd at 10 AM Central time. Anything else before I go?"
    )
    assert len(call.said) == 9
    assert all(len(said.split()) <= 25 for said in call.said)
    assert {name: known.value for name, known in call.state.facts.items()} == {
        "timeline": "1_3m",
        "motivation": {"text": "i got a new job in denver", "strength": 3},
        "condition": 2,
        "agent_status": "none",
        "decision_makers": "self",
    }


def test_the_greeting_follows_the_opening_with_what_was_asked_about() -> None:
    assert Call().said == ["You asked about 12 Oak Street on Zillow on November 20th. Is this Maria?"]


def test_a_buyer_books() -> None:
    call = Call(make_brief(script="buyer_portal", lead_kind="buyer"))
    call.hear("speaking", "in three months", "we need more space", "three fifty to four hundred", "i'm pre approved")
    call.hear("not yet", "around cedar park", "tuesday at two works for me", "bye")

    assert [start.isoformat() for start in call.booked] == ["2026-11-24T14:00:00-06:00"]
    assert fact(call, "price") == {"min": 350_000, "max": 400_000}
    assert fact(call, "financing") == "preapproved"


def test_a_renter_books() -> None:
    call = Call(make_brief(script="rental", lead_kind="renter"))
    call.hear("yes", "next month", "two", "about eighteen hundred", "my lease is up", "just a cat")
    call.hear("tomorrow at ten", "no thanks")

    assert call.state.is_booked
    assert (fact(call, "bedrooms"), fact(call, "rent"), fact(call, "pets")) == (2, {"max": 1800}, "some")


@pytest.mark.parametrize(
    ("answer", "start"),
    [
        ("thursday at two works", "2026-11-26T14:00"),
        ("how about friday at ten", "2026-11-27T10:00"),
        ("can we do wednesday at three", "2026-11-25T15:00"),
        ("Thursday, November 26th at 2 PM, please.", "2026-11-26T14:00"),
        ("the second one", "2026-11-24T14:00"),
        ("the earlier one", "2026-11-23T10:00"),
        ("the later one is better", "2026-11-24T14:00"),
        ("either one is fine", "2026-11-23T10:00"),
        ("tuesday is good", "2026-11-24T14:00"),
        ("tomorrow", "2026-11-23T10:00"),
        ("two oclock on tuesday", "2026-11-24T14:00"),
        ("ten works", "2026-11-23T10:00"),
        ("the morning is better", "2026-11-23T10:00"),
        ("the afternoon one", "2026-11-24T14:00"),
        ("i can't do monday but tuesday works", "2026-11-24T14:00"),
    ],
)
def test_a_time_is_picked_in_many_ways(answer: str, start: str) -> None:
    call = Call()
    call.hear(*SELLER, "no", answer)

    assert [booked.isoformat()[:16] for booked in call.booked] == [start]


def test_a_counter_offer_is_met_with_times_that_fit() -> None:
    call = Call()
    reply = call.hear(*SELLER, "no", "how about friday morning")

    assert "Friday at 10 AM, or Friday at 11 AM" in reply
    assert call.booked == []
    call.hear("the later one")
    assert call.booked[0].isoformat()[:16] == "2026-11-27T11:00"


def test_a_time_that_is_not_free_is_answered_with_the_nearest() -> None:
    call = Call()
    reply = call.hear(*SELLER, "no", "thursday at noon")

    assert reply.startswith("That time isn't free.")
    assert "Thursday at 11 AM, or Thursday at 2 PM" in reply


def test_a_time_that_was_just_taken_is_replaced() -> None:
    call = Call(results={BookSlot: [ActionResult.TAKEN, ActionResult.DONE]})
    reply = call.hear(*SELLER, "no", "the first one")

    assert reply.startswith("I'm sorry, that time was just taken.")
    assert "tomorrow at 10 AM" not in reply
    assert not call.state.is_booked
    call.hear("the first one")
    assert call.state.is_booked
    assert len(call.booked) == 2


def test_a_booking_that_could_not_be_written_is_only_promised() -> None:
    call = Call(results={BookSlot: [ActionResult.UNKNOWN]})
    reply = call.hear(*SELLER, "no", "the first one")

    assert "We will confirm it with you." in reply
    assert "booked" not in reply.lower()
    assert not call.state.is_booked
    assert call.state.appointment_id is not None


def test_a_yes_to_two_times_is_asked_which_and_then_taken_as_the_first() -> None:
    call = Call()
    reply = call.hear(*SELLER, "no", "yes")
    assert reply == "Which one: tomorrow at 10 AM, or Tuesday at 2 PM?"

    call.hear("yes")
    assert call.booked[0].day == 23


def test_who_refuses_every_time_is_let_go_without_pressure() -> None:
    call = Call()
    reply = call.hear(*SELLER, "no", "neither works for me")
    assert reply == "What day and time would suit you?"

    call.hear("none really")
    assert call.is_over
    assert not call.booked


def test_who_is_not_ready_to_meet_is_not_pressed() -> None:
    call = Call()
    call.hear(*SELLER, "no", "no i'm not ready for that")

    assert call.is_over
    assert "There's no rush." in call.said[-1]


def test_a_day_that_does_not_suit_is_not_offered_again() -> None:
    call = Call()
    reply = call.hear(*SELLER, "no", "i can't make it tomorrow")

    assert "tomorrow" not in reply
    assert "Tuesday at 10 AM, or Wednesday at 2 PM" in reply


def test_a_time_on_another_day_next_week_is_understood() -> None:
    call = Call(make_brief(slots=(*WORKDAYS, slot_at(1, 10, month=12))))
    call.hear(*SELLER, "no", "tuesday at ten next week or december first at ten")

    assert call.booked[0].isoformat()[:16] == "2026-12-01T10:00"


def test_no_free_time_ends_with_a_promise_to_call() -> None:
    call = Call(make_brief(slots=()))
    call.hear(*SELLER, "no")

    assert call.is_over
    assert "Blue Oak Realty will call you" in call.said[-1]


def test_a_slot_that_has_passed_is_not_offered() -> None:
    call = Call(make_brief(slots=(slot_at(22, 9), slot_at(24, 14))))

    assert "Tuesday at 2 PM. Does that work?" in call.hear(*SELLER, "no")


def test_an_interrupted_topic_is_taken_up_again() -> None:
    call = Call()
    call.hear("yes")
    assert call.state.pending == "timeline"

    first = call.hear("what do you charge")
    assert "how soon" in first.split(". ")[-1]
    assert call.state.pending == "timeline"
    second = call.hear("send me an email first")
    assert "how soon" in second.split(". ")[-1]
    assert len({said.rsplit(". ", 1)[-1] for said in (call.said[1], first, second)}) == 3
    call.hear("in three months")
    assert fact(call, "timeline") == "1_3m"


def test_a_question_with_an_answer_in_it_gets_both() -> None:
    call = Call()
    reply = call.hear("yes", "are you a robot i want to sell in three months")

    assert reply.startswith("Yes, I'm an AI assistant for Blue Oak Realty.")
    assert fact(call, "timeline") == "1_3m"


def test_just_looking_is_accepted() -> None:
    call = Call()
    reply = call.hear("yes", "i'm just looking")

    assert reply in (
        "That's perfectly fine. So, how soon would you like to sell?",
        "That's perfectly fine. And how soon would you like to sell?",
    )
    assert call.state.objections == ("just_looking",)


def test_no_plan_ends_kindly_without_an_appointment() -> None:
    call = Call()
    call.hear("yes", "we're in no rush", "just curious", "it's fine", "no", "no")

    assert call.is_over
    assert "There's no rush." in call.said[-1]
    assert not call.booked


def test_a_signed_agreement_is_respected() -> None:
    call = Call()
    call.hear("yes", "i already have an agent", "yes we signed with her")

    assert call.is_over
    assert call.state.has_agent


def test_a_listed_home_ends_the_call() -> None:
    call = Call()
    call.hear("yes", "two months", "moving", "good", "yes it's already listed with someone")

    assert call.is_over
    assert call.state.has_agent


def test_an_agent_without_agreement_lets_the_call_go_on() -> None:
    call = Call()
    call.hear("yes", "my cousin is a realtor", "no nothing signed")

    assert not call.is_over
    assert fact(call, "agent_status") == "informal"
    assert call.state.pending == "timeline"


def test_an_unclear_answer_about_an_agreement_counts_as_one() -> None:
    call = Call()
    call.hear("yes", "i'm working with an agent", "well sort of")

    assert call.state.has_agent


@pytest.mark.parametrize(
    "words",
    ["not interested", "no thanks", "we're not selling", "i changed my mind", "we decided not to sell", "i'll pass"],
)
def test_not_interested_is_taken_as_a_no_at_once(words: str) -> None:
    call = Call()
    call.hear("yes", words)

    assert call.is_over
    assert call.state.not_interested
    assert len(call.said) == 3
    assert call.opt_outs == 0


def test_a_sold_home_closes_the_request() -> None:
    call = Call()
    call.hear("yes", "we already sold it")

    assert call.is_over
    assert call.state.disqualified_because == "already done"


def test_a_tenant_is_not_a_seller() -> None:
    call = Call()
    call.hear("yes", "in two months", "i'm just the tenant")

    assert call.is_over
    assert call.state.disqualified_because == "not the owner"


@pytest.mark.parametrize(
    "words",
    [
        "wrong number",
        "you have the wrong number",
        "no you've got the wrong person",
        "there's nobody here by that name",
        "no one by that name lives here",
    ],
)
def test_a_wrong_number_is_let_go(words: str) -> None:
    call = Call()
    call.hear(words)

    assert call.is_over
    assert call.state.wrong_number
    assert call.opt_outs == 0


def test_a_bare_no_is_asked_about() -> None:
    call = Call()
    assert call.hear("no") == "Sorry. Do I have the wrong number for Maria?"

    call.hear("yes you do")
    assert call.state.wrong_number


def test_somebody_else_is_asked_when_the_person_can_be_reached() -> None:
    call = Call()
    assert call.hear("no she's not here") == "When is a good time to reach Maria?"

    call.hear("tomorrow at six")
    assert call.is_over
    assert call.callback is not None
    assert call.callback.isoformat()[:16] == "2026-11-23T18:00"


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("call me tomorrow at five", "2026-11-23T17:00"),
        ("can you call me back on thursday at two thirty", "2026-11-26T14:30"),
        ("call me back in an hour", "2026-11-22T11:00"),
        ("i'm at work call me after five", "2026-11-22T17:00"),
        ("try me again tomorrow morning", "2026-11-23T09:00"),
        ("call me back tonight at eleven pm", "2026-11-23T09:00"),
    ],
)
def test_a_call_back_is_promised_for_the_time_that_was_said(words: str, at: str) -> None:
    call = Call()
    call.hear(words)

    assert call.is_over
    assert call.callback is not None
    assert call.callback.isoformat()[:16] == at
    assert call.state.callback_at == call.callback


def test_who_is_busy_is_asked_for_a_better_time() -> None:
    call = Call()
    call.hear("yes", "sorry i'm driving right now")
    assert call.state.pending == "callback_time"

    call.hear("tomorrow at noon")
    assert call.said[-1] == "I'll call you back Monday, November 23rd at noon Central time. Thank you. Goodbye."


def test_a_day_alone_is_asked_for_its_time_once() -> None:
    call = Call()
    assert call.hear("call me back later").endswith("What day and time is good to call back?")

    call.hear("tuesday")
    assert call.callback is not None
    assert call.callback.date().isoformat() == "2026-11-24"


def test_who_wants_a_call_back_and_hangs_up_is_called_tomorrow() -> None:
    call = Call()
    call.hear("call me back later", "thank you bye")

    assert call.callback is not None
    assert call.callback.isoformat()[:16] == "2026-11-23T10:00"


def test_a_call_back_that_could_not_be_written_is_not_promised() -> None:
    call = Call(results={PromiseCallback: [ActionResult.UNKNOWN]})

    assert "do our best" in call.hear("call me tomorrow at five")


def test_a_request_without_a_record_is_never_called_again() -> None:
    call = Call(make_brief(asked_at=None, source=""))
    call.hear("how did you get my number")

    assert call.opt_outs == 1
    assert call.is_over


def test_where_the_number_came_from_is_told_from_data() -> None:
    call = Call()

    assert "12 Oak Street on Zillow on November 20th" in call.hear("how did you get my number")
    assert not call.is_over


def test_a_screening_assistant_is_told_who_calls_and_why() -> None:
    call = Call()
    reply = call.hear("hi the person you are calling is using a screening service please state your name")

    assert "Ava, an AI assistant for Blue Oak Realty, calling Maria about 12 Oak Street" in reply
    assert call.state.heard == "screening"
    assert call.hear("stay on the line please") == ""
    call.hear("hello")
    assert call.state.heard == "human"
    call.hear("yes")
    assert call.state.stage is Stage.QUALIFYING


@pytest.mark.parametrize(
    "words",
    [
        "you have reached the voicemail of maria please leave a message after the tone",
        "hi we can't come to the phone right now",
        "your call has been forwarded to an automatic voice message system",
    ],
)
def test_a_voicemail_is_left_without_a_word(words: str) -> None:
    call = Call()
    call.hear(words)

    assert call.is_over
    assert call.said[-1] == ""
    assert call.state.heard == "voicemail"


def test_another_language_ends_the_call() -> None:
    call = Call()
    call.hear("no english")

    assert call.is_over
    assert call.state.language_barrier


def test_who_does_not_want_to_be_recorded_is_told_that_it_is_off_and_asked_again() -> None:
    call = Call()
    asked = call.hear("yes")
    said = call.hear("i don't want to be recorded")

    assert call.actions == [StopRecording(ends_call=False)]
    assert said.startswith(
        "Understood. Nothing of this call is recorded from now on, and what was recorded is deleted."
    )
    assert "How soon" in asked.rsplit(". ", 1)[-1]
    assert "how soon" in said.rsplit(". ", 1)[-1]
    assert call.state.off_the_record
    assert not call.is_over
    assert not call.state.not_interested


def test_a_recording_that_cannot_be_deleted_now_is_not_said_to_be_gone() -> None:
    call = Call(results={StopRecording: [ActionResult.UNKNOWN]})

    said = call.hear("yes", "please stop recording me")

    assert "is deleted." in said
    assert "I'll make sure" in said


def test_who_objects_and_takes_their_leave_is_let_go() -> None:
    call = Call()
    call.hear("yes", "don't record me i'm not interested goodbye")

    assert call.is_over
    assert call.state.off_the_record
    assert call.state.not_interested


def test_an_eager_person_is_asked_only_what_is_required() -> None:
    call = Call()
    call.hear("yes can someone come by to see it", "in two months", "when can you come", "no")

    assert call.state.pending == "slot"
    assert set(call.state.facts) <= {"timeline", "agent_status", "motivation"}


def test_times_are_read_on_the_persons_own_clock() -> None:
    call = Call(make_brief(timezone="America/New_York"))
    call.hear(*SELLER, "no", "thursday at three")

    assert call.booked[0] == slot_at(26, 14).starts_at
    assert "3 PM Eastern time" in call.said[-1]
    assert call.booked[0].tzinfo == CHICAGO
    assert call.now == SUNDAY


def test_garbled_words_are_asked_again_and_then_passed_over() -> None:
    call = Call()
    assert "Roughly, is it within three months, or later?" in call.hear("yes", "fee the grapes")

    call.hear("the blue")
    assert call.state.pending == "motivation"
    assert not call.is_over


def test_nothing_but_noise_ends_the_call_politely() -> None:
    call = Call()
    call.hear(*["frob the zap"] * 12)

    assert call.is_over
    assert "trouble hearing" in call.said[-1]


BOOKED = (*SELLER, "no", "the first one")


def test_a_last_question_is_answered_and_the_call_goes_on_to_its_end() -> None:
    call = Call()

    assert call.hear(*BOOKED, "how long will this take").lower().endswith("anything else?")
    assert call.hear("yes") == "Sure, what is it?"
    assert "pass that on to Dana" in call.hear("please tell her the gate is locked")
    assert call.is_over


def test_a_last_moment_is_waited_for() -> None:
    call = Call()

    assert call.hear(*BOOKED, "hold on a second") == "Sure, take your time."
    assert not call.is_over
    call.hear("okay that's all")
    assert call.is_over


def test_answers_from_the_script_come_before_the_question_again() -> None:
    call = Call()
    reply = call.hear("yes", "how does this work")

    assert reply.startswith("It's simple: a few questions, then a time with a licensed agent.")
    assert reply.endswith("how soon would you like to sell?")


def test_the_line_is_held_while_the_phone_is_handed_over() -> None:
    call = Call()
    assert call.hear("let me get her") == "Thank you, I'll hold."

    call.hear("hello")
    assert call.said[-1].endswith("Is this Maria?")
    call.hear("this is she")
    assert call.state.stage is Stage.QUALIFYING


def test_an_incoming_call_is_greeted_by_name() -> None:
    assert Call(make_brief(direction="inbound")).said == ["Am I speaking with Maria?"]
