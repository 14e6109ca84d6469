"""Valid things for the contract tests; each takes only the difference."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from shared.appointments import Agent, Appointment, WorkingHours
from shared.calls import CallAttempt, Finding, Permission, Verdict
from shared.calls.ports import ProviderEvent
from shared.campaigns import Campaign, Opening, Seller
from shared.conversation import CallReport, SpokenTurn
from shared.costs import Budget, Component, CostLine, Reservation, Unit
from shared.kernel.ids import (
    AgentId,
    AppointmentId,
    AttemptId,
    BudgetId,
    CampaignId,
    ConsentId,
    LeadId,
    SellerId,
    new_id,
)
from shared.kernel.money import Money
from shared.leads import Channel, Consent, Lead, LeadStatus, Suppression, SuppressionReason

NOON = datetime(2026, 3, 4, 18, tzinfo=UTC)  # a Wednesday, noon in Chicago
SELLER = Seller(
    id=SellerId("01900000-0000-7000-8000-000000000001"),
    registered_name="Harbor Homes LLC",
    callback_number="+13125550100",
)
BUDGET_ID = BudgetId("01900000-0000-7000-8000-000000000002")
CAMPAIGN_ID = CampaignId("01900000-0000-7000-8000-000000000003")
PHONE = "+13125550142"


def make_budget(**changed: Any) -> Budget:
    given: dict[str, Any] = {"id": BUDGET_ID, "seller_id": SELLER.id, "limit": Money.usd("10")}
    return Budget(**given | changed)


def make_campaign(**changed: Any) -> Campaign:
    given: dict[str, Any] = {
        "id": CAMPAIGN_ID,
        "seller_id": SELLER.id,
        "name": "Spring sellers",
        "script": "seller",
        "voice": "en-us",
        "caller_id": "+13125550100",
        "budget_id": BUDGET_ID,
        "max_concurrency": 100,
        "created_at": NOON,
    }
    return Campaign(**given | changed)


def make_opening(**changed: Any) -> Opening:
    given: dict[str, Any] = {
        "campaign_id": CAMPAIGN_ID,
        "voice": "en-us",
        "text": "Hello.",
        "audio": b"\xff\x00" * 80,
        "rendered_at": NOON,
    }
    return Opening(**given | changed)


def make_lead(**changed: Any) -> Lead:
    given: dict[str, Any] = {
        "id": LeadId(new_id()),
        "seller_id": SELLER.id,
        "campaign_id": CAMPAIGN_ID,
        "phone": PHONE,
        "first_name": "Ada",
        "status": LeadStatus.READY,
        "next_attempt_at": NOON,
        "created_at": NOON,
    }
    return Lead(**given | changed)


def make_consent(lead: Lead, **changed: Any) -> Consent:
    given: dict[str, Any] = {
        "id": ConsentId(new_id()),
        "seller_id": lead.seller_id,
        "phone": lead.phone,
        "channels": frozenset(Channel),
        "text": "Yes, call me.",
        "method": "web form",
        "obtained_at": NOON - timedelta(days=3),
    }
    return Consent(**given | changed)


def make_suppression(**changed: Any) -> Suppression:
    given: dict[str, Any] = {"phone": PHONE, "reason": SuppressionReason.OPT_OUT, "at": NOON}
    return Suppression(**given | changed)


def make_attempt(lead: Lead, **changed: Any) -> CallAttempt:
    given: dict[str, Any] = {
        "id": AttemptId(new_id()),
        "seller_id": lead.seller_id,
        "campaign_id": lead.campaign_id,
        "lead_id": lead.id,
        "attempt_no": lead.attempts + 1,
        "phone": lead.phone,
        "caller_id": "+13125550100",
        "planned_at": NOON,
        "dial_deadline": NOON + timedelta(seconds=90),
    }
    return CallAttempt(**given | changed)


def make_permission(verdict: Verdict = Verdict.ALLOW, **changed: Any) -> Permission:
    finding = Finding(
        rule="consent.ai_voice",
        verdict=verdict,
        reason="because",
        evidence={"count": 1},
        defer_until=NOON + timedelta(hours=2) if verdict is Verdict.DEFER else None,
    )
    given: dict[str, Any] = {"at": NOON, "findings": (finding,)}
    return Permission(**given | changed)


def make_reservation(attempt: CallAttempt, dollars: str = "1", **changed: Any) -> Reservation:
    given: dict[str, Any] = {
        "attempt_id": attempt.id,
        "budget_ids": (BUDGET_ID,),
        "amount": Money.usd(dollars),
        "made_at": NOON,
    }
    return Reservation(**given | changed)


def make_event(attempt: CallAttempt, **changed: Any) -> ProviderEvent:
    given: dict[str, Any] = {
        "attempt_id": attempt.id,
        "kind": "status",
        "dedupe_key": "CA1:ringing:1",
        "at": NOON,
        "payload": {"CallStatus": "ringing"},
    }
    return ProviderEvent(**given | changed)


def make_line(dollars: str = "0.25", **changed: Any) -> CostLine:
    given: dict[str, Any] = {
        "component": Component.CARRIER_VOICE,
        "vendor": "twilio",
        "quantity": 2,
        "unit": Unit.MINUTE,
        "unit_price": Money.usd("0.014"),
        "amount": Money.usd(dollars),
        "price_version": "2026-01",
    }
    return CostLine(**given | changed)


def make_agent(**changed: Any) -> Agent:
    given: dict[str, Any] = {
        "id": AgentId(new_id()),
        "seller_id": SELLER.id,
        "name": "Grace",
        "timezone": "America/Chicago",
        "hours": tuple(WorkingHours(weekday=day, opens=time(9), closes=time(17)) for day in range(5)),
    }
    return Agent(**given | changed)


def make_appointment(agent: Agent, lead: Lead, **changed: Any) -> Appointment:
    starts_at = NOON + timedelta(days=1)
    given: dict[str, Any] = {
        "id": AppointmentId(new_id()),
        "seller_id": SELLER.id,
        "agent_id": agent.id,
        "lead_id": lead.id,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=30),
        "timezone": "America/Chicago",
    }
    return Appointment(**given | changed)


def make_report(attempt: CallAttempt, **changed: Any) -> CallReport:
    turns = (
        SpokenTurn(number=1, speaker="agent", text="Hello.", started=0.2, ended=3.5, latency_ms=120.5),
        SpokenTurn(number=2, speaker="caller", text="hi", started=4.0, ended=4.5, interrupted=True),
    )
    given: dict[str, Any] = {
        "attempt_id": attempt.id,
        "worker": "w1",
        "epoch": "e1",
        "started_at": NOON,
        "ended_at": NOON + timedelta(minutes=1),
        "ended_by": "caller",
        "end_reason": "hung up",
        "heard": "human",
        "turns": turns,
        "score": 40,
    }
    return CallReport(**given | changed)
