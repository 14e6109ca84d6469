"""The one thing that happens to a lead after an attempt."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.campaigns import Cadence
from shared.campaigns.next_attempt import allowed_from, next_attempt_at
from shared.conversation import CallReport
from shared.kernel.week import Week
from shared.leads import Lead, LeadStatus
from shared.outcomes.disposition import ActionKind, Disposition, NextAction

OUR_FAULT_WAITS, LONGEST_WAIT = timedelta(minutes=15), timedelta(hours=4)
UNHEARD_WAITS = timedelta(seconds=10)
MOST_DOUBLINGS = 12

# A plain "not interested" to a sales call counts as a stop.
_SETTLED = {
    Disposition.APPOINTMENT_SET: (ActionKind.HAND_TO_AGENT, LeadStatus.QUALIFIED),
    Disposition.QUALIFIED_HOT: (ActionKind.HAND_TO_AGENT, LeadStatus.QUALIFIED),
    Disposition.TRANSFERRED: (ActionKind.HAND_TO_AGENT, LeadStatus.QUALIFIED),
    Disposition.PERSON_WANTED: (ActionKind.HAND_TO_AGENT, LeadStatus.QUALIFIED),
    Disposition.QUALIFIED_NURTURE: (ActionKind.NURTURE, LeadStatus.QUALIFIED),
    Disposition.NOT_QUALIFIED: (ActionKind.STOP, LeadStatus.NOT_QUALIFIED),
    Disposition.HAS_AGENT: (ActionKind.STOP, LeadStatus.NOT_QUALIFIED),
    Disposition.LANGUAGE_BARRIER: (ActionKind.STOP, LeadStatus.NOT_QUALIFIED),
    Disposition.NOT_INTERESTED: (ActionKind.SUPPRESS, LeadStatus.NOT_INTERESTED),
    Disposition.OPTED_OUT: (ActionKind.SUPPRESS, LeadStatus.OPTED_OUT),
    Disposition.FAX: (ActionKind.STOP, LeadStatus.INVALID),
    Disposition.WRONG_NUMBER: (ActionKind.SUPPRESS, LeadStatus.INVALID),
    Disposition.BAD_NUMBER: (ActionKind.SUPPRESS, LeadStatus.INVALID),
}


def next_action(
    disposition: Disposition,
    lead: Lead,
    *,
    cadence: Cadence,
    report: CallReport | None,
    hours: Week = (),
    tried: Sequence[datetime] = (),
    failures: int = 0,
    rang_nobody: bool = False,
    now: datetime,
) -> NextAction:
    """What follows from the disposition; ``lead`` as it was after the attempt was counted.

    A call-back is kept at the moment the person asked for, or at the next one that the rules and the campaign's
    ``hours`` allow; whoever is to be called in another language is handed to a person. Whoever could not be spoken to
    is rung again by the cadence, in another part of the day than those in which they were ``tried``, until the cadence
    is done. After ``failures`` of ours in a row the lead waits longer each time; where that ``rang_nobody`` it waits
    seconds at first, and the cadence has no part in it.
    """
    if lead.status is LeadStatus.OPTED_OUT:
        return NextAction(kind=ActionKind.SUPPRESS, lead_status=LeadStatus.OPTED_OUT)
    if disposition is Disposition.LANGUAGE_BARRIER and report is not None and report.callback_language:
        return NextAction(kind=ActionKind.HAND_TO_AGENT, lead_status=LeadStatus.QUALIFIED)
    if disposition in _SETTLED:
        kind, status = _SETTLED[disposition]
        return NextAction(kind=kind, lead_status=status)
    if disposition is Disposition.CALLBACK_SCHEDULED and report is not None and report.callback_at is not None:
        return _promise(lead, max(now, report.callback_at), hours)
    if rang_nobody:
        at = allowed_from(lead, now + _grown(UNHEARD_WAITS, failures), hours=hours)
        return NextAction(kind=ActionKind.CALL_AGAIN, lead_status=LeadStatus.READY, at=at)
    again_at = next_attempt_at(lead, disposition.value, cadence=cadence, hours=hours, tried=tried, now=now)
    if again_at is not None:
        if failures > 1:
            wait = now + _grown(OUR_FAULT_WAITS, failures)
            again_at = max(again_at, allowed_from(lead, wait, hours=hours))
        return NextAction(kind=ActionKind.CALL_AGAIN, lead_status=LeadStatus.READY, at=again_at)
    is_used_up = lead.attempts >= cadence.max_attempts
    status = LeadStatus.EXHAUSTED if is_used_up else LeadStatus.UNREACHABLE
    return NextAction(kind=ActionKind.STOP, lead_status=status)


def wait_after(failures: int, *, rang_nobody: bool) -> timedelta:
    """How long whoever was promised a call waits after so many failures of ours in a row."""
    return _grown(UNHEARD_WAITS if rang_nobody else OUR_FAULT_WAITS, failures)


def _grown(wait: timedelta, failures: int) -> timedelta:
    """The wait after so many failures in a row: doubled by each after the first."""
    return min(wait * (1 << min(max(failures - 1, 0), MOST_DOUBLINGS)), LONGEST_WAIT)


def _promise(lead: Lead, promised_at: datetime, hours: Week) -> NextAction:
    at = allowed_from(lead, promised_at, hours=hours)
    return NextAction(kind=ActionKind.CALL_AGAIN, lead_status=LeadStatus.READY, at=at, promised_at=promised_at)
