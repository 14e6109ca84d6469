"""The demo as a user types it, over real audio, with four people: the one long test of the suite.

Two of them are talked to at telephone pace, so it takes more than a minute; no time it takes is asserted.
"""

import json
import shutil
import subprocess
import sys
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from infra.cli.chaos.traces import processes_of
from infra.cli.demo.stage import AGENTS
from infra.local.passing import reachable_folder
from infra.simulator.people.record import CallRecord
from infra.simulator.town import read_diary
from shared.settings import child_environment
from tests.journey.road import PERSONAS

pytestmark = [pytest.mark.real_servers, pytest.mark.timeout(900)]
PEOPLE = ("maria_lopez", "james_wilson", "keoni_kahale", "nancy_king")


@dataclass(frozen=True)
class Demo:
    """A demo that ran to its end."""

    folder: Path
    status: int
    printed: str
    errors: str

    @property
    def report(self) -> Any:
        return json.loads((self.folder / "out" / "report.json").read_text())

    @property
    def diary(self) -> list[CallRecord]:
        return read_diary(self.folder / "home" / "diary.jsonl")

    def lead(self, name: str) -> Any:
        return next(lead for lead in self.report["leads"] if lead["name"] == name)


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with reachable_folder() as folder:
        people = folder / "people"
        people.mkdir()
        for name in PEOPLE:
            shutil.copy(PERSONAS / f"{name}.yaml", people)
        command = [sys.executable, "-m", "infra.cli", "demo", "--json", "--personas", "people", "--out", "out"]
        told = {"REAUTO_HOME": str(folder / "home"), "DATABASE_URL": "", "REDIS_URL": ""}
        ran = subprocess.run(command, cwd=folder, env=child_environment(told), capture_output=True, text=True)
        yield Demo(folder, ran.returncode, ran.stdout, ran.stderr)


def test_everybody_is_treated_as_they_should_be(demo: Demo) -> None:
    assert demo.status == 0, demo.errors
    assert demo.report["passed"]
    assert {lead["name"]: lead["disposition"] for lead in demo.report["leads"]} == {
        "Maria Lopez": "appointment_set",
        "James Wilson": "opted_out",
        "Keoni Kahale": "deferred",
        "Nancy King": "voicemail",
    }


def test_json_alone_goes_to_the_standard_output(demo: Demo) -> None:
    assert json.loads(demo.printed) == demo.report


def test_the_appointment_is_at_a_time_that_an_agent_keeps(demo: Demo) -> None:
    starts_at = datetime.fromisoformat(demo.lead("Maria Lopez")["appointment"])

    assert starts_at > datetime.fromisoformat(demo.report["at"])
    assert any(is_kept(agent, starts_at) for agent in AGENTS)


def test_who_may_not_be_rung_yet_was_not_rung(demo: Demo) -> None:
    keoni = demo.lead("Keoni Kahale")

    assert (keoni["attempts"], keoni["call_seconds"], keoni["cost_usd"]) == (0, 0, 0)
    assert keoni["reasons"]
    assert len(demo.diary) == len(PEOPLE) - 1


def test_the_line_of_who_says_stop_goes_dead(demo: Demo) -> None:
    assert demo.report["opt_out_seconds"].keys() == {"James Wilson"}
    assert demo.lead("James Wilson")["next_action"].split()[0] in ("suppress", "never")


def test_every_cent_is_accounted_for(demo: Demo) -> None:
    assert demo.report["ledger_balanced"]
    assert demo.lead("Maria Lopez")["cost_usd"] > demo.lead("Nancy King")["cost_usd"] > 0
    assert 0 < demo.report["cost_usd"]["per_connected_call"] < 0.10


def test_what_was_heard_was_measured(demo: Demo) -> None:
    assert demo.report["word_error_rate"]["known_lines"] is not None
    assert demo.report["word_error_rate"]["new_lines"] is None  # nobody spoke such lines
    for name in ("first_audio", "turn"):
        assert demo.report["latency_ms"][name]["p95"] > 0


def test_every_talk_is_recorded_in_stereo_and_shown_with_its_words(demo: Demo) -> None:
    sealed = sorted((demo.folder / "home" / "recordings").rglob("*.rec"))
    recordings = sorted((demo.folder / "out" / "recordings").glob("*.wav"))
    assert {one.stem for one in sealed} == {one.stem for one in recordings}
    assert 1 <= len(recordings) < len(PEOPLE), "who did not hear the announcement is not recorded"
    assert not any(b"RIFF" in one.read_bytes() for one in sealed)
    assert not list((demo.folder / "home" / "spool").rglob("*.rec"))
    for recording in recordings:
        with wave.open(str(recording)) as sound:
            assert (sound.getnchannels(), sound.getframerate(), sound.getsampwidth()) == (2, 8000, 2)
            assert sound.getnframes() > 8000

    page = (demo.folder / "out" / "report.html").read_text()
    assert page.count("<audio") == len(recordings)
    assert all(f"recordings/{recording.name}" in page for recording in recordings)
    assert "12 Oak Street" in page
    assert page.count('class="turn agent"') >= 10
    assert page.count('class="turn caller"') >= 8


def test_nothing_runs_on_afterwards(demo: Demo) -> None:
    assert processes_of(demo.folder / "home") == {}


def is_kept(agent: Any, starts_at: datetime) -> bool:
    """Whether the moment lies in the agent's working hours."""
    local = starts_at.astimezone(ZoneInfo(agent["timezone"]))
    return any(
        hours["weekday"] == local.weekday()
        and time.fromisoformat(hours["opens"]) <= local.time() < time.fromisoformat(hours["closes"])
        for hours in agent["hours"]
    )
