"""The command as a whole: its help, its errors, its suites."""

import json
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from infra.cli.__main__ import main
from infra.cli.bench import SUITES, TooFar
from infra.cli.commands import reauto
from infra.cli.rows import Row


def walked(command: click.Command, *names: str) -> list[tuple[str, ...]]:
    """The command and everything below it, by the words one types."""
    below = command.commands.items() if isinstance(command, click.Group) else ()
    return [names, *(path for name, one in below for path in walked(one, *names, name))]


@pytest.mark.parametrize("words", walked(reauto), ids=" ".join)
def test_every_command_explains_itself(words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(reauto, [*words, "--help"])

    assert result.exit_code == 0
    assert "Usage: " in result.output


@pytest.mark.parametrize(
    "words", [path for path in walked(reauto) if path and path[0] in ("seller", "agent", "campaign", "call", "import")]
)
def test_everything_that_asks_the_api_speaks_json(words: tuple[str, ...]) -> None:
    said = CliRunner().invoke(reauto, [*words, "--help"]).output

    assert "--json" in said or "Commands:" in said


def run_main(monkeypatch: pytest.MonkeyPatch, *words: str) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["reauto", *words])
    try:
        main()
    except SystemExit as left:
        return left.code
    return 0


def test_what_goes_wrong_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("REAUTO_HOME", str(tmp_path))

    assert run_main(monkeypatch, "campaign", "list") == 1
    assert capsys.readouterr().err.startswith("reauto: no server runs on")
    assert run_main(monkeypatch, "campaign", "lost") == 2
    assert "No such command" in capsys.readouterr().err
    assert run_main(monkeypatch, "--version") == 0


def test_ctrl_c_is_no_error_message(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(suite: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(SUITES, "speech", interrupted)

    assert run_main(monkeypatch, "bench") == 130
    assert capsys.readouterr().err.endswith("reauto: stopped\n")


def test_a_benchmark_keeps_its_rows_and_fails_past_a_bar(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bad = Row(name="errors", value=0.2, unit="ratio", bar=0.1, holds=False)
    monkeypatch.setitem(SUITES, "speech", lambda tell: [bad])

    result = CliRunner().invoke(
        reauto, ["bench", "--suite", "speech", "--out", str(tmp_path), "--json"], standalone_mode=False
    )

    assert isinstance(result.exception, TooFar)
    [row] = json.loads((tmp_path / "speech.json").read_text())
    assert (row["name"], row["holds"], row["baseline"]) == ("errors", False, None)


def test_an_unknown_suite_answers_with_those_that_exist() -> None:
    result = CliRunner().invoke(reauto, ["bench", "--suite", "moon"])

    assert result.exit_code == 2
    assert "'moon' is not" in result.output
    assert "speech" in result.output
