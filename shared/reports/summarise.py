"""Put a campaign's report together from what was kept of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.appointments import Appointment, AppointmentStatus
from shared.calls import CallAttempt
from shared.campaigns import Campaign
from shared.conversation import CallReport
from shared.costs import CostLine
from shared.kernel.money import Money
from shared.leads import Lead, LeadStatus
from shared.outcomes import ActionKind, Disposition
from shared.reports.campaign_report import AppointmentLine, CampaignReport, LeadLine, Percentiles, Totals, share, summed

_NEXT = {
    LeadStatus.QUALIFIED: ActionKind.HAND_TO_AGENT,
    LeadStatus.READY: ActionKind.CALL_AGAIN,
    LeadStatus.OPTED_OUT: ActionKind.SUPPRESS,
    LeadStatus.INVALID: ActionKind.SUPPRESS,
    LeadStatus.NOT_INTERESTED: ActionKind.SUPPRESS,
}
UNDER_WAY = frozenset({LeadStatus.NEW, LeadStatus.CLAIMED, LeadStatus.IN_CALL})


@dataclass(frozen=True, kw_only=True)
class AttemptRecord:
    """One attempt with all that came of it."""

    attempt: CallAttempt
    disposition: str | None = None
    report: CallReport | None = None
    lines: tuple[CostLine, ...] = ()

    @property
    def cost(self) -> Money:
        """What the attempt cost, as far as it is settled."""
        return summed([line.amount for line in self.lines])

    @property
    def is_dial(self) -> bool:
        """Whether the carrier took it."""
        return self.attempt.provider_sid is not None

    @property
    def is_connected(self) -> bool:
        """Whether a person answered."""
        return self.report is not None and self.report.heard == "human"


@dataclass(frozen=True, kw_only=True)
class LeadRecord:
    """One lead with all that came of it; attempts oldest first. ``refusals`` are why it may not be rung."""

    lead: Lead
    attempts: tuple[AttemptRecord, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    refusals: tuple[str, ...] = ()


def summarise(campaign: Campaign, records: Sequence[LeadRecord], *, now: datetime) -> CampaignReport:
    """The campaign's report as of ``now``."""
    lines = tuple(_lead_line(record) for record in records)
    return CampaignReport(
        campaign_id=campaign.id,
        name=campaign.name,
        state=campaign.state.value,
        at=now,
        leads=lines,
        totals=_totals(lines, [attempt for record in records for attempt in record.attempts]),
    )


def _lead_line(record: LeadRecord) -> LeadLine:
    lead, attempts = record.lead, record.attempts
    reports = [each.report for each in attempts if each.report is not None]
    standing = [each for each in record.appointments if each.status is not AppointmentStatus.CANCELLED]
    return LeadLine(
        lead_id=lead.id,
        name=f"{lead.first_name} {lead.last_name}".strip(),
        status=lead.status.value,
        disposition=lead.disposition,
        score=lead.score,
        score_reasons=next((report.score_reasons for report in reversed(reports) if report.score_reasons), ()),
        appointment=_appointment_line(standing[-1]) if standing else None,
        next_action=_next_action(lead),
        next_attempt_at=lead.next_attempt_at,
        attempts=sum(each.is_dial for each in attempts),
        attempt_ids=tuple(each.attempt.id for each in attempts),
        call_seconds=sum(each.attempt.duration_seconds or 0 for each in attempts),
        cost_by_component=_by_component(attempts),
        cost_micro_usd=summed([each.cost for each in attempts]).micro_usd,
        refused_because=record.refusals,
    )


def _next_action(lead: Lead) -> str:
    if lead.status in UNDER_WAY:
        return "in progress"
    if lead.disposition == Disposition.QUALIFIED_NURTURE:
        return ActionKind.NURTURE.value
    return _NEXT.get(lead.status, ActionKind.STOP).value


def _appointment_line(appointment: Appointment) -> AppointmentLine:
    return AppointmentLine(
        agent_id=appointment.agent_id,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        timezone=appointment.timezone,
    )


def _by_component(attempts: Sequence[AttemptRecord]) -> dict[str, int]:
    amounts: Counter[str] = Counter()
    for each in attempts:
        for line in each.lines:
            amounts[line.component.value] += line.amount.micro_usd
    return dict(amounts)


def _totals(lines: Sequence[LeadLine], attempts: Sequence[AttemptRecord]) -> Totals:
    connected = [each for each in attempts if each.is_connected]
    dials = sum(each.is_dial for each in attempts)
    booked = sum(line.appointment is not None for line in lines)
    cost = summed([each.cost for each in attempts])
    reports = [each.report for each in attempts if each.report is not None]
    return Totals(
        leads=len(lines),
        dials=dials,
        connected_calls=len(connected),
        appointments=booked,
        dispositions=dict(Counter(line.disposition for line in lines if line.disposition)),
        call_seconds=sum(line.call_seconds for line in lines),
        cost_micro_usd=cost.micro_usd,
        cost_by_component=_by_component(attempts),
        per_dial_micro_usd=share(cost, dials),
        per_connected_call_micro_usd=share(summed([each.cost for each in connected]), len(connected)),
        per_conversation_micro_usd=share(cost, len(connected)),
        per_appointment_micro_usd=share(cost, booked),
        first_audio_ms=Percentiles.of([each.first_audio_ms for each in reports if each.first_audio_ms is not None]),
        turn_ms=Percentiles.of(
            [turn.latency_ms for each in reports for turn in each.turns if turn.latency_ms is not None]
        ),
    )
