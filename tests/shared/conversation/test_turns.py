"""What holds for every turn of every call: it ends, it never lies, it never speaks a placeholder."""

import re
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.conversation import ActionResult, BookSlot, RecordOptOut, Stage
from shared.conversation.routing import route
from shared.conversation.script import script_names
from shared.conversation.turn import DECIDE, hear, on_silence, take_turn
from tests.shared.conversation.dialogue import WORKDAYS, Call, make_brief

SAYINGS = (
    """
yes|no|maybe|hello|who is this|are you a robot|what do you charge|how did you get my number|in two months
next spring|no rush|i got a new job|just curious|it needs a new roof|great shape|i have an agent|we signed
my wife decides too|thursday at two|the first one|neither|something else|friday morning|call me tomorrow at five
i'm driving|send me an email|let me think about it|not sure|what|hold on|is it a safe area|what's it worth
thank you|bye|uh|fee fee the|can someone come by|four fifty|two bedrooms|no thanks|stop calling me|wrong number
i don't know|in an hour|not tomorrow|after five|just me|we sold it|i'm a tenant|what are the taxes|i'm good
can i talk to a person|hello hello|no english|say that again|either one|next week|how does this work||stop
""".replace("\n", "|")
    .strip("|")
    .split("|")
)

UNSPEAKABLE = re.compile(r"[\[\]{}<>|_]|\bNone\b|\bXX")


@settings(max_examples=150, deadline=None)
@given(
    texts=st.lists(st.sampled_from(SAYINGS), min_size=35, max_size=35),
    script=st.sampled_from(script_names()),
    result=st.sampled_from(list(ActionResult)),
    has_slots=st.booleans(),
)
def test_every_conversation_ends_and_never_speaks_a_placeholder(
    texts: list[str], script: str, result: ActionResult, has_slots: bool
) -> None:
    written = ActionResult.UNKNOWN if result is ActionResult.TAKEN else result
    call = Call(
        make_brief(script=script, slots=WORKDAYS if has_slots else (), first_name="", subject="", source=""),
        results={BookSlot: [result] * 40, RecordOptOut: [written]},
    )
    call.hear(*texts)

    assert call.is_over
    assert call.state.stage is Stage.ENDED
    assert not any(UNSPEAKABLE.search(said) for said in call.said)
    assert call.state.is_booked == (bool(call.booked) and result is ActionResult.DONE)
    assert call.opt_outs <= 1


@pytest.mark.parametrize("before", [[], ["yes this is maria"], ["yes this is maria", "in two months"]])
def test_nobody_is_waited_for_again_and_again(before: list[str]) -> None:
    call = Call()
    call.hear(*before, *["hold on"] * 3)
    assert call.said[-1] == "Sure, take your time."

    call.hear("hold on")

    assert "call back" in call.said[-1]


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.sampled_from(SAYINGS), max_size=8))
def test_an_opt_out_ends_the_call_from_anywhere(texts: list[str]) -> None:
    call = Call()
    call.hear(*texts)
    was_over = call.is_over
    call.hear("please take me off your list")

    assert call.is_over
    assert call.state.opted_out or was_over


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.sampled_from(SAYINGS), max_size=10))
def test_asking_the_graph_or_the_driver_gives_the_same_move(texts: list[str]) -> None:
    call = Call()
    for text in texts:
        if call.is_over:
            break
        driven = take_turn(call.state, text, brief=call.brief, script=call.script, now=call.now)
        heard = hear(call.state, text, brief=call.brief, script=call.script, now=call.now)
        routed = heard.move or DECIDE[route(heard.state, heard.understood)](
            heard.state, heard.understood, brief=call.brief, script=call.script, now=call.now
        )
        assert routed == driven
        call.follow(driven)


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=80))
def test_any_text_at_all_is_survived(text: str) -> None:
    call = Call()
    call.hear("yes", text, "thursday", text)

    assert call.said


@pytest.mark.parametrize(
    "words",
    [
        "are you a robot",
        "is this a real person",
        "am i talking to a machine",
        "are you a human",
        "is this a recording",
        "you sound like a robot",
        "wait are you an ai",
        "is this an automated call or a real person",
        "are you real",
    ],
)
@pytest.mark.parametrize("earlier", [(), ("yes",), ("yes", "two months", "a new job", "good", "no", "no")])
def test_a_robot_says_that_it_is_one(words: str, earlier: tuple[str, ...]) -> None:
    call = Call()
    reply = call.hear(*earlier, words)

    assert "Yes, I'm an AI assistant for Blue Oak Realty." in reply
    assert not call.is_over


@pytest.mark.parametrize(
    "words",
    [
        "is it a safe neighborhood",
        "are the schools any good",
        "what kind of people live there",
        "is there a lot of crime",
        "are there many black families",
        "is it a good area",
        "who lives around there",
        "is it near a church",
        "how safe is it",
        "is it a family friendly neighborhood",
    ],
)
def test_talk_of_people_safety_and_schools_is_turned_away_both_ways(words: str) -> None:
    call = Call()
    reply = call.hear("yes", words)

    assert reply.startswith("I can't describe people, safety or schools.")
    assert not call.is_over


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("what's my home worth", "I can't give values or predictions."),
        ("how much could i get for it", "I can't give values or predictions."),
        ("will prices drop", "I can't give values or predictions."),
        ("do i have to pay capital gains taxes", "I can't give legal or tax advice."),
        ("can i break my lease", "I can't give legal or tax advice."),
        ("what are mortgage rates today", "I can't advise on loans."),
        ("how much can i borrow", "I can't advise on loans."),
    ],
)
def test_values_law_and_loans_are_left_to_the_licensed(words: str, answer: str) -> None:
    call = Call()
    reply = call.hear("yes", words)

    assert reply.startswith(answer)
    assert reply.endswith("how soon would you like to sell?")


def test_silence_is_met_with_the_question_then_a_check_then_a_goodbye() -> None:
    call = Call()
    for count in (1, 2, 3):
        call.follow(on_silence(call.state, count, brief=call.brief, script=call.script, now=call.now))

    assert call.said[1] == "Is this Maria?"
    assert call.said[2] == "Are you still there?"
    assert call.is_over
    assert call.state.heard == "silence"


def test_silence_in_the_middle_repeats_the_open_question() -> None:
    call = Call()
    call.hear("yes", "two months")
    call.follow(on_silence(call.state, 1, brief=call.brief, script=call.script, now=call.now))

    assert call.said[-1].endswith("?")
    assert call.state.pending == "motivation"


def test_silence_after_the_booking_is_a_goodbye() -> None:
    call = Call()
    call.hear("yes", "two months", "a new job", "good", "no", "no", "the first one")
    call.follow(on_silence(call.state, 1, brief=call.brief, script=call.script, now=call.now))

    assert call.is_over
    assert call.state.is_booked


def test_facts_keep_their_words_and_their_turn() -> None:
    call = Call()
    call.hear("yes", "well um in about two months")
    known = call.state.facts["timeline"]

    assert (known.value, known.turn, known.quote) == ("1_3m", 2, "well um in about two months")


def test_a_slot_that_passes_during_the_call_is_not_booked() -> None:
    call = Call()
    call.hear("yes", "two months", "a new job", "good", "no", "no")
    call.now += timedelta(days=1, hours=2)
    call.hear("monday at ten")

    assert call.booked == []
