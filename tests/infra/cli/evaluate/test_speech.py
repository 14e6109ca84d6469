"""The whole evaluation, as small as it can be: the real embedded engines, every row, the printed tables."""

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from infra.cli.evaluate.effort import Effort
from infra.cli.evaluate.screen import print_matrices, print_misheard, without_matrices
from infra.cli.evaluate.suite import Evaluated, evaluate_speech
from infra.cli.rows import write_rows

TINY = Effort(
    line_step=100, clean_voices=1, bad_voices=1, timed=1, turn_step=32, turn_voices=1, answerer_step=10,
    answerer_voices=1, silences=(0.5,),
)  # fmt: skip


@pytest.fixture(scope="module")
def phases() -> list[str]:
    return []


@pytest.fixture(scope="module")
def found(phases: list[str]) -> Evaluated:
    return evaluate_speech(phases.append, effort=TINY)


def test_no_row_is_missing_and_each_is_json(found: Evaluated, tmp_path: Path) -> None:
    write_rows(found.rows, tmp_path / "speech.json")

    rows = json.loads((tmp_path / "speech.json").read_text())

    assert [row["name"] for row in rows if row["name"].startswith("missing")] == []
    assert len({row["name"] for row in rows}) == len(rows)
    assert [row["name"] for row in rows if not row["holds"]] == []


def test_a_small_sample_is_held_against_no_bar(found: Evaluated) -> None:
    assert {row.bar for row in found.rows} == {None}


def test_what_goes_on_is_told(found: Evaluated, phases: list[str]) -> None:
    assert found.rows
    assert any("noise at 5 dB" in phase for phase in phases)
    assert any("answer" in phase for phase in phases)


def test_who_was_taken_for_whom_is_a_table(found: Evaluated) -> None:
    console = Console(record=True, width=110, file=StringIO())

    print_matrices(found.matrices, console)
    print_misheard("pocketsphinx", found.misheard["pocketsphinx"], console)
    shown = console.export_text()

    assert "carrier wrong" in shown
    assert "mailbox full" in shown
    assert len(without_matrices(found.rows)) < len(found.rows)
