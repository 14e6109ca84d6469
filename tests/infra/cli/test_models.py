"""``reauto models`` as a person types it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from infra.cli.commands import reauto
from infra.models.manifest import UnknownModel


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REAUTO_MODELS", str(tmp_path / "models"))


def test_the_list_says_what_is_missing_and_how_to_fetch_it() -> None:
    shown = CliRunner().invoke(reauto, ["models", "list"])
    assert shown.exit_code == 0
    assert "piper-en_US-lessac-medium" in shown.output
    assert "missing" in shown.output
    assert "reauto models pull" in shown.output


def test_the_list_as_json_has_every_hash() -> None:
    told = json.loads(CliRunner().invoke(reauto, ["models", "list", "--json"]).output)
    assert {model["presence"] for model in told["models"]} == {"missing"}
    assert all(len(file["sha256"]) == 64 for model in told["models"] for file in model["files"])


def test_a_name_that_is_not_there_is_refused() -> None:
    failed = CliRunner().invoke(reauto, ["models", "pull", "nobody"])
    assert isinstance(failed.exception, UnknownModel)
