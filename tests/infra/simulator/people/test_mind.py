"""People answer what they were asked, from words alone."""

from pathlib import Path

import pytest

from infra.simulator.people.mind import Mind
from infra.simulator.people.persona import Persona, load_personas

SHIPPED = Path(__file__).parents[4] / "infra" / "simulator" / "personas"


def person(name: str) -> Persona:
    return next(one for one in load_personas(SHIPPED) if one.name == name)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("You asked about 12 Oak Street. Is this Maria?", "yes this is maria"),
        ("How soon are you hoping to sell?", "we would like to sell in two months"),
        ("What condition is the house in?", "it's in good condition"),
        ("I have Thursday at 2 PM or Friday at 10 AM. Which works better?", "the first one works for me"),
        ("You're booked for Friday at 2 PM. Anything else before I go?", "okay thank you"),
    ],
)
def test_maria_answers_the_question(said: str, answer: str) -> None:
    assert Mind(person("Maria Lopez")).answer(said) == answer


def test_a_remark_alone_calls_for_no_answer() -> None:
    maria = Mind(person("Maria Lopez"))

    assert maria.answer("Great, thanks.") is None
    assert maria.fallback() == "yes"


def test_answers_in_a_list_are_given_in_turn() -> None:
    susan = Mind(person("Susan Miller"))

    assert susan.answer("Would Tuesday at 2 PM or Wednesday at 11:30 AM work better?") == (
        "can we do friday morning instead"
    )
    assert susan.answer("Friday at 9:30 AM is free. Would that work for you?") == "friday at nine thirty works for me"


def test_a_rule_of_ones_own_is_used_once() -> None:
    george = Mind(person("George Adams"))

    assert george.answer("Is this George?") == "are you a robot"
    assert george.answer("Yes, I'm an AI assistant.") == "how did you get my number"
    assert george.answer("Is this George?") == "okay yes this is george"


def planned(**different: object) -> Persona:
    return person("Maria Lopez").model_copy(update=different)


def test_a_planned_turn_is_said_when_it_comes_and_only_once_somebody_waits() -> None:
    maria = Mind(planned(turns={2: "who is calling"}))

    assert maria.next_turn("Great.", is_asked=False) is None
    assert maria.next_turn("Is this Maria?", is_asked=True) == "who is calling"
    assert maria.next_turn("Is this Maria?", is_asked=True) == "yes this is maria"


def test_at_a_silent_turn_nothing_is_said() -> None:
    maria = Mind(planned(silent_turns=(2,)))

    assert maria.next_turn("Is this Maria?", is_asked=True) is None
    assert maria.next_turn("Is this Maria?", is_asked=True) == "yes this is maria"


def test_patience_counts_turns() -> None:
    maria = Mind(planned(hangs_up_after=2))

    assert not maria.has_had_enough
    maria.next_turn("Is this Maria?", is_asked=True)
    assert maria.has_had_enough
