"""Read everything a campaign's report is made of."""

from dataclasses import dataclass

from shared.appointments.ports import AppointmentRepository
from shared.calls import CallAttempt, Permission, Verdict
from shared.calls.ports import CallRepository
from shared.campaigns.ports import CampaignRepository
from shared.conversation.ports import ReportRepository
from shared.costs.ports import CostRepository
from shared.kernel.ids import CampaignId
from shared.leads import Lead
from shared.leads.ports import LeadRepository
from shared.reports.summarise import AttemptRecord, LeadRecord


@dataclass(frozen=True, kw_only=True)
class ReportSource:
    """Where the parts of a report are kept."""

    campaigns: CampaignRepository
    leads: LeadRepository
    calls: CallRepository
    reports: ReportRepository
    costs: CostRepository
    appointments: AppointmentRepository


def campaign_records(campaign_id: CampaignId, *, source: ReportSource) -> tuple[LeadRecord, ...]:
    """Every lead of the campaign with all that came of it, in the order of the list."""
    return tuple(_lead_record(lead, source) for lead in source.leads.of_campaign(campaign_id))


def _lead_record(lead: Lead, source: ReportSource) -> LeadRecord:
    permissions = source.calls.permissions(lead.id)
    return LeadRecord(
        lead=lead,
        attempts=tuple(_attempt_record(attempt, source) for attempt in source.calls.of_lead(lead.id)),
        appointments=tuple(source.appointments.of_lead(lead.id)),
        refusals=_refusals(permissions[-1]) if permissions else (),
    )


def _attempt_record(attempt: CallAttempt, source: ReportSource) -> AttemptRecord:
    return AttemptRecord(
        attempt=attempt,
        disposition=source.calls.disposition(attempt.id),
        report=source.reports.get(attempt.id),
        lines=tuple(source.costs.lines(attempt.id)),
    )


def _refusals(permission: Permission) -> tuple[str, ...]:
    """Why the latest decision did not allow a call; nothing when it did."""
    return () if permission.verdict is Verdict.ALLOW else permission.reasons
