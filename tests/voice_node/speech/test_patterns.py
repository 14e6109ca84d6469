"""Phrase patterns stand for sentences."""

import re
from random import Random

import pytest

from voice_node.speech.patterns import BadPattern, PatternReader

READER = PatternReader({"day": "(monday|tuesday)", "when": ["{day}", "next {day}"]})


def drawn(pattern: str, times: int = 200) -> set[str]:
    part, chance = READER.read(pattern), Random(1)
    return {part.draw(chance) for _ in range(times)}


def test_brackets_and_slots_make_every_combination() -> None:
    assert drawn("(call|ring) me [on] {when}") == {
        f"{verb} me {on}{when}"
        for verb in ("call", "ring")
        for on in ("", "on ")
        for when in ("monday", "tuesday", "next monday", "next tuesday")
    }


def test_every_alternative_shows_once_before_one_repeats() -> None:
    part, chance = READER.read("(a|b|c|d|e)"), Random(3)
    assert sorted(part.draw(chance) for _ in range(5)) == ["a", "b", "c", "d", "e"]


def test_the_count_is_the_number_of_wordings() -> None:
    assert READER.read("(call|ring) me [on] {when}").count == 16


def test_the_expression_recognises_exactly_what_is_drawn() -> None:
    expression = re.compile(READER.read("[please] call on {when}").regex())
    assert all(expression.fullmatch(f"{text} ") for text in drawn("[please] call on {when}"))
    assert expression.fullmatch("call on next friday ") is None
    assert expression.fullmatch("please call ") is None


@pytest.mark.parametrize("pattern", ["(a|b", "[a", "a)", "{nobody}", "()", "(a|)", "a]"])
def test_a_broken_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        READER.read(pattern)
