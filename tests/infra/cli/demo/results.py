"""Results as a run would leave them: a booked lead, one that failed, one that was not rung."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from infra.cli.demo.findings import find
from infra.cli.demo.result import Result
from infra.simulator.people.persona import Expectation, LeadRow, Persona, Voice
from shared.appointments import Appointment
from shared.calls import AttemptState, CallAttempt
from shared.campaigns import Campaign
from shared.conversation import CallReport, SpokenTurn
from shared.conversation.report import ScoreReason
from shared.costs import Component, CostLine, Unit
from shared.costs.price_table import price_table
from shared.costs.pricing import Tier, reference_call
from shared.kernel.ids import AgentId, AppointmentId, AttemptId, BudgetId, CampaignId, LeadId, SellerId
from shared.kernel.money import ZERO, Money
from shared.leads import Lead, LeadStatus
from shared.reports.summarise import AttemptRecord, LeadRecord, summarise

NOW = datetime(2026, 11, 24, 17, tzinfo=UTC)
SELLER, CAMPAIGN = SellerId("s"), CampaignId("c")
LONG = "12 Far Too Long A Name For Any Street In Town Avenue, Apartment 1234567890"


def make_persona(name: str, expected: str, *, number: int, **changes: Any) -> Persona:
    given: dict[str, Any] = {
        "version": 1,
        "name": name,
        "about": f"{name} waits for a call.",
        "phone": f"+1512555{number:04}",
        "telephone": "busy",
        "voice": Voice(name="en-us"),
        "lead": LeadRow(subject="12 Oak Street", timezone="America/Chicago", state="TX"),
        "expected": Expectation(disposition=expected),
    }
    return Persona(**given | changes)


def make_lead(persona: Persona, status: LeadStatus, **changes: Any) -> Lead:
    first, _, last = persona.name.partition(" ")
    return Lead(
        id=LeadId(first.lower()),
        seller_id=SELLER,
        campaign_id=CAMPAIGN,
        phone=persona.phone,
        first_name=first,
        last_name=last,
        status=status,
        created_at=NOW,
        **changes,
    )


def make_attempt(lead: Lead, **changes: Any) -> CallAttempt:
    attempt = CallAttempt(
        id=AttemptId(f"call-{lead.id}"),
        seller_id=SELLER,
        campaign_id=CAMPAIGN,
        lead_id=lead.id,
        attempt_no=1,
        phone=lead.phone,
        caller_id="+15125550000",
        state=AttemptState.ENDED,
        provider_sid=f"CA{lead.id}",
        planned_at=NOW,
        dial_deadline=NOW,
        ended_at=NOW,
        duration_seconds=115,
    )
    return replace(attempt, **changes)


def make_report(attempt: CallAttempt, **changes: Any) -> CallReport:
    turns = (
        SpokenTurn(number=1, speaker="caller", text="hello <b>there</b>", started=1.5, ended=2.0),
        SpokenTurn(number=2, speaker="agent", text="Hi, this is Ava.", started=0.1, ended=1.2),
        SpokenTurn(number=3, speaker="agent", text="When?", started=3.0, ended=4.0, latency_ms=61.4, interrupted=True),
    )
    report = CallReport(
        attempt_id=attempt.id,
        worker="w1",
        epoch="e1",
        started_at=NOW,
        ended_at=NOW,
        ended_by="agent",
        end_reason="goodbye",
        heard="human",
        first_audio_ms=145.0,
        turns=turns,
        score=76,
        score_reasons=(
            ScoreReason(name="timeline", points=30, most=30, why="within a month (turn 4)"),
            ScoreReason(name="agent-free", points=0, most=15, why="signed_agreement (turn 8)"),
        ),
    )
    return report.model_copy(update=changes)


def cost_lines(**amounts: str) -> tuple[CostLine, ...]:
    return tuple(
        CostLine(
            component=Component(name),
            vendor="twilio",
            quantity=Decimal(2),
            unit=Unit.MINUTE,
            unit_price=Money.usd("0.014"),
            amount=Money.usd(amount),
            price_version="test",
        )
        for name, amount in amounts.items()
    )


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a database would hold after a run."""

    campaign: Campaign
    records: tuple[LeadRecord, ...]
    personas: tuple[Persona, ...]


def make_kept(*, recording: Path | None = None, **expected: str) -> Kept:
    """Ada booked, Bob could not be reached, Keoni sleeps; ``expected`` changes how somebody should have ended."""
    ada = make_persona("Ada <i>Byron</i>", expected.get("ada", "appointment_set"), number=101)
    bob = make_persona("Bob Stone", expected.get("bob", "no_answer"), number=102)
    honolulu = LeadRow(subject=LONG, timezone="Pacific/Honolulu", state="HI")
    keoni = make_persona("Keoni Kahale", expected.get("keoni", "deferred"), number=103, lead=honolulu)
    booked = make_lead(ada, LeadStatus.QUALIFIED, disposition="appointment_set", score=76)
    again = make_lead(bob, LeadStatus.READY, disposition="no_answer", next_attempt_at=NOW + timedelta(hours=4))
    asleep = make_lead(keoni, LeadStatus.READY, next_attempt_at=NOW + timedelta(hours=1))
    call, missed = make_attempt(booked), make_attempt(again, duration_seconds=0)
    report = make_report(call, recording_path=str(recording) if recording else None)
    appointment = Appointment(
        id=AppointmentId("a"),
        seller_id=SELLER,
        agent_id=AgentId("grace"),
        lead_id=booked.id,
        attempt_id=call.id,
        starts_at=NOW + timedelta(days=1),
        ends_at=NOW + timedelta(days=1, minutes=30),
        timezone="America/Chicago",
    )
    paid = cost_lines(carrier_voice="0.028", speech_to_text="0", overhead="0.004")
    records = (
        LeadRecord(
            lead=booked,
            attempts=(AttemptRecord(attempt=call, disposition="appointment_set", report=report, lines=paid),),
            appointments=(appointment,),
        ),
        LeadRecord(
            lead=again,
            attempts=(AttemptRecord(attempt=missed, disposition="no_answer", lines=cost_lines(overhead="0.004")),),
        ),
        LeadRecord(lead=asleep, refusals=("outside calling hours where the person may be",)),
    )
    campaign = Campaign(
        id=CAMPAIGN,
        seller_id=SELLER,
        name="Home value leads",
        script="seller_home_value",
        voice="en-us+f2",
        caller_id="+15125550000",
        budget_id=BudgetId("b"),
        created_at=NOW,
    )
    return Kept(campaign=campaign, records=records, personas=(ada, bob, keoni))


def make_result(*, recording: Path | None = None, imbalance: Money = ZERO, **expected: str) -> Result:
    """The result of such a run."""
    kept = make_kept(recording=recording, **expected)
    summary = summarise(kept.campaign, kept.records, now=NOW)
    return Result(
        report=summary,
        findings=find(kept.records, summary, kept.personas),
        word_error_rate={"known_lines": 0.034, "new_lines": None},
        opt_out_seconds={"James Wilson": 2.36},
        seconds_to_first_ring=9.7,
        reference={tier: reference_call(tier, price_table(), on=NOW.date()) for tier in Tier},
        imbalance=imbalance,
    )
