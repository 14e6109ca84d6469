"""A conversation of any length fits the model's window, and its facts are always in it."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.conversation import AgentName, ConversationState, Fact, Line, Move
from shared.conversation.phrasing import say
from shared.conversation.prompt import WINDOW, Prompt, prompt_for
from shared.conversation.prompt_window import Exchange, Window, fact_lines, in_short, last_turns
from shared.conversation.script import load_script
from shared.conversation.tokens import tokens
from shared.kernel.errors import Malformed
from tests.shared.conversation.dialogue import make_brief

BRIEF = make_brief(prompt="reply-3")
SCRIPT = load_script(BRIEF.script)
FIRST = Fact(field="timeline", value="1_3m", turn=2, quote="within two months, we found a place in Bend")
ASKED = {"timeline": 1, "motivation": 1, "objection.busy": 1}


def state(turn: int, *facts: Fact) -> ConversationState:
    return ConversationState(turn=turn, facts={fact.field: fact for fact in facts}, asked=ASKED, objections=("busy",))


def talk(turns: int, words: int = 12) -> list[Exchange]:
    return [
        Exchange(turn=turn, heard=f"number {turn} " + "and so on " * words, said=f"I see, that was {turn}. What else?")
        for turn in range(1, turns + 1)
    ]


def asked(
    move_state: ConversationState,
    past: list[Exchange],
    heard: str = "it is in good shape",
    window: Window = WINDOW,
) -> Prompt:
    move = Move(agent=AgentName.QUALIFIER, state=move_state, lines=(Line(act="ack"), Line(act="ask.condition")))
    prompt = prompt_for(move, heard, brief=BRIEF, script=SCRIPT, past=past, window=window)
    assert prompt is not None
    return prompt


def test_two_hundred_turns_fit_and_the_first_facts_are_still_there() -> None:
    prompt = asked(state(200, FIRST), talk(199))

    assert prompt.size <= Window().room
    assert "timeline: within two months, we found a place in Bend (understood as 1_3m, turn 2)" in prompt.user
    assert prompt.past[-1].turn == 199
    assert len(prompt.past) > 5
    assert "Asked about: timeline, motivation." in prompt.user
    assert "Their objections: busy." in prompt.user


def test_older_turns_are_told_in_a_few_words_the_newest_first() -> None:
    prompt = asked(state(200, FIRST), talk(199))
    oldest_whole = prompt.past[0].turn

    assert f'- Turn {oldest_whole - 1}: "number {oldest_whole - 1} and so' in prompt.user
    assert '- Turn 1: "' not in prompt.user


def test_a_short_talk_is_told_whole() -> None:
    prompt = asked(state(4, FIRST), talk(3))

    assert [exchange.turn for exchange in prompt.past] == [1, 2, 3]
    assert [message["role"] for message in prompt.messages()] == ["system", *["user", "assistant"] * 3, "user"]


def test_a_template_that_does_not_tell_of_the_past_gets_none() -> None:
    move = Move(agent=AgentName.QUALIFIER, state=state(4, FIRST), lines=(Line(act="ask.condition"),))
    prompt = prompt_for(move, "well", brief=make_brief(prompt="reply-2"), script=SCRIPT, past=talk(3))

    assert prompt is not None
    assert prompt.past == ()
    assert "within two months" in prompt.user


def test_a_speech_of_a_thousand_words_loses_its_middle() -> None:
    prompt = asked(state(1), [], heard="well I " + "really do think that " * 300 + "so yes by all means")

    assert prompt.size <= Window().room
    assert "so yes by all means" in prompt.user


def test_what_the_caller_said_may_be_taken_up() -> None:
    assert asked(state(3, FIRST), [], heard="Maria decides").data == ("Maria decides", FIRST.quote)


@settings(max_examples=60)
@given(
    turns=st.integers(min_value=0, max_value=200),
    words=st.integers(min_value=0, max_value=400),
    quotes=st.lists(st.text(max_size=400), max_size=30),
    most=st.integers(min_value=1_200, max_value=6_000),
)
def test_nothing_is_ever_too_long(turns: int, words: int, quotes: list[str], most: int) -> None:
    facts = [
        Fact(field=f"field_{number}", value=quote, turn=number, quote=quote) for number, quote in enumerate(quotes)
    ]
    window = Window(most_tokens=most, answer_tokens=128)

    prompt = asked(state(turns + 1, FIRST, *facts), talk(turns, words), window=window)

    assert prompt.size <= window.room
    assert FIRST.quote in prompt.user


def test_facts_are_told_oldest_first_as_many_as_there_is_room_for() -> None:
    facts = [replace_turn(FIRST, turn) for turn in (9, 3, 0)]

    assert list(turns_of(fact_lines(facts, room=1_000))) == ["an earlier call", "turn 3", "turn 9"]
    assert fact_lines(facts, room=40).count("\n") == 0
    assert fact_lines(facts, room=3) == ""


def test_a_price_is_told_in_plain_words() -> None:
    price = Fact(field="price", value={"min": 400_000, "max": 450_000}, turn=4, quote="")

    assert fact_lines([price], room=100) == "- price: min 400000, max 450000 (turn 4)"


def test_the_past_in_short_keeps_to_its_room() -> None:
    for room in range(0, 200, 7):
        assert tokens(in_short(state(90), talk(80), room=room)) <= room


def test_the_last_turns_keep_to_their_room() -> None:
    for room in range(0, 900, 50):
        assert sum(exchange.size for exchange in last_turns(talk(80), room=room)) <= room


def test_a_window_that_holds_nothing_is_refused() -> None:
    with pytest.raises(Malformed):
        Window(most_tokens=512)


def test_the_script_is_what_is_said_without_a_model() -> None:
    prompt = asked(state(3, FIRST), [])
    move = Move(agent=AgentName.QUALIFIER, state=state(3, FIRST), lines=(Line(act="ask.condition"),))

    assert prompt.scripted == say(move.lines, state=move.state, brief=BRIEF, script=SCRIPT)


def replace_turn(fact: Fact, turn: int) -> Fact:
    return fact.model_copy(update={"turn": turn})


def turns_of(lines: str) -> Iterator[str]:
    for line in lines.splitlines():
        yield line.rpartition(", ")[2].rstrip(")")
