"""Personas are read strictly, and a broken one is named in one line."""

from pathlib import Path

import pytest

from infra.simulator.people.persona import BrokenPersona, load_personas

SHIPPED = Path(__file__).parents[4] / "infra" / "simulator" / "personas"
GOOD = """
version: 1
name: Ada Byron
about: Sells.
phone: "+1 512 555 0199"
voice: {name: en-us}
lead: {subject: 1 First Street, timezone: America/Chicago, state: TX}
answers: {otherwise: "yes"}
expected: {disposition: appointment_set}
"""


def folder_with(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    return tmp_path


def test_a_persona_is_read_with_its_number_in_one_form(tmp_path: Path) -> None:
    (ada,) = load_personas(folder_with(tmp_path, ada=GOOD))

    assert ada.phone == "+15125550199"
    assert ada.spoken_lines() == ("hello", "yes")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("phone:", "fone:"), "phone: Field required"),
        (GOOD.replace("+1 512 555 0199", "call me"), "phone"),
        (GOOD.replace('otherwise: "yes"', "otherwise: yes"), "answers.otherwise"),
        (GOOD.replace('answers: {otherwise: "yes"}', ""), "needs 'answers'"),
        (GOOD.replace("{name: en-us}", "{name: en-us"), "line"),
        ("- just\n- a list\n", "file"),
    ],
)
def test_a_broken_persona_names_the_file_and_the_reason(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BrokenPersona) as refused:
        load_personas(folder_with(tmp_path, broken=text))

    assert "broken.yaml" in str(refused.value)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_two_persons_cannot_share_a_number(tmp_path: Path) -> None:
    with pytest.raises(BrokenPersona, match=r"belongs to ada\.yaml already"):
        load_personas(folder_with(tmp_path, ada=GOOD, bob=GOOD.replace("Ada", "Bob")))


@pytest.mark.parametrize("name", ["empty", "missing"])
def test_a_folder_without_personas_is_said_so(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(BrokenPersona, match="no persona"):
        load_personas(tmp_path / name)


def test_a_dozen_or_more_people_come_with_the_project_and_four_speak_new_lines() -> None:
    people = load_personas(SHIPPED)

    assert len(people) >= 12
    assert sum(person.lines == "new" for person in people) >= 4
