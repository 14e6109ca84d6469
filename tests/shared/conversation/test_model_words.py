"""A model may word what is not exact, and nothing it invents is ever spoken."""

from collections.abc import Sequence

import pytest

from shared.conversation.claims import problems
from shared.conversation.phrasing import say
from shared.conversation.prompt import prompt_for, wordable
from shared.conversation.turn import take_turn
from shared.conversation.wording import Wording
from tests.shared.conversation.dialogue import Call

SCRIPTED = ("Got it.", "How soon would you like to sell?")
QUESTION = SCRIPTED[-1:]


def spoken(text: str, scripted: Sequence[str] = SCRIPTED) -> tuple[str, ...]:
    """What is said when a model writes a text letter by letter."""
    wording = Wording(scripted)
    return (*(sentence for letter in text for sentence in wording.take(letter)), *wording.finish())


@pytest.mark.parametrize(
    "text",
    [
        "Good to hear. When would you be hoping to sell?",
        "Thanks for that! How soon are you thinking of selling?",
        "I see, that makes sense. So how quickly would you want to sell?",
    ],
)
def test_other_words_for_the_same_may_be_spoken(text: str) -> None:
    assert " ".join(spoken(text)) == text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Homes there go for 450,000. How soon would you sell?", "number that is not in the data"),
        ("You could get four hundred thousand. How soon?", "number that is not in the data"),
        ("Does Thursday suit you?", "date that is not in the data"),
        ("Hello [name], how soon would you like to sell?", "placeholder"),
        ("Hi {first_name}, how soon?", "placeholder"),
        ("I guarantee a quick sale. How soon?", "forbidden claim"),
        ("No, I'm a real person. How soon would you sell?", "forbidden claim"),
        ("It's a safe area. How soon would you sell?", "forbidden claim"),
        ("You are booked. How soon would you like to sell?", "forbidden claim"),
        ("", "empty"),
    ],
)
def test_what_code_did_not_say_is_not_spoken(text: str, problem: str) -> None:
    assert problem in problems(text, scripted=SCRIPTED)
    assert spoken(text) == SCRIPTED


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Good to hear. It is worth a lot. How soon?", ("Good to hear.", *QUESTION)),
        ("Good to hear.", ("Good to hear.", *QUESTION)),
        ("Good to hear", ("Good to hear", *QUESTION)),
        ("Good. " + "well " * 40 + "how soon?", ("Good.", *QUESTION)),
        ("well " * 40 + "how soon?", SCRIPTED),
        ("How soon do you want to sell? And why?", ("How soon do you want to sell?",)),
    ],
)
def test_the_script_goes_on_where_the_model_may_not(text: str, said: tuple[str, ...]) -> None:
    assert spoken(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [("That is fine. Why not now?", ("That is fine.",)), ("Why not now?", ("All right.",)), ("Fine.", ("Fine.",))],
)
def test_no_question_is_added(text: str, said: tuple[str, ...]) -> None:
    assert spoken(text, scripted=("All right.",)) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Thank you, that is good. How soon?", ("Thank you,", "that is good.", "How soon?")),
        ("Well, that is good. How soon?", ("Well, that is good.", "How soon?")),
        ("If you like, tell me. How soon?", ("If you like, tell me.", "How soon?")),
        ("Good. Thank you, all right. How soon?", ("Good.", "Thank you, all right.", "How soon?")),
        ("Thank you, it is worth a lot. How soon?", ("Thank you,", *QUESTION)),
        ("It is worth a lot, I think. How soon?", SCRIPTED),
        ("Would you like to sell, yes or no?", ("Would you like to sell,", "yes or no?")),
    ],
)
def test_the_first_clause_does_not_wait_for_its_sentence(text: str, said: tuple[str, ...]) -> None:
    assert spoken(text) == said


def test_half_a_sentence_of_a_model_that_stalls_is_not_spoken() -> None:
    wording = Wording(SCRIPTED)

    assert wording.take("Good to hear. How soon") == ("Good to hear.",)
    assert wording.give_up() == QUESTION
    assert wording.give_up() == ()


def test_numbers_and_days_from_the_data_may_be_spoken() -> None:
    assert problems("So Thursday at 2, is that right?", scripted=("Is it right?",), data=("Thursday at 2 PM",)) == ()


def test_the_prompt_holds_the_lines_and_the_rules_but_no_exact_line() -> None:
    call = Call()
    call.hear("yes")
    move = take_turn(call.state, "in two months", brief=call.brief, script=call.script, now=call.now)
    prompt = prompt_for(move, "in two months", brief=call.brief, script=call.script)

    assert prompt is not None
    assert prompt.version == "reply-3"
    assert "Never say or hint that you are a person" in prompt.system
    assert "timeline: in two months" in prompt.user
    assert prompt.user.endswith(" ".join(prompt.scripted))
    assert [line.act for line in move.lines] == ["ack", "ask.motivation"]
    assert [line.act for line in wordable(move.lines)] == ["ask.motivation"]
    assert (
        f"Just said before: {say(move.lines[:1], state=move.state, brief=call.brief, script=call.script)[0]}"
        in prompt.user
    )


def test_exact_moves_ask_no_model() -> None:
    call = Call()
    move = take_turn(call.state, "are you a robot", brief=call.brief, script=call.script, now=call.now)

    assert wordable(move.lines) == ()
    assert prompt_for(move, "are you a robot", brief=call.brief, script=call.script) is None
