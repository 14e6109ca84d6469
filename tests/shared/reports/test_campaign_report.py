"""The report of a campaign adds up and says what a person wants to know."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.memory import (
    MemoryAppointmentRepository,
    MemoryCallRepository,
    MemoryCampaignRepository,
    MemoryCostRepository,
    MemoryLeadRepository,
    MemoryReportRepository,
    MemoryStore,
)
from shared.appointments import Appointment
from shared.calls import AttemptState, CallAttempt, Finding, Permission, Verdict
from shared.campaigns import Campaign
from shared.conversation import CallReport, SpokenTurn
from shared.conversation.report import ScoreReason
from shared.costs import Component, CostLine, Unit
from shared.kernel.ids import AgentId, AppointmentId, AttemptId, BudgetId, CampaignId, LeadId, SellerId
from shared.kernel.money import Money
from shared.leads import Lead, LeadStatus
from shared.reports import CampaignReport, Percentiles
from shared.reports.gather import ReportSource, campaign_records
from shared.reports.summarise import summarise

NOW = datetime(2026, 11, 24, 17, tzinfo=UTC)
HARBOR, SPRING = SellerId("harbor"), CampaignId("spring")


def lead(name: str, *, status: LeadStatus, **changes: Any) -> Lead:
    return Lead(
        id=LeadId(name),
        seller_id=HARBOR,
        campaign_id=SPRING,
        phone=f"+1512555{len(name):04}",
        first_name=name.title(),
        last_name="Byron",
        status=status,
        created_at=NOW,
        **changes,
    )


def attempt(name: str, lead_id: str, *, seconds: int | None, sid: str | None = "CA") -> CallAttempt:
    return CallAttempt(
        id=AttemptId(name),
        seller_id=HARBOR,
        campaign_id=SPRING,
        lead_id=LeadId(lead_id),
        attempt_no=1,
        phone="+15125550142",
        caller_id="+15125550101",
        state=AttemptState.ENDED if sid else AttemptState.CANCELLED,
        provider_sid=sid and sid + name,
        planned_at=NOW,
        dial_deadline=NOW,
        ended_at=NOW,
        duration_seconds=seconds,
    )


def report(name: str, *latencies: float, heard: Literal["human", "voicemail"] = "human") -> CallReport:
    turns = tuple(
        SpokenTurn(number=n, speaker="agent", text="yes", started=n, ended=n, latency_ms=latency)
        for n, latency in enumerate(latencies, start=1)
    )
    return CallReport(
        attempt_id=AttemptId(name),
        worker="w",
        epoch="e",
        started_at=NOW,
        ended_at=NOW,
        ended_by="agent",
        end_reason="goodbye",
        heard=heard,
        first_audio_ms=300,
        turns=turns,
        score=80,
        score_reasons=(ScoreReason(name="timeline", points=20, most=25, why="within three months"),),
    )


def lines(carrier: str, overhead: str = "0.004") -> tuple[CostLine, ...]:
    return tuple(
        CostLine(
            component=component,
            vendor="v",
            quantity=Decimal(1),
            unit=Unit.CALL,
            unit_price=Money.usd(amount),
            amount=Money.usd(amount),
            price_version="test",
        )
        for component, amount in ((Component.CARRIER_VOICE, carrier), (Component.OVERHEAD, overhead))
    )


def world() -> MemoryStore:
    store = MemoryStore()
    store.campaigns[SPRING] = Campaign(
        id=SPRING,
        seller_id=HARBOR,
        name="Spring",
        script="home_value",
        voice="ava",
        caller_id="+15125550101",
        budget_id=BudgetId("purse"),
        created_at=NOW,
    )
    people = (
        lead("ada", status=LeadStatus.QUALIFIED, disposition="appointment_set", score=80),
        lead("bob", status=LeadStatus.READY, disposition="voicemail", next_attempt_at=NOW + timedelta(days=1)),
        lead("cyd", status=LeadStatus.QUALIFIED, disposition="qualified_nurture", score=50),
        lead("dan", status=LeadStatus.BLOCKED),
        lead("eve", status=LeadStatus.IN_CALL),
    )
    store.leads.update({person.id: person for person in people})
    store.attempts.update(
        {
            "a1": attempt("a1", "ada", seconds=None),
            "a2": attempt("a2", "ada", seconds=150),
            "b1": attempt("b1", "bob", seconds=8),
            "c1": attempt("c1", "cyd", seconds=None, sid=None),
        }
    )
    store.reports = {"a2": {0: report("a2", 100, 150)}, "b1": {0: report("b1", heard="voicemail")}}
    store.cost_lines = {"a1": lines("0"), "a2": lines("0.078"), "b1": lines("0.022")}
    store.appointments["s"] = Appointment(
        id=AppointmentId("s"),
        seller_id=HARBOR,
        agent_id=AgentId("maria"),
        lead_id=LeadId("ada"),
        starts_at=NOW + timedelta(days=1),
        ends_at=NOW + timedelta(days=1, minutes=30),
        timezone="America/Chicago",
    )
    finding = Finding(rule="consent.ai_voice", verdict=Verdict.DENY, reason="there is no consent")
    store.permissions.append(("dan", Permission(at=NOW, findings=(finding,))))
    return store


def made() -> CampaignReport:
    store = world()
    source = ReportSource(
        campaigns=MemoryCampaignRepository(store),
        leads=MemoryLeadRepository(store),
        calls=MemoryCallRepository(store),
        reports=MemoryReportRepository(store),
        costs=MemoryCostRepository(store),
        appointments=MemoryAppointmentRepository(store),
    )
    return summarise(source.campaigns.get(SPRING), campaign_records(SPRING, source=source), now=NOW)


def test_a_leads_line_says_how_it_went_and_what_it_cost() -> None:
    ada = made().leads[0]

    assert (ada.name, ada.disposition, ada.score, ada.next_action) == (
        "Ada Byron",
        "appointment_set",
        80,
        "hand_to_agent",
    )
    assert (ada.attempts, ada.call_seconds, ada.cost_micro_usd) == (2, 150, 86_000)
    assert ada.cost_by_component == {"carrier_voice": 78_000, "overhead": 8_000}
    assert ada.score_reasons[0].why == "within three months"
    assert ada.appointment is not None
    assert ada.appointment.starts_at == NOW + timedelta(days=1)


def test_the_next_action_follows_from_where_the_lead_stands() -> None:
    assert [line.next_action for line in made().leads] == [
        "hand_to_agent",
        "call_again",
        "nurture",
        "stop",
        "in progress",
    ]


def test_a_lead_that_may_not_be_rung_says_why() -> None:
    assert made().leads[3].refused_because == ("there is no consent",)


def test_the_totals_follow_the_definitions() -> None:
    totals = made().totals

    assert (totals.leads, totals.dials, totals.connected_calls, totals.appointments) == (5, 3, 1, 1)
    assert totals.cost_micro_usd == 112_000
    assert totals.per_dial_micro_usd == 37_333
    assert totals.per_connected_call_micro_usd == 82_000
    assert totals.per_conversation_micro_usd == totals.per_appointment_micro_usd == 112_000
    assert totals.dispositions == {"appointment_set": 1, "voicemail": 1, "qualified_nurture": 1}
    assert (totals.turn_ms.p50, totals.turn_ms.p95, totals.first_audio_ms.count) == (100, 150, 2)


def test_costs_by_component_sum_to_the_whole() -> None:
    report = made()

    assert sum(report.totals.cost_by_component.values()) == report.totals.cost_micro_usd
    assert sum(line.cost_micro_usd for line in report.leads) == report.totals.cost_micro_usd


def test_a_report_survives_json() -> None:
    report = made()

    assert CampaignReport.model_validate_json(json.dumps(report.model_dump(mode="json"))) == report


def test_nothing_measured_has_no_percentiles() -> None:
    assert Percentiles.of([]) == Percentiles(p50=None, p95=None, count=0)


@given(values=st.lists(st.floats(0, 10_000), min_size=1, max_size=60))
def test_percentiles_are_values_that_enough_others_do_not_pass(values: list[float]) -> None:
    measured = Percentiles.of(values)

    for percentile, percent in ((measured.p50, 50), (measured.p95, 95)):
        assert percentile in values
        assert sum(value <= percentile for value in values) * 100 >= percent * len(values)
