"""Close a call: say how it ended, move its lead on, and have its money settled."""

from dataclasses import replace
from datetime import datetime

from shared.calls import AttemptState, CallAttempt
from shared.calls.ports import CallRepository
from shared.campaigns.ports import CampaignRepository
from shared.conversation import CallReport
from shared.conversation.ports import ReportRepository
from shared.kernel.ids import AttemptId
from shared.kernel.outbox import NewMessage
from shared.leads import Lead, LeadStatus, Suppression, SuppressionReason
from shared.leads.ports import ConsentRepository, LeadRepository, SuppressionRepository
from shared.outcomes.dispose import disposition_of
from shared.outcomes.disposition import Disposition, NextAction
from shared.outcomes.next_action import next_action

NEVER_RANG = frozenset({AttemptState.CANCELLED, AttemptState.NOT_PLACED})
_REASONS = {
    Disposition.OPTED_OUT: SuppressionReason.OPT_OUT,
    Disposition.NOT_INTERESTED: SuppressionReason.DO_NOT_CALL,
    Disposition.WRONG_NUMBER: SuppressionReason.WRONG_NUMBER,
    Disposition.BAD_NUMBER: SuppressionReason.BAD_NUMBER,
}


def close_call(
    attempt_id: AttemptId,
    *,
    calls: CallRepository,
    leads: LeadRepository,
    campaigns: CampaignRepository,
    reports: ReportRepository,
    suppressions: SuppressionRepository,
    consents: ConsentRepository,
    now: datetime,
) -> Disposition | None:
    """Close an attempt that is over. Safe to repeat.

    ``None`` while it goes on, or while the report of a call that reached the node has not come: until then the attempt
    holds its lead and its number. The number is suppressed before the attempt counts as closed.

    Raises:
        NotFound: There is no such attempt.
    """
    closed_as = calls.disposition(attempt_id)
    if closed_as is not None:
        return Disposition(closed_as)
    attempt = calls.get(attempt_id)
    report = reports.get(attempt_id)
    if not attempt.is_over or (attempt.streamed_at is not None and report is None):
        return None
    disposition = disposition_of(attempt, report)
    _suppress(attempt, report, disposition, suppressions=suppressions, consents=consents, now=now)
    lead = leads.get(attempt.lead_id)
    if attempt.state in NEVER_RANG and lead.attempts:
        lead = replace(lead, attempts=lead.attempts - 1)
    cadence = campaigns.get(attempt.campaign_id).cadence
    action = next_action(disposition, lead, cadence=cadence, report=report, now=now)
    settle = NewMessage(topic="settle", body={"attempt_id": attempt_id}, group=attempt.seller_id)
    refill = NewMessage(topic="dispatch", body={"campaign_id": attempt.campaign_id}, group=attempt.seller_id)
    calls.close(attempt, _moved(lead, disposition, action, report), disposition.value, settle, refill)
    return disposition


def _suppress(
    attempt: CallAttempt,
    report: CallReport | None,
    disposition: Disposition,
    *,
    suppressions: SuppressionRepository,
    consents: ConsentRepository,
    now: datetime,
) -> None:
    """Put the number on the list where the disposition asks for it; a wrong number takes back its consents, too.

    Whoever is not interested is off this seller's list alone; everything else holds for the whole installation.
    """
    if disposition not in _REASONS:
        return
    entry = Suppression(
        phone=attempt.phone,
        reason=_REASONS[disposition],
        at=attempt.ended_at or now,
        seller_id=attempt.seller_id if disposition is Disposition.NOT_INTERESTED else None,
        attempt_id=attempt.id,
        evidence=report.opt_out_words if report else "",
    )
    suppressions.add(entry)
    if disposition is Disposition.WRONG_NUMBER:
        consents.revoke(attempt.phone, at=now)


def _moved(lead: Lead, disposition: Disposition, action: NextAction, report: CallReport | None) -> Lead:
    if action.lead_status is LeadStatus.OPTED_OUT:
        lead = lead.opted_out()
    score = report.score if report else None
    return lead.after_call(action.lead_status, disposition=disposition.value, score=score, at=action.at)
