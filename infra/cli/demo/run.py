"""The demo from the first process to the last word of its report."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console

from infra.cli.api import Api
from infra.cli.demo.accuracy import HeardCall, word_error_rates
from infra.cli.demo.books import Books
from infra.cli.demo.findings import Finding, find
from infra.cli.demo.leads import leads_csv
from infra.cli.demo.moment import demo_moment
from infra.cli.demo.page import write_page
from infra.cli.demo.progress import watch
from infra.cli.demo.result import Result
from infra.cli.demo.screen import print_result
from infra.cli.demo.stage import SELLER, set_stage
from infra.local.machine import Machine, Plan, machine_now, running
from infra.simulator.people.persona import Persona, load_personas
from infra.simulator.people.record import CallRecord
from infra.simulator.town import read_diary
from shared.costs.price_table import price_table
from shared.costs.pricing import Tier, reference_call
from shared.kernel.clock import CivilTime
from shared.kernel.errors import Refused
from shared.settings import MachineSettings
from shared.storage.engine import make_engine

DATABASE = "reauto_demo"


class DemoFailed(Refused):
    """Somebody was treated otherwise than expected."""


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the user asked for."""

    personas: Path
    at: datetime | None
    concurrency: int
    port: int
    out: Path
    keep: bool
    as_json: bool


def run_demo(wishes: Wishes, *, settings: MachineSettings, console: Console, out: Console) -> None:
    """Run everything.

    Raises:
        DemoFailed: More than one person, or anybody the law protects, ended otherwise than expected.
    """
    personas = load_personas(wishes.personas)
    now = machine_now()
    civil = CivilTime(machine=now, civil=demo_moment(wishes.at or now))
    plan = Plan(
        settings=settings,
        database=DATABASE,
        is_fresh=True,
        personas=wishes.personas,
        port=wishes.port,
        slots=wishes.concurrency + 1,
        civil_time=civil,
    )
    console.print(
        f"Starting on {settings.home.resolve()}; civil time {civil.civil:%A %Y-%m-%d %H:%M} UTC", highlight=False
    )
    with running(plan) as machine:
        result = _hold(machine, personas, wishes, started=civil.civil, console=console)
        if wishes.as_json:
            out.print_json(data=result.as_json())
        else:
            print_result(result, console)
        _say_where(wishes.out, machine, console)
        if wishes.keep:
            _wait(machine, console)
    if result.failure:
        raise DemoFailed(result.failure)


def _hold(
    machine: Machine, personas: Sequence[Persona], wishes: Wishes, *, started: datetime, console: Console
) -> Result:
    """Run the campaign to its end, measure it, and write the reports."""
    wishes.out.mkdir(parents=True, exist_ok=True)
    leads = wishes.out / "leads.csv"
    leads.write_text(leads_csv(personas, seller=SELLER, now=machine.clock.now()), encoding="utf-8")
    api = Api(machine.api_url, machine.environment.api_key)
    engine = make_engine(machine.environment.database_url, pool_size=2)
    try:
        campaign_id = set_stage(api, leads=leads, concurrency=wishes.concurrency, console=console)
        books = Books(engine, campaign_id)
        watch(machine, books, console)
        result = _result(books, machine, personas, started=started)
    finally:
        api.close()
        engine.dispose()
    (wishes.out / "report.json").write_text(json.dumps(result.as_json(), indent=2) + "\n", encoding="utf-8")
    write_page(result, wishes.out)
    return result


def _result(books: Books, machine: Machine, personas: Sequence[Persona], *, started: datetime) -> Result:
    records = books.records()
    report = books.report(records, now=machine.clock.now())
    findings = find(records, report, personas)
    diary = {record.call_sid: record for record in read_diary(machine.environment.diary)}
    rung = [call.attempt.dial_started_at for one in findings for call in one.attempts if call.attempt.dial_started_at]
    return Result(
        report=report,
        findings=findings,
        word_error_rate=word_error_rates(_heard_calls(findings, diary), personas),
        opt_out_seconds=_opt_out_seconds(findings, diary),
        seconds_to_first_ring=round((min(rung) - started).total_seconds(), 1) if rung else None,
        reference={tier: reference_call(tier, price_table(), on=started.date()) for tier in Tier},
        imbalance=books.imbalance(),
    )


def _heard_calls(findings: Sequence[Finding], diary: dict[str, CallRecord]) -> list[HeardCall]:
    return [
        HeardCall(
            phone=call.attempt.phone,
            said=[line.text for line in record.lines],
            heard=[turn.text for turn in call.report.turns if turn.speaker == "caller"] if call.report else [],
        )
        for finding in findings
        for call in finding.attempts
        if (record := diary.get(call.attempt.provider_sid or ""))
    ]


def _opt_out_seconds(findings: Sequence[Finding], diary: dict[str, CallRecord]) -> dict[str, float]:
    """From the end of the last words of each who opted out to the dead line."""
    seconds = {}
    for finding in findings:
        record = diary.get(finding.attempts[-1].attempt.provider_sid or "") if finding.attempts else None
        if finding.disposition == "opted_out" and record and record.lines:
            seconds[finding.persona.name] = round(record.ended - record.lines[-1].ended, 2)
    return seconds


def _say_where(folder: Path, machine: Machine, console: Console) -> None:
    console.print(f"Report: {folder / 'report.html'} (and report.json)", highlight=False)
    console.print(
        f"Recordings: {machine.environment.recordings}; logs: {machine.environment.home / 'logs'}", highlight=False
    )


def _wait(machine: Machine, console: Console) -> None:
    """Leave everything running until Ctrl-C."""
    console.print(f"Running on: API and its documentation at {machine.api_url}/docs, key {machine.environment.api_key}")
    console.print("Ctrl-C stops everything.")
    while True:
        machine.supervisor.check()
        time.sleep(1)
