"""Labelled dialogues: how they are read, what of them our understanding is told, and what its figures say."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from infra.cli.bench import TooFar
from infra.cli.evaluate.dialogue_score import TODAY, read_dialogues
from infra.cli.evaluate.heard_turns import hear_turn
from infra.cli.evaluate.labelled_turns import LabelledTurn, labelled_turns
from infra.cli.evaluate.understanding import understanding, understanding_rows
from shared.conversation.understanding import Act
from shared.kernel.errors import Malformed, NotFound


def act(name: str, slot: str | None = None, value: str | None = None) -> dict[str, str | None]:
    return {"act": name, "slot": slot, "value": value}


def turn(said: str, *meant: dict[str, Any], asked: tuple[dict[str, Any], ...] = (), **other: Any) -> dict[str, Any]:
    return {
        "dialogue": "1", "turn": 0, "service": "Homes_1", "system_utterance": "?", "system_acts": list(asked),
        "user_utterance": said, "user_acts": list(meant), **other,
    }  # fmt: skip


def written(folder: Path, *turns: dict[str, Any]) -> Path:
    file = folder / "dialogues.jsonl"
    file.write_text("\n".join(json.dumps(each) for each in turns), encoding="utf-8")
    return file


RIGHT = (
    turn("I need 3 bedrooms and 2 baths.", act("INFORM", "number_of_beds", "3"), act("INFORM", "number_of_baths", "2")),
    turn("In Fremont, please.", act("INFORM", "area", "Fremont"), asked=(act("REQUEST", "area"),)),
    turn("Make it the 9th.", act("INFORM", "visit_date", "2019-03-09"), act("NEGATE"),
         asked=(act("CONFIRM", "visit_date", "2019-03-05"),)),
    turn("Yes, that is right.", act("AFFIRM"), asked=(act("CONFIRM", "visit_date", "2019-03-05"),)),
    turn("No, thank you.", act("NEGATE"), asked=(act("REQ_MORE"),)),
    turn("Does it allow pets?", act("REQUEST", "pets_allowed")),
)  # fmt: skip


def test_what_is_right_holds_every_bar_and_unknown_slots_are_passed_over(tmp_path: Path) -> None:
    told: list[str] = []
    rows = understanding_rows(told.append, written(tmp_path, *RIGHT))

    assert {row.name: row.value for row in rows if row.unit != "ms"} == {
        "number_of_beds: F1": 1, "number_of_baths: F1": 1, "visit_date: F1": 1, "area: F1": 1,
        "yes and no: accuracy": 1,
    }  # fmt: skip
    assert all(row.holds for row in rows if row.unit != "ms")
    assert told == ["what real people say about homes: dialogues.jsonl"]


def test_a_turn_that_is_misread_counts_twice_and_is_shown(tmp_path: Path) -> None:
    wrong = turn("I need 3 bedrooms.", act("INFORM", "number_of_beds", "4"))
    found = read_dialogues(written(tmp_path, *RIGHT, wrong))
    [beds] = [row for row in found.rows if row.name == "number_of_beds: F1"]

    assert beds.value == 0.5
    assert not beds.holds
    assert [(each.what, each.wanted, each.read) for each in found.misread] == [("number_of_beds", "4", "3")]


def test_what_the_file_does_not_hold_does_not_hold_either(tmp_path: Path) -> None:
    rows = read_dialogues(written(tmp_path, turn("hello"))).rows

    assert not any(row.holds for row in rows if row.unit != "ms")


def test_a_date_is_counted_from_the_day_of_the_dialogues() -> None:
    said = LabelledTurn.model_validate(turn("tomorrow", asked=(act("REQUEST", "visit_date"),)))

    assert hear_turn(said, today=TODAY).values == {"visit_date": "2019-03-02"}


def test_our_understanding_is_told_only_what_the_system_said() -> None:
    unasked = LabelledTurn.model_validate(turn("the 9th"))
    refused = LabelledTurn.model_validate(
        turn("I can't do the 5th", asked=(act("CONFIRM", "visit_date", "2019-03-05"),))
    )

    assert hear_turn(unasked, today=TODAY).values == {}
    assert hear_turn(refused, today=TODAY).values == {}
    assert hear_turn(refused, today=TODAY).answer is Act.NO


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ('{"dialogue": "1"', "line 2: no JSON"),
        ('{"dialogue": "1", "turn": 0}', "line 2: system_utterance: field required"),
        (json.dumps(turn("hi", {"act": "INFORM", "slot": "area"})), r"line 2: user_acts\.0\.value: field required"),
        (json.dumps(turn("hi", dialogue=7)), "line 2: dialogue: input should be a valid string"),
        ("[]", "line 2: the line: input should be"),
    ],
)
def test_a_file_of_another_form_is_said_with_its_line_and_key(tmp_path: Path, broken: str, says: str) -> None:
    file = tmp_path / "dialogues.jsonl"
    file.write_text(json.dumps(RIGHT[0]) + "\n" + broken + "\n", encoding="utf-8")

    with pytest.raises(Malformed, match=says):
        labelled_turns(file)


def test_a_file_that_is_not_there_or_empty_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")

    with pytest.raises(NotFound, match="no file"):
        labelled_turns(tmp_path / "none.jsonl")
    with pytest.raises(Malformed, match="is empty"):
        labelled_turns(tmp_path / "empty.jsonl")


def test_without_a_file_the_reference_folder_must_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REAUTO_REFERENCE", raising=False)

    with pytest.raises(NotFound, match="REAUTO_REFERENCE"):
        understanding_rows(lambda _: None)


def test_the_command_shows_what_was_misread_and_fails(tmp_path: Path) -> None:
    file = written(tmp_path, turn("I need 3 bedrooms.", act("INFORM", "number_of_beds", "4")))
    result = CliRunner().invoke(understanding, ["--file", str(file), "--errors", "--json"])

    assert isinstance(result.exception, TooFar)
    assert "number_of_beds: wanted 4, read 3" in result.stderr
    assert "number_of_beds: F1" in [row["name"] for row in json.loads(result.stdout)]
