"""What was interrupted is taken up again in other words, and what was told is met as it was meant."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.conversation.acknowledging import _spoken_amount
from shared.conversation.script import load_script, script_names
from tests.shared.conversation.dialogue import Call, make_brief
from tests.shared.conversation.test_turns import SAYINGS

ACTS = ("ack", "ack_also", "ack_soft", "ack_sorry", "ack_glad", "ack_good")
ACKNOWLEDGEMENTS = {text for act in ACTS for text in load_script("seller_home_value").variants[act]}
SORRY, GLAD = {"I'm sorry to hear that.", "I'm sorry, that can't be easy."}, {"Congratulations.", "How nice."}
BUYER = ("yes", "two months", "more space")
KINDS = {"seller_home_value": "seller", "buyer_portal": "buyer", "rental": "renter"}
ANSWERS = {
    "timeline": "in about two months",
    "motivation": "we need more space",
    "condition": "it's in good condition",
    "agent_status": "no",
    "decision_makers": "just me",
    "price": "up to four hundred thousand",
    "financing": "we're pre approved",
    "bedrooms": "two bedrooms",
    "rent": "eighteen hundred",
    "area": "downtown",
    "price_expectation": "about four hundred thousand",
}


def last_sentence(said: str) -> str:
    return re.split(r"(?<=[.!?]) ", said)[-1]


@pytest.mark.parametrize(
    "place",
    [
        ("yes",),
        ("yes", "two months"),
        ("yes", "two months", "a new job", "good", "no", "no"),
        ("yes", "two months", "a new job", "good", "no", "no", "the first one"),
        ("yes", "i have an agent"),
        ("yes", "i'm driving"),
    ],
)
@pytest.mark.parametrize("interruption", ["what do you charge", "how does this work", "who is this"])
def test_a_question_that_was_interrupted_comes_again_in_other_words(place: tuple[str, ...], interruption: str) -> None:
    call = Call()
    asked = last_sentence(call.hear(*place))
    pending = call.state.pending
    first, second = last_sentence(call.hear(interruption)), last_sentence(call.hear("are you a robot"))

    assert call.state.pending == pending
    assert all(said.endswith("?") for said in (asked, first, second))
    assert asked not in (first, second)
    assert first != second


def test_interruptions_in_interruptions_lead_back_to_the_first_question() -> None:
    call = Call()
    call.hear("yes", "i already have an agent", "are you a robot", "what do you charge")
    assert call.state.pending == "agent_signed"

    reply = call.hear("no we signed nothing")
    assert "how soon" in reply.lower()
    assert call.state.interrupted == ()


def test_an_offer_that_was_interrupted_by_an_agent_comes_again() -> None:
    call = Call()
    call.hear("yes", "two months", "a new job", "good", "no", "no", "my cousin is a realtor", "no nothing signed")

    assert call.state.pending == "slot"
    call.hear("the first one")
    assert call.state.is_booked


@pytest.mark.parametrize("words", ["actually go ahead", "okay i have a minute now", "i can talk now", "make it quick"])
def test_who_was_to_be_called_back_and_has_time_after_all_is_asked_on(words: str) -> None:
    call = Call()
    call.hear("yes", "two months", "sorry i'm driving")
    assert call.state.pending == "callback_time"

    call.hear(words)
    assert call.state.pending == "motivation"
    call.hear("a new job")
    assert "motivation" in call.state.facts


@pytest.mark.parametrize(
    ("place", "words", "answer", "then"),
    [
        (("yes",), "in two months and what do you charge", "This is free.", "motivation"),
        (("yes", "two months"), "a new job how long will this take", "This takes about a minute.", "condition"),
        ((), "yes this is maria who are you", "I'm Ava, an AI assistant", "timeline"),
    ],
)
def test_who_answers_and_asks_in_one_breath_gets_both(
    place: tuple[str, ...], words: str, answer: str, then: str
) -> None:
    call = Call()
    reply = call.hear(*place, words)

    assert reply.startswith(answer)
    assert call.state.pending == then


def test_a_counter_offer_and_a_question_get_both() -> None:
    call = Call()
    call.hear("yes", "two months", "a new job", "good", "no", "no")
    reply = call.hear("are you a robot and how about friday")

    assert reply.startswith("Yes, I'm an AI assistant")
    assert "Friday at 10 AM, or Friday at 11 AM" in reply


def test_a_choice_and_a_question_get_both() -> None:
    call = Call()
    call.hear("yes", "two months", "a new job", "good", "no", "no")
    reply = call.hear("tuesday at two and what do you charge")

    assert reply.startswith("This is free.")
    assert "You're booked with Dana for Tuesday" in reply


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("my mother passed away", SORRY),
        ("we're getting a divorce", SORRY),
        ("i lost my job and i can't keep up with the payments", SORRY),
        ("we're having a baby", GLAD),
        ("i'm retiring to arizona", GLAD),
        ("the lease is up", {"That makes sense.", "I understand."}),
    ],
)
def test_a_reason_is_met_as_it_is_meant(words: str, said: set[str]) -> None:
    call = Call()
    reply = call.hear("yes", "two months", words)

    assert any(reply.startswith(each) for each in said)


@pytest.mark.parametrize(
    ("script", "before", "words", "echo"),
    [
        ("buyer_portal", BUYER, "three fifty to four hundred", "350 thousand to 400 thousand"),
        ("buyer_portal", BUYER, "up to one point two million", "up to 1.2 million"),
        ("rental", ("yes", "next month"), "two", "two bedrooms"),
        ("rental", ("yes", "next month", "two"), "about eighteen hundred", "up to 1800 a month"),
    ],
)
def test_numbers_are_echoed(script: str, before: tuple[str, ...], words: str, echo: str) -> None:
    call = Call(make_brief(script=script, lead_kind=KINDS[script]))

    assert echo in call.hear(*before, words)


@settings(max_examples=120, deadline=None)
@given(
    texts=st.lists(st.sampled_from([*SAYINGS, *ANSWERS.values()]), min_size=12, max_size=25),
    attempt=st.integers(0, 50),
)
def test_nothing_is_acknowledged_twice_in_the_same_words(texts: list[str], attempt: int) -> None:
    call = Call(make_brief(attempt_id=f"attempt-{attempt}"))
    call.hear("yes", *texts)
    said = [sentence for reply in call.said for sentence in re.split(r"(?<=[.!?]) ", reply)]
    given_back = [sentence for sentence in said if sentence in ACKNOWLEDGEMENTS]

    assert all(one != other for one, other in pairwise(given_back))


@pytest.mark.parametrize("name", script_names())
def test_every_script_is_carried_to_a_booked_appointment(name: str) -> None:
    call = Call(make_brief(script=name, lead_kind=KINDS.get(name, "seller")))
    call.hear("yes this is maria")
    for _ in range(12):
        if call.state.pending == "slot" or call.is_over:
            break
        assert call.state.pending is not None
        call.hear(ANSWERS.get(call.state.pending, "yes"))
    call.hear("the second one", "no that's all thank you")

    assert call.is_over
    assert call.state.is_booked
    assert all(len(sentence.split()) <= 25 for said in call.said for sentence in re.split(r"(?<=[.!?]) ", said))


@pytest.mark.parametrize(("dollars", "said"), [(400_000, "400 thousand"), (1_250_000, "1.25 million"), (1850, "1850")])
def test_amounts_are_said_as_people_say_them(dollars: int, said: str) -> None:
    assert _spoken_amount(dollars) == said
