"""Who calls us: greeted with what we know, put through or promised a person, and gone on with after a broken line."""

from datetime import timedelta
from typing import Any

import pytest

from shared.conversation import KnownFact, Stage
from shared.conversation.reporting import report_parts
from tests.shared.conversation.dialogue import SUNDAY, WORKDAYS, Call, fact, make_brief

KNOWN = (KnownFact(field="timeline", value="1_3m", quote="two months"),)


def inbound(**different: Any) -> Call:
    return Call(brief=make_brief(direction="inbound", **different))


@pytest.mark.parametrize(
    ("known", "greeting"),
    [
        ({}, "Am I speaking with Maria?"),
        ({"missed_at": SUNDAY}, "We tried to reach you about 12 Oak Street. Am I speaking with Maria?"),
        ({"spoken_at": SUNDAY, "missed_at": SUNDAY}, "Good to hear from you again. Am I speaking with Maria?"),
        (
            {"promised_at": SUNDAY, "spoken_at": SUNDAY},
            "We were going to call you back, so this is a good moment. Am I speaking with Maria?",
        ),
        (
            {"booked": WORKDAYS[0], "spoken_at": SUNDAY},
            "Your appointment with Dana is on Monday, November 23rd at 10 AM Central time. Am I speaking with Maria?",
        ),
        ({"first_name": ""}, "How can I help you?"),
    ],
)
def test_a_caller_is_greeted_with_what_we_know(known: dict[str, Any], greeting: str) -> None:
    assert inbound(**known).said == [greeting]


def test_what_was_told_before_is_not_asked_again() -> None:
    call = inbound(spoken_at=SUNDAY, known=KNOWN)
    reply = call.hear("yes this is maria")

    assert "how soon" not in reply.lower()
    assert fact(call, "timeline") == "1_3m"
    reported = report_parts(call.state, call.brief, turn_numbers=(2,))
    assert [(each.field, each.turn, each.quote) for each in reported["facts"]] == [("timeline", 0, "two months")]


def test_who_has_an_appointment_is_asked_for_nothing_more() -> None:
    call = inbound(booked=WORKDAYS[0], spoken_at=SUNDAY)

    assert call.hear("yes this is maria") == "Thanks for your time, Maria. How can I help you?"
    call.hear("no that's all")
    assert call.booked == []
    assert report_parts(call.state, call.brief)["appointment"] is None  # the earlier call's


def test_a_stranger_is_helped_without_a_name() -> None:
    call = inbound(first_name="", subject="", source="", asked_at=None, slots=WORKDAYS)
    first = call.hear("hi i would like to sell my house")

    assert "How soon" in first
    call.hear("in two months", "a new job", "it's in good condition", "no i don't have an agent", "yes i own it")
    call.hear("the first one")
    assert len(call.booked) == 1
    assert "{" not in " ".join(call.said)


def test_a_caller_is_opted_out_like_anybody_else() -> None:
    call = inbound()
    call.hear("stop calling me")

    assert (call.opt_outs, call.is_over) == (1, True)


def test_who_wants_a_person_is_put_through_where_somebody_is_there() -> None:
    call = inbound(transfer_to="+15125550177")
    reply = call.hear("person")

    assert "connecting you now" in reply
    assert (call.is_over, call.state.transferred_to, call.state.wants_person) == (True, "+15125550177", True)
    assert call.callback is None


def test_who_wants_a_person_is_promised_one_where_nobody_is_there() -> None:
    call = inbound()
    asked = call.hear("can i talk to a real person")
    promised = call.hear("tomorrow at three")

    assert "What day and time" in asked
    assert promised.startswith("A person will call you back Monday, November 23rd at 3 PM")
    assert call.state.wants_person
    assert call.callback is not None


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_a_person_can_be_had_in_the_middle_of_the_questions(direction: str) -> None:
    call = Call(brief=make_brief(direction=direction, transfer_to="+15125550177"))
    call.hear("yes this is maria", "let me speak to a person")

    assert call.state.transferred_to == "+15125550177"


def test_a_line_that_broke_goes_on_where_it_was() -> None:
    call = Call(brief=make_brief(part=1, goes_on=True, spoken_at=SUNDAY, known=KNOWN))

    assert call.state.stage is Stage.QUALIFYING
    assert call.state.heard == "human"
    assert "how soon" not in call.said[0].lower()
    assert call.said[0].endswith("?")


def test_a_line_that_broke_after_the_booking_asks_for_nothing_more() -> None:
    call = Call(brief=make_brief(part=1, goes_on=True, spoken_at=SUNDAY, known=KNOWN, booked=WORKDAYS[0]))

    assert "anything else" in call.said[0].lower()
    call.hear("no thank you")
    assert (call.is_over, call.booked) == (True, [])


def test_a_line_that_broke_before_anybody_spoke_begins_anew() -> None:
    nobody_spoke = make_brief(part=1, spoken_at=SUNDAY - timedelta(days=9), known=KNOWN)
    nobody_knows = make_brief(part=1, goes_on=True, spoken_at=SUNDAY)

    for brief in (nobody_spoke, nobody_knows):
        assert "Is this Maria" in Call(brief=brief).said[0]


def test_the_known_is_old_news_when_it_is_told_anew() -> None:
    call = inbound(spoken_at=SUNDAY - timedelta(days=9), known=KNOWN)
    call.hear("yes this is maria", "actually we want to sell within six months")

    assert fact(call, "timeline") == "3_6m"
