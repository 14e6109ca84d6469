"""No more calls, and the robot question: heard in many wordings, misheard ones too, and in no ordinary answer."""

from collections.abc import Callable

import pytest

from infra.models.second_ear.wordings import wordings
from shared.conversation.guards import is_opt_out
from shared.conversation.understanding import Act
from shared.conversation.understanding.must_hear import still_heard
from shared.conversation.understanding.normal import plain
from shared.conversation.understanding.phrases import finders

MOST_MISSED = 0.1


def asks_for_robot(text: str) -> bool:
    words = plain(text)
    return finders("robot")[Act.ROBOT_QUESTION].finds(words) or Act.ROBOT_QUESTION in still_heard(words, ())


def missed(name: str, heard: Callable[[str], bool]) -> list[str]:
    return [text for text in wordings(name) if not heard(text)]


def test_every_wish_for_no_more_calls_is_heard() -> None:
    assert missed("opt_out", is_opt_out) == []


def test_every_robot_question_is_heard() -> None:
    assert missed("robot", asks_for_robot) == []


@pytest.mark.parametrize(("name", "heard"), [("opt_out_garbled", is_opt_out), ("robot_garbled", asks_for_robot)])
def test_most_are_heard_although_a_word_or_two_were_misheard(name: str, heard: Callable[[str], bool]) -> None:
    assert len(missed(name, heard)) <= MOST_MISSED * len(wordings(name))


@pytest.mark.parametrize("heard", [is_opt_out, asks_for_robot])
def test_no_ordinary_answer_is_taken_for_either(heard: Callable[[str], bool]) -> None:
    assert [text for text in wordings("ordinary") if heard(text)] == []


def test_no_machine_and_no_objection_is_a_wish_for_no_more_calls() -> None:
    assert [text for text in wordings("machines_and_objections") if is_opt_out(text)] == []


def test_a_robot_question_is_no_wish_for_no_more_calls() -> None:
    assert [text for text in wordings("robot") if is_opt_out(text)] == []


@pytest.mark.parametrize("name", ["opt_out", "robot"])
def test_what_is_asked_before_and_after_it_hides_nothing(name: str) -> None:
    heard = is_opt_out if name == "opt_out" else asks_for_robot
    lines = [f"it is about three months i would say {text}" for text in wordings(name) if len(text.split()) > 4]
    hidden = [line for line in lines if not heard(line)]

    assert len(hidden) <= 0.02 * len(lines), hidden
