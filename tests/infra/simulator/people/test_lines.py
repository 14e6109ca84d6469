"""Who is marked as speaking known lines does, and who is marked as speaking new ones does too."""

from pathlib import Path

import pytest

from infra.simulator.people.persona import Persona, load_personas
from voice_node.speech.corpus import is_known

PEOPLE = load_personas(Path(__file__).parents[4] / "infra" / "simulator" / "personas")
WHO_TALK = [person for person in PEOPLE if person.spoken_lines()]


def as_said(line: str) -> str:
    return line.format(first="tuesday at two", second="thursday at nine thirty", last="friday at four")


@pytest.mark.parametrize("person", WHO_TALK, ids=lambda person: person.name)
def test_lines_are_what_the_persona_says_they_are(person: Persona) -> None:
    lines = [as_said(line) for line in person.spoken_lines()]

    if person.lines == "known":
        assert [line for line in lines if not is_known(line)] == []
    else:  # courtesies of a few words are known to everybody
        assert [line for line in lines if len(line.split()) > 3 and is_known(line)] == []
