"""How an attempt ended, in one word: from what the carrier said and what the voice node reported."""

from shared.calls import AttemptState, CallAttempt, Direction
from shared.calls.tasks import TaskReason
from shared.campaigns.score_cuts import ScoreCuts
from shared.conversation import CallReport
from shared.conversation.score import is_hot
from shared.outcomes.disposition import Disposition

FACTS_OF_A_CONVERSATION = 2
RECOGNISED_HANG_UP_SECONDS = 3

MISSED_FOR = frozenset({TaskReason.OUTSIDE_HOURS.value, TaskReason.FULL.value})
"""Why a call that came to us was not talked to."""
NO_SUCH_NUMBER = frozenset({404, 410, 484, 604})
"""SIP answers that say so: not found, gone, address incomplete, does not exist anywhere."""

_MACHINES = {
    "voicemail": Disposition.VOICEMAIL,
    "mailbox_full": Disposition.MAILBOX_FULL,
    "ivr": Disposition.IVR,
    "fax": Disposition.FAX,
    "screening": Disposition.SCREENED,
}
_BY_CARRIER = {
    "busy": Disposition.BUSY,
    "no-answer": Disposition.NO_ANSWER,
    "failed": Disposition.FAILED_TECHNICAL,
    "canceled": Disposition.FAILED_TECHNICAL,
}


def disposition_of(attempt: CallAttempt, report: CallReport | None, cuts: ScoreCuts | None = None) -> Disposition:
    """The one disposition of an attempt that is over.

    What the person asked for comes first, then what was agreed, then what was heard; the carrier's word decides
    only where there is no report. ``cuts`` are the campaign's own, where it has any.
    """
    if report is None:
        return _without_report(attempt)
    said = _asked_for(report) or _agreed(report) or _to_person(report) or _heard(attempt, report)
    return said or _judged(report, cuts or ScoreCuts())


def _without_report(attempt: CallAttempt) -> Disposition:
    if attempt.end_reason == Disposition.BAD_NUMBER.value:
        return Disposition.BAD_NUMBER
    if attempt.provider_result == "failed" and attempt.answered_at is None and attempt.sip_code in NO_SUCH_NUMBER:
        return Disposition.BAD_NUMBER
    if attempt.state is not AttemptState.ENDED:
        return Disposition.FAILED_TECHNICAL
    if attempt.provider_result in _BY_CARRIER and attempt.answered_at is None:
        return _BY_CARRIER[attempt.provider_result]
    if attempt.direction is Direction.INBOUND and attempt.end_reason in MISSED_FOR:
        return Disposition.MISSED
    if by_machine := _by_carriers_word(attempt):
        return by_machine
    hung_up_at_once = (attempt.duration_seconds or 0) <= RECOGNISED_HANG_UP_SECONDS and attempt.streamed_at is None
    return Disposition.HUNG_UP_EARLY if hung_up_at_once else Disposition.FAILED_TECHNICAL


def _asked_for(report: CallReport) -> Disposition | None:
    if report.opted_out:
        return Disposition.OPTED_OUT
    return Disposition.WRONG_NUMBER if report.wrong_number else None


def _agreed(report: CallReport) -> Disposition | None:
    """An appointment that could only be promised still needs an agent, who confirms it."""
    if report.appointment is None:
        return None
    return Disposition.APPOINTMENT_SET if report.appointment.is_booked else Disposition.QUALIFIED_HOT


def _heard(attempt: CallAttempt, report: CallReport) -> Disposition | None:
    """What no conversation was held with; ``None`` when it was a person."""
    if report.heard in _MACHINES:
        return _MACHINES[report.heard]
    if report.heard == "human":
        return None
    if by_machine := _by_carriers_word(attempt):
        return by_machine
    if report.ended_by == "error":
        return Disposition.FAILED_TECHNICAL
    return Disposition.NO_ANSWER if report.ended_by == "agent" else Disposition.HUNG_UP_EARLY


def _judged(report: CallReport, cuts: ScoreCuts) -> Disposition:
    """What a person said of themselves, the firmest answer first.

    Who has an appointment and leaves it as it is keeps it; who gave one up without more is one for later.
    """
    said = (
        (report.language_barrier, Disposition.LANGUAGE_BARRIER),
        (report.has_agent, Disposition.HAS_AGENT),
        (report.not_interested, Disposition.NOT_INTERESTED),
        (report.callback_at is not None, Disposition.CALLBACK_SCHEDULED),
        (report.disqualified_because is not None, Disposition.NOT_QUALIFIED),
    )
    for is_so, disposition in said:
        if is_so:
            return disposition
    if report.keeps_appointment:
        return Disposition.APPOINTMENT_SET
    if report.cancelled is not None:
        return Disposition.QUALIFIED_NURTURE
    if report.ended_by != "agent" and len(report.facts) < FACTS_OF_A_CONVERSATION:
        return Disposition.FAILED_TECHNICAL if report.ended_by == "error" else Disposition.HUNG_UP_EARLY
    score = report.score or 0
    timeline = next((fact.value for fact in report.facts if fact.field == "timeline"), None)
    if is_hot(score, timeline, cuts):
        return Disposition.QUALIFIED_HOT
    if score >= cuts.nurture_from:
        return Disposition.QUALIFIED_NURTURE
    return Disposition.FAILED_TECHNICAL if report.ended_by == "error" else Disposition.NOT_QUALIFIED


def _to_person(report: CallReport) -> Disposition | None:
    """Whoever asked for a person is with one, or has to be rung by one."""
    if report.transferred_to is not None:
        return Disposition.TRANSFERRED
    return Disposition.PERSON_WANTED if report.wants_person else None


def _by_carriers_word(attempt: CallAttempt) -> Disposition | None:
    """What the carrier's detection makes of who answered, when it was no person."""
    answered_by = attempt.answered_by or ""
    if answered_by == "fax":
        return Disposition.FAX
    return Disposition.VOICEMAIL if answered_by.startswith("machine") else None
