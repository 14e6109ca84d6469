"""What a call leaves behind: facts with evidence, an explained score, the appointment that was agreed."""

from datetime import timedelta

from shared.conversation import ActionResult, BookSlot, CallReport
from shared.conversation.reporting import report_parts
from shared.conversation.score import score
from tests.shared.conversation.dialogue import SUNDAY, Call, make_brief

SELLER = ("yes", "as soon as possible", "i got a new job", "great shape", "no", "no it's just me")


def test_a_ready_seller_is_hot_and_every_point_is_explained() -> None:
    call = Call()
    call.hear(*SELLER)
    result = score(call.state, call.brief)

    assert result is not None
    assert (result.points, result.is_hot) == (95, True)
    assert [(reason.name, reason.points, reason.most) for reason in result.reasons] == [
        ("timeline", 30, 30),
        ("motivation", 20, 20),
        ("home", 20, 20),
        ("agent-free", 15, 15),
        ("location and price", 10, 15),
    ]
    assert result.reasons[0].why == "within a month"
    assert result.reasons[2].why == "condition excellent; decides alone"
    assert [(each.field, each.turn, each.quote) for each in result.reasons[2].evidence] == [
        ("condition", 4, "great shape"),
        ("decision_makers", 6, "no it's just me"),
    ]


def test_a_buyer_is_scored_on_money() -> None:
    call = Call(make_brief(script="buyer_portal", lead_kind="buyer"))
    call.hear("yes", "two months", "need more space", "four fifty", "i'm pre approved", "no")
    result = score(call.state, call.brief)

    assert result is not None
    assert result.points == 25 + 14 + 18 + 15 + 15
    assert {reason.name for reason in result.reasons} >= {"financing"}


def test_a_far_plan_is_not_hot() -> None:
    call = Call()
    call.hear("yes", "in nine months", "just curious", "fine", "no", "no")
    result = score(call.state, call.brief)

    assert result is not None
    assert not result.is_hot


def test_what_is_unknown_earns_nothing_and_nothing_known_is_no_score() -> None:
    call = Call()
    assert score(call.state, call.brief) is None

    call.hear("yes", "in two months")
    result = score(call.state, call.brief)
    assert result is not None
    assert result.points == 25 + 10
    assert [reason.why for reason in result.reasons].count("not known") == 3


def report(call: Call, **parts: object) -> CallReport:
    return CallReport.model_validate(
        {
            **report_parts(call.state, call.brief, turn_numbers=(2, 4, 6, 8, 10, 12, 14)),
            "attempt_id": call.brief.attempt_id,
            "worker": "w1",
            "epoch": "1",
            "started_at": SUNDAY,
            "ended_at": SUNDAY + timedelta(minutes=1),
            "ended_by": "agent",
            "end_reason": "done",
            **parts,
        }
    )


def test_the_report_cites_the_transcript_and_holds_the_appointment() -> None:
    call = Call()
    call.hear(*SELLER, "the first one", "no thanks")
    written = report(call)

    assert {fact.field: fact.turn for fact in written.facts}["timeline"] == 4
    assert written.appointment is not None
    assert written.appointment.is_booked
    assert written.appointment.id == call.state.appointment_id
    assert written.score == 95
    assert written.heard == "human"


def test_the_same_booking_has_the_same_id_and_a_promised_one_is_marked() -> None:
    first, second = Call(), Call(results={BookSlot: [ActionResult.UNKNOWN]})
    first.hear(*SELLER, "the first one")
    second.hear(*SELLER, "the first one")

    assert first.state.appointment_id == second.state.appointment_id
    promised = report(second).appointment
    assert promised is not None
    assert not promised.is_booked


def test_a_time_that_was_taken_leaves_no_appointment() -> None:
    call = Call(results={BookSlot: [ActionResult.TAKEN]})
    call.hear(*SELLER, "the first one", "no thanks")

    assert report(call).appointment is None


def test_flags_and_wishes_reach_the_report() -> None:
    stopped, later, wrong = Call(), Call(), Call()
    stopped.hear("stop")
    later.hear("call me tomorrow at five")
    wrong.hear("wrong number")

    assert (report(stopped).opted_out, report(stopped).opt_out_words) == (True, "stop")
    assert report(later).callback_at == later.state.callback_at
    assert report(later).objections == ("call_later",)
    assert report(wrong).wrong_number
    assert report(wrong).score is None
