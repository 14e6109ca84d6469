"""How many calls a worker holds."""

from pathlib import Path

import pytest

from shared.settings import WorkerSettings
from voice_node.admission_number import SAFE_SLOTS, AdmissionNumber, slots_of


def settings(file: Path, slots: int | None = None) -> WorkerSettings:
    return WorkerSettings().model_copy(update={"admission": file, "slots": slots})


def test_what_was_measured_counts(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "admission.json"
    AdmissionNumber(calls_per_worker=23).write(file)

    assert slots_of(settings(file)) == 23


def test_what_a_person_says_counts_more(tmp_path: Path) -> None:
    file = tmp_path / "admission.json"
    AdmissionNumber(calls_per_worker=23).write(file)

    assert slots_of(settings(file, slots=4)) == 4


@pytest.mark.parametrize("content", [None, "", "{}", '{"version": 1, "calls_per_worker": 0}', '{"version": 2}'])
def test_without_a_number_that_makes_sense_a_safe_one_counts(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "admission.json"
    if content is not None:
        file.write_text(content)

    assert slots_of(settings(file)) == SAFE_SLOTS
