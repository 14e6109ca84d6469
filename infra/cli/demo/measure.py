"""From a finished run to its result: what was kept, beside what the simulated people say really happened."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from infra.cli.demo.accuracy import HeardCall, word_error_rates
from infra.cli.demo.books import Books
from infra.cli.demo.findings import Finding, find
from infra.cli.demo.result import Result
from infra.local.machine import Machine
from infra.simulator.people.persona import Persona
from infra.simulator.people.record import CallRecord
from infra.simulator.town import read_diary
from shared.costs.price_table import price_table
from shared.costs.pricing import Tier, reference_call


def measure(books: Books, machine: Machine, personas: Sequence[Persona], *, started: datetime) -> Result:
    """Everything that the run showed; ``started`` is the civil moment at which it began."""
    records = books.records()
    report = books.report(records, now=machine.clock.now())
    findings = find(records, report, personas)
    diary = {record.call_sid: record for record in read_diary(machine.environment.diary)}
    rung = [call.attempt.dial_started_at for one in findings for call in one.attempts if call.attempt.dial_started_at]
    return Result(
        report=report,
        findings=findings,
        word_error_rate=word_error_rates(heard_calls(findings, diary), personas),
        opt_out_seconds=opt_out_seconds(findings, diary),
        seconds_to_first_ring=round((min(rung) - started).total_seconds(), 1) if rung else None,
        reference={tier: reference_call(tier, price_table(), on=started.date()) for tier in Tier},
        imbalance=books.imbalance(),
    )


def heard_calls(findings: Sequence[Finding], diary: Mapping[str, CallRecord]) -> list[HeardCall]:
    """What was said and what was recognised, call by call."""
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


def opt_out_seconds(findings: Sequence[Finding], diary: Mapping[str, CallRecord]) -> dict[str, float]:
    """From the end of the last words of each who opted out to the dead line."""
    seconds = {}
    for finding in findings:
        record = diary.get(finding.attempts[-1].attempt.provider_sid or "") if finding.attempts else None
        if finding.disposition == "opted_out" and record and record.lines:
            seconds[finding.persona.name] = round(record.ended - record.lines[-1].ended, 2)
    return seconds
