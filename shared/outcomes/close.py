"""Close a call: say how it ended, move its lead on, and have its money settled."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from shared.calls import CallAttempt, Finding, Permission, Verdict
from shared.calls.gate import LOST
from shared.calls.horizons import Horizons
from shared.calls.ports import CallRepository
from shared.campaigns.ports import CampaignRepository
from shared.conversation import CallReport
from shared.conversation.ports import ReportRepository
from shared.conversation.score_history import ScoreBook, score_of_report
from shared.kernel.errors import Refused
from shared.kernel.ids import AttemptId
from shared.kernel.outbox import NewMessage
from shared.leads import Suppression, SuppressionReason
from shared.leads.ports import ConsentRepository, LeadRepository, SuppressionRepository
from shared.outcomes.dispose import disposition_of
from shared.outcomes.disposition import Disposition, NextAction
from shared.outcomes.ended_call import EndedCall
from shared.outcomes.move_lead import move_lead

ISO = "%Y-%m-%dT%H:%M:%S%z"
AGREED = frozenset({Disposition.APPOINTMENT_SET, Disposition.QUALIFIED_HOT})


class StillLive(Refused):
    """The call goes on, as far as the carrier has told us."""

    def __init__(self, attempt_id: AttemptId) -> None:
        super().__init__(f"attempt {attempt_id} is not over: it cannot be released")


@dataclass(frozen=True, kw_only=True)
class Closing:
    """Everything that closing a call reads and writes."""

    calls: CallRepository
    leads: LeadRepository
    campaigns: CampaignRepository
    reports: ReportRepository
    suppressions: SuppressionRepository
    consents: ConsentRepository
    scores: ScoreBook
    horizons: Horizons = field(default_factory=Horizons)


def close_call(attempt_id: AttemptId, *, closing: Closing, now: datetime) -> Disposition | None:
    """Close an attempt that is over. Safe to repeat.

    ``None`` while it goes on, or while the report of a call that reached the node has not come, of its last part where
    it was connected again: until then the attempt holds its lead and its number. A last part that is late is waited for
    no longer, nor the report of an answered call of which nobody said that it reached the node; both are closed then by
    a message of their own. The number is suppressed before the attempt counts as closed, and also when the report comes
    after it was closed.

    Raises:
        NotFound: There is no such attempt.
    """
    attempt = closing.calls.get(attempt_id)
    report = closing.reports.get(attempt_id)
    closed_as = closing.calls.disposition(attempt_id)
    if closed_as is None and (attempt.ended_at is None or _is_waited_for(attempt, report, closing=closing, now=now)):
        return None
    disposition = _judged(attempt, report, closing=closing, now=now)
    if closed_as == disposition.value:
        return disposition
    _suppress(attempt, report, disposition, closing=closing, now=now)
    if closed_as is not None:
        return Disposition(closed_as)
    _close(attempt, report, disposition, closing=closing, now=now)
    return disposition


def release_call(attempt_id: AttemptId, *, closing: Closing, now: datetime) -> Disposition:
    """Close an attempt whose report will not come, because the node that held the call lost it. Safe to repeat.

    Raises:
        NotFound: There is no such attempt.
        StillLive: The carrier has not said that the call is over.
    """
    closed_as = close_call(attempt_id, closing=closing, now=now)
    if closed_as is not None:
        return closed_as
    attempt = closing.calls.get(attempt_id)
    if not attempt.is_over:
        raise StillLive(attempt_id)
    report = closing.reports.get(attempt_id)
    disposition = _judged(attempt, report, closing=closing, now=now)
    _suppress(attempt, report, disposition, closing=closing, now=now)
    _close(attempt, report, disposition, closing=closing, now=now)
    return disposition


def _judged(attempt: CallAttempt, report: CallReport | None, *, closing: Closing, now: datetime) -> Disposition:
    """How it ended, by the cuts of its campaign; the score it was given is kept."""
    given = score_of_report(report, at=now) if report is not None else None
    if given is not None:
        closing.scores.add(given)
    return disposition_of(attempt, report, closing.campaigns.get(attempt.campaign_id).plan.cuts)


def _is_waited_for(attempt: CallAttempt, report: CallReport | None, *, closing: Closing, now: datetime) -> bool:
    """Whether more will be told of the call; a line that could not be connected again has no last part.

    Once it is late, the parts at hand will do; without any, that nobody said the call reached the node. Then this is
    asked again.
    """
    is_told = report is not None and (report.part >= attempt.recoveries or attempt.end_reason == LOST)
    if is_told or not attempt.may_have_talked or attempt.ended_at is None:
        return False
    if report is None and attempt.streamed_at is not None:
        return True
    late = attempt.ended_at + closing.horizons.report_within
    if now < late:
        again = NewMessage(topic="close", body={"attempt_id": attempt.id}, available_at=late, group=attempt.seller_id)
        closing.calls.move(attempt, again)
    return now < late


def _close(
    attempt: CallAttempt, report: CallReport | None, disposition: Disposition, *, closing: Closing, now: datetime
) -> None:
    others = [each for each in closing.calls.of_lead(attempt.lead_id) if each.id != attempt.id]
    ended = EndedCall(attempt=attempt, disposition=disposition, report=report, others=others)
    lead, campaign = closing.leads.get(attempt.lead_id), closing.campaigns.get(attempt.campaign_id)
    moved, action = move_lead(lead, ended, campaign=campaign, now=now)
    settle = NewMessage(topic="settle", body={"attempt_id": attempt.id}, group=attempt.seller_id)
    refill = NewMessage(topic="dispatch", body={"campaign_id": attempt.campaign_id}, group=attempt.seller_id)
    if action.is_moved:
        closing.calls.record(_moved_promise(action, now), attempt_id=attempt.id)
    closing.calls.close(attempt, moved, disposition.value, settle, refill, was=lead)


def _moved_promise(action: NextAction, now: datetime) -> Permission:
    """The record that a call-back cannot be made at the moment that was promised, and when it will be made."""
    reason = f"the rules let no phone ring at the promised {action.promised_at:%Y-%m-%d %H:%M} UTC"
    evidence = {"promised_at": f"{action.promised_at:{ISO}}", "moved_to": f"{action.at:{ISO}}"}
    finding = Finding(
        rule="callback.moved", verdict=Verdict.DEFER, reason=reason, evidence=evidence, defer_until=action.at
    )
    return Permission(at=now, findings=(finding,))


def _suppress(
    attempt: CallAttempt, report: CallReport | None, disposition: Disposition, *, closing: Closing, now: datetime
) -> None:
    """Put the number on the list for everything that was said against calling it, whatever else was said.

    Every entry holds for the whole installation: a plain "not interested" in a sales call counts as a stop. A wrong
    number takes back its consents, too.
    """
    for reason in _reasons(report, disposition):
        entry = Suppression(
            phone=attempt.phone,
            reason=reason,
            at=attempt.ended_at or now,
            attempt_id=attempt.id,
            evidence=report.opt_out_words if report else "",
        )
        closing.suppressions.add(entry)
        if reason is SuppressionReason.WRONG_NUMBER:
            closing.consents.revoke(attempt.phone, at=now)


def _reasons(report: CallReport | None, disposition: Disposition) -> Iterator[SuppressionReason]:
    if disposition is Disposition.BAD_NUMBER:
        yield SuppressionReason.BAD_NUMBER
    if report is None:
        return
    if report.opted_out:
        yield SuppressionReason.OPT_OUT
    if report.wrong_number:
        yield SuppressionReason.WRONG_NUMBER
    if report.not_interested and disposition not in AGREED:
        yield SuppressionReason.DO_NOT_CALL
