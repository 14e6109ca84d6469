"""From what was kept, and what the people say really happened, to the figures of the run."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from infra.cli.demo.measure import measure
from infra.local.environment import Environment
from infra.local.machine import Machine
from shared.kernel.clock import CivilClock
from shared.kernel.money import ZERO, Money
from shared.reports.campaign_report import CampaignReport
from shared.reports.summarise import LeadRecord, summarise
from tests.infra.cli.demo.results import NOW, make_kept


class KeptBooks:
    """Books of a run that is over."""

    def __init__(self) -> None:
        self.kept = make_kept()

    def records(self) -> tuple[LeadRecord, ...]:
        return self.kept.records

    def report(self, records: Sequence[LeadRecord], *, now: datetime) -> CampaignReport:
        return summarise(self.kept.campaign, records, now=now)

    def imbalance(self) -> Money:
        return ZERO


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    environment = Environment(
        home=tmp_path, port=1, database_url="", node_database_url="", redis_url="", personas=None, slots=1,
        civil_time=None,
    )  # fmt: skip
    return Machine(environment=environment, supervisor=None, clock=CivilClock(lambda: NOW))  # type: ignore[arg-type]


def write_diary(machine: Machine, *said: str, sid: str = "CAada", phone: str = "+15125550101") -> None:
    lines = [{"text": text, "started": 1.0, "ended": 4.0} for text in said]
    call = {"call_sid": sid, "phone": phone, "lines": lines, "ended": 6.5}
    machine.environment.diary.write_text(json.dumps(call) + "\n")


def test_what_was_heard_is_held_against_what_was_said(machine: Machine) -> None:
    books = KeptBooks()
    write_diary(machine, "hello there")

    result = measure(books, machine, books.kept.personas, started=NOW - timedelta(seconds=12))  # type: ignore[arg-type]

    assert result.word_error_rate == {"known_lines": 1.0, "new_lines": None}
    assert [one.disposition for one in result.findings] == ["appointment_set", "no_answer", "deferred"]
    assert result.opt_out_seconds == {}
    assert result.failure is None


def test_without_a_diary_nothing_is_measured(machine: Machine) -> None:
    books = KeptBooks()

    result = measure(books, machine, books.kept.personas, started=NOW)  # type: ignore[arg-type]

    assert result.word_error_rate == {"known_lines": None, "new_lines": None}
    assert result.seconds_to_first_ring is None
