"""Labelled wordings: what is missed, and what ordinary answers are taken for."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from infra.cli.bench import TooFar
from infra.cli.evaluate.optout import optout, optout_rows
from infra.cli.evaluate.wording_score import judge_wordings
from shared.conversation.understanding import Act
from shared.kernel.errors import Malformed


def wording(expect: str, text: str, **other: Any) -> dict[str, Any]:
    return {"expect": expect, "after": "timeline", "text": text, **other}


RIGHT = (
    wording("opt_out", "take me off your list"),
    wording("opt_out", "take me of your lost", garbled=True),
    wording("robot_question", "are you a robot"),
    wording("ordinary", "in about two months"),
    wording("ordinary", "thanks for calling", after=None),
)


def written(folder: Path, *wordings: dict[str, Any], name: str = "set.jsonl") -> Path:
    file = folder / name
    file.write_text("\n".join(json.dumps(each) for each in wordings), encoding="utf-8")
    return file


def test_files_are_measured_together(tmp_path: Path) -> None:
    files = [written(tmp_path, *RIGHT[:2], name="a.jsonl"), written(tmp_path, *RIGHT[2:], name="b.jsonl")]
    rows = optout_rows(lambda _: None, files)

    assert {row.name: row.value for row in rows} == {
        "opt-outs heard, of 2": 100,
        "of them garbled, of 1": 100,
        "ordinary answers taken for opt-outs, of 2": 0,
        "robot questions heard, of 1": 100,
        "ordinary answers taken for robot questions, of 2": 0,
    }
    assert all(row.holds for row in rows)


def test_what_is_missed_and_what_is_taken_for_it_fail(tmp_path: Path) -> None:
    wrong = (
        wording("opt_out", "two bedrooms"),
        wording("ordinary", "stop calling me"),
        wording("robot_question", "yes"),
    )
    found = judge_wordings([written(tmp_path, *RIGHT, *wrong)])

    assert [row.holds for row in found.rows] == [False, True, False, False, True]
    assert [each.what for each in found.misheard] == [
        "opt-out missed", "ordinary taken for opt-out", "robot question missed",
    ]  # fmt: skip


def test_a_set_without_one_of_its_classes_does_not_hold(tmp_path: Path) -> None:
    rows = judge_wordings([written(tmp_path, wording("ordinary", "yes"))]).rows

    assert [row.holds for row in rows if row.bar is not None] == [False, True, False]


def test_what_else_is_heard_in_ordinary_answers_is_listed(tmp_path: Path) -> None:
    found = judge_wordings([written(tmp_path, *RIGHT)])

    assert found.acts[Act.THANK] == ["thanks for calling"]
    assert Act.WRONG_NUMBER not in found.acts


def test_a_line_of_another_form_is_said_with_its_key(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match=r"line 1: expect: input should be 'opt_out'"):
        judge_wordings([written(tmp_path, wording("maybe", "hm"))])


def test_the_command_shows_the_errors_and_fails(tmp_path: Path) -> None:
    file = written(tmp_path, *RIGHT, wording("opt_out", "two bedrooms"))
    result = CliRunner().invoke(optout, ["--file", str(file), "--errors", "--acts", "--json"])

    assert isinstance(result.exception, TooFar)
    assert "opt-out missed: two bedrooms" in result.stderr
    assert "thank: 1, such as: thanks for calling" in result.stderr
    assert json.loads(result.stdout)[0]["name"] == "opt-outs heard, of 3"
