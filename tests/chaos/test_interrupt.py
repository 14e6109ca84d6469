"""Ctrl-C at any moment of the demo: it says so in one line, everything is gone, and the next start works.

``make chaos SUITE=interrupt`` does the same at ten moments of a seed, with a whole start after each.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from infra.cli.chaos import command
from infra.cli.chaos.interrupt import Interruption, a_home, interrupt_after, moments, seconds_to_start
from infra.cli.chaos.traces import processes_of
from infra.cli.chaos.wishes import Wishes
from infra.cli.phases import Phases
from infra.cli.rows import Row
from shared.settings import child_environment

SEED, TIMES = 7, 2


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """One home for every interruption: what one leaves broken, the next one meets."""
    with a_home() as folder:
        yield folder


@pytest.mark.real_servers
@pytest.mark.timeout(600)
def test_an_interrupted_demo_leaves_nothing_behind_and_starts_again(home: Path) -> None:
    interruptions = [interrupt_after(seconds, home=home) for seconds in moments(SEED, TIMES)]

    assert [(one.after_seconds, one.faults) for one in interruptions if one.faults] == []
    assert "reauto: stopped" in interruptions[-1].output
    assert seconds_to_start(home=home) > 0
    assert processes_of(home) == {}


def test_the_same_seed_interrupts_at_the_same_moments() -> None:
    assert moments(1, 10) == moments(1, 10) != moments(2, 10)
    assert all(0.1 <= moment <= 20 for moment in moments(1, 100))


def test_a_process_is_found_by_the_home_it_was_told_of(tmp_path: Path) -> None:
    sleep = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    told = child_environment({"REAUTO_HOME": str(tmp_path)})
    with subprocess.Popen(sleep, stdin=subprocess.PIPE, env=told) as process:
        while process.pid not in processes_of(tmp_path):  # it has not become another program yet
            pass
        process.communicate()

    assert processes_of(tmp_path) == {}


@pytest.mark.parametrize(
    ("status", "output", "left", "faults"),
    [
        (130, "reauto: stopped", (), ()),
        (-signal.SIGINT, "Traceback: Python had not begun yet", (), ()),
        (-signal.SIGINT, "Traceback: in infra/cli", (), 2),
        (1, "reauto: no", (), 1),
        (130, "reauto: stopped", ("postgres",), 1),
    ],
)
def test_a_fault_is_told_in_words(status: int, output: str, left: tuple[str, ...], faults: int | tuple[()]) -> None:
    one = Interruption(after_seconds=1, leaving_seconds=1, status=status, output=output, left_behind=left)

    assert len(one.faults) == (faults if isinstance(faults, int) else 0)


@pytest.mark.parametrize(("holds", "status"), [(True, None), (False, "1 did not hold: quick: a figure")])
def test_the_command_writes_rows_and_fails_when_one_does_not_hold(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, holds: bool, status: str | None
) -> None:
    def quick(wishes: Wishes, _tell: Phases) -> list[Row]:
        return [Row(name="a figure", value=wishes.seed * wishes.times, unit="s", bar=10, holds=holds)]

    monkeypatch.setattr(command, "SUITES", {"quick": quick})

    ran = CliRunner().invoke(command.chaos, ["--seed", "3", "--times", "2", "--out", str(tmp_path)])

    assert json.loads((tmp_path / "quick.json").read_text()) == [
        {"name": "a figure", "value": 6, "unit": "s", "baseline": None, "ratio": None, "bar": 10, "holds": holds}
    ]
    assert "a figure" in ran.output
    assert (str(ran.exception) if ran.exception else None) == status
