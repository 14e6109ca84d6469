"""An appointment that stands: moved, cancelled, asked after or kept, by whoever called whom."""

from typing import Any

import pytest

from shared.conversation import ActionResult, CancelAppointment, MoveAppointment
from shared.conversation.reporting import report_parts
from shared.kernel.ids import AppointmentId
from tests.shared.conversation.dialogue import CHICAGO, WORKDAYS, Call, make_brief, slot_at

OLD = slot_at(26, 10)
OLD_ID = AppointmentId("old")
READ_BACK = "Thursday, November 26th at 10 AM Central time"


def with_appointment(**different: Any) -> Call:
    results = different.pop("results", {})
    usual = {"booked": OLD, "booked_id": OLD_ID, "slots": tuple(s for s in WORKDAYS if s != OLD)}
    return Call(make_brief(**{**usual, **different}), results=results)


def moves(call: Call) -> list[MoveAppointment]:
    return [action for action in call.actions if isinstance(action, MoveAppointment)]


def cancels(call: Call) -> list[CancelAppointment]:
    return [action for action in call.actions if isinstance(action, CancelAppointment)]


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
@pytest.mark.parametrize(
    "words",
    [
        "yeah hi this is maria listen i can't make that appointment thursday i need to reschedule",
        "yes something came up and i need to move my appointment",
        "yes can we change the time of my visit",
        "this is maria i'd like to postpone",
    ],
)
def test_an_appointment_is_moved_to_a_time_that_was_offered(direction: str, words: str) -> None:
    call = with_appointment(direction=direction)
    reply = call.hear(words)

    assert "tomorrow at 10 AM, or Tuesday at 2 PM" in reply
    assert not call.actions
    call.hear("friday at two")
    [move] = moves(call)
    assert (move.instead_of, move.slot.starts_at.astimezone(CHICAGO).isoformat()[:16]) == (OLD_ID, "2026-11-27T14:00")
    assert "You're booked with Dana for Friday, November 27th at 2 PM Central time" in call.said[-1]
    told = report_parts(call.state, call.brief)["appointment"]
    assert told is not None
    assert (told.is_booked, told.instead_of) == (True, OLD_ID)


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("please move it to friday at two", "2026-11-27T14:00"),
        ("i need to reschedule my thursday appointment to tuesday at three", "2026-11-24T15:00"),
        ("can we push it back to friday at the same time", "2026-11-27T10:00"),
        ("could you move my appointment an hour later", "2026-11-26T11:00"),
    ],
)
def test_a_new_time_in_the_same_breath_is_booked_at_once(words: str, start: str) -> None:
    call = with_appointment(direction="inbound")
    call.hear("yes", words)

    assert [move.slot.starts_at.astimezone(CHICAGO).isoformat()[:16] for move in moves(call)] == [start]


def test_a_new_day_in_the_same_breath_is_met_with_its_times() -> None:
    call = with_appointment(direction="inbound")
    reply = call.hear("yes", "can we move it to friday")

    assert "Friday at 10 AM, or Friday at 11 AM" in reply
    assert not call.actions


def test_the_old_time_stands_while_the_new_one_is_gone() -> None:
    call = with_appointment(direction="inbound", results={MoveAppointment: [ActionResult.TAKEN, ActionResult.DONE]})
    reply = call.hear("yes", "move it to friday at two")

    assert reply.startswith("I'm sorry, that time was just taken.")
    assert call.state.standing is not None
    assert call.state.standing.id == OLD_ID
    call.hear("friday at three")
    assert [move.instead_of for move in moves(call)] == [OLD_ID, OLD_ID]


def test_a_move_that_cannot_be_written_is_never_told_as_done() -> None:
    call = with_appointment(direction="inbound", results={MoveAppointment: [ActionResult.UNKNOWN]})
    reply = call.hear("yes", "move it to friday at two")

    assert "Until we confirm it" in reply
    assert "booked" not in reply
    told = report_parts(call.state, call.brief)["appointment"]
    assert told is not None
    assert not told.is_booked


def test_who_finds_no_other_time_keeps_the_old_one_and_hears_so() -> None:
    call = with_appointment(direction="inbound")
    call.hear("yes", "i need to reschedule", "neither works", "no none really")

    assert call.is_over
    assert READ_BACK in call.said[-1]
    assert not call.actions
    assert report_parts(call.state, call.brief)["keeps_appointment"]


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_before_it_is_cancelled_it_is_read_back(direction: str) -> None:
    call = with_appointment(direction=direction)
    reply = call.hear("yes this is maria and i'm calling to cancel that appointment")

    assert reply == f"Your appointment with Dana is on {READ_BACK}. Shall I cancel it, or find another time?"
    assert not call.actions
    reply = call.hear("just cancel it please")
    assert [action.appointment_id for action in cancels(call)] == [OLD_ID]
    assert reply.startswith(f"Your appointment with Dana on {READ_BACK} is cancelled.")
    call.hear("no that's all")
    told = report_parts(call.state, call.brief)
    assert told["cancelled"] is not None
    assert (told["cancelled"].id, told["cancelled"].is_done, told["appointment"]) == (OLD_ID, True, None)
    assert not told["keeps_appointment"]


def test_who_would_cancel_may_take_another_time_instead() -> None:
    call = with_appointment(direction="inbound")
    call.hear("yes", "i want to cancel my appointment", "oh another time would be fine")

    assert call.state.is_moving
    call.hear("friday at two")
    assert len(moves(call)) == 1
    assert not cancels(call)


def test_a_bare_no_leaves_it_as_it_is() -> None:
    call = with_appointment(direction="inbound")
    reply = call.hear("yes", "i want to cancel my appointment", "no")

    assert reply.startswith(f"Then your appointment with Dana stays on {READ_BACK}.")
    assert not call.actions


@pytest.mark.parametrize(
    ("words", "because", "not_interested"),
    [
        ("say we already sold the place so you can go ahead and cancel that appointment", "already done", False),
        ("we already sold the house", "already done", False),
        ("cancel it we're not selling any more", None, True),
        ("i'm not interested anymore", None, True),
    ],
)
def test_whoever_is_done_needs_no_second_question(words: str, because: str | None, not_interested: bool) -> None:
    call = with_appointment()
    call.hear(f"yes this is maria {words}")

    assert len(cancels(call)) == 1
    assert call.is_over
    assert f"on {READ_BACK} is cancelled." in call.said[-1]
    assert (call.state.disqualified_because, call.state.not_interested) == (because, not_interested)


def test_why_they_give_it_up_is_heard_when_they_are_asked() -> None:
    call = with_appointment(direction="inbound")
    call.hear("this is maria and i'm calling to cancel that appointment")
    call.hear("no thank you we've changed our minds we're not selling")

    assert len(cancels(call)) == 1
    assert call.is_over
    assert call.state.not_interested


def test_a_cancellation_that_cannot_be_written_is_only_promised() -> None:
    call = with_appointment(direction="inbound", results={CancelAppointment: [ActionResult.UNKNOWN]})
    reply = call.hear("yes", "please cancel my appointment", "yes cancel it")

    assert "We will cancel your appointment" in reply
    assert "is cancelled" not in reply
    told = report_parts(call.state, call.brief)["cancelled"]
    assert told is not None
    assert not told.is_done


def test_what_was_booked_in_the_same_call_can_be_cancelled() -> None:
    call = Call()
    call.hear("yes", "two months", "a new job", "good", "no", "no", "the first one")
    booked = call.state.appointment_id
    call.hear("no actually cancel that appointment", "yes")

    assert [action.appointment_id for action in cancels(call)] == [booked]
    assert not call.state.is_booked
    assert report_parts(call.state, call.brief)["appointment"] is None


def test_when_it_is_gets_told_from_data() -> None:
    call = with_appointment(direction="inbound")
    reply = call.hear("yes", "what time is my appointment")

    assert reply.startswith(f"Your appointment with Dana is on {READ_BACK}.")
    assert Call().hear("yes", "when is my appointment").startswith("There is no appointment yet.")


def test_an_appointment_that_nobody_knows_of_is_looked_into_by_a_person() -> None:
    call = Call(make_brief(direction="inbound", booked=None))
    reply = call.hear("yes", "i need to cancel my appointment")

    assert reply.startswith("I can't find an appointment")
    assert (call.is_over, call.state.wants_person, call.actions) == (True, True, [])


def test_who_is_rung_with_an_appointment_hears_of_it() -> None:
    call = with_appointment()
    reply = call.hear("yes this is maria")

    assert (
        reply
        == f"Thanks for your time, Maria. Your appointment with Dana is on {READ_BACK}. Is that still good for you?"
    )
    assert call.hear("are you a robot").endswith("still good for you?") or "still suit you?" in call.said[-1]
    assert "nything else" in call.hear("yes it is")
    call.hear("no that's all")
    assert report_parts(call.state, call.brief)["keeps_appointment"]


def test_a_stranger_at_the_phone_has_no_appointment() -> None:
    call = with_appointment()
    call.hear("wrong number")

    assert not report_parts(call.state, call.brief)["keeps_appointment"]


def test_moving_is_not_heard_in_talk_about_moving_house() -> None:
    call = Call()
    call.hear("yes", "we want to move in two months", "we have to move for work", "good", "no", "no")

    assert call.state.pending == "slot"
    assert not call.state.is_moving


def test_what_no_longer_suits_is_cancelled_or_moved() -> None:
    call = with_appointment()
    call.hear("yes this is maria")

    assert "Shall I cancel it, or find another time?" in call.hear("no it isn't")
    call.hear("another time please", "friday at two")
    assert len(moves(call)) == 1


def test_words_that_mean_nothing_leave_it_as_it_is() -> None:
    call = with_appointment()
    call.hear("yes this is maria", "frob the zap", "frob the zap")

    assert "stays on" in call.said[-1]
    assert not call.actions
