"""The one thing that happens to a lead after an attempt."""

from datetime import datetime

from shared.campaigns import Cadence
from shared.campaigns.next_attempt import next_attempt_at
from shared.conversation import CallReport
from shared.leads import Lead, LeadStatus
from shared.outcomes.disposition import ActionKind, Disposition, NextAction

# A plain "not interested" to a sales call counts as a stop.
_SETTLED = {
    Disposition.APPOINTMENT_SET: (ActionKind.HAND_TO_AGENT, LeadStatus.QUALIFIED),
    Disposition.QUALIFIED_HOT: (ActionKind.HAND_TO_AGENT, LeadStatus.QUALIFIED),
    Disposition.QUALIFIED_NURTURE: (ActionKind.NURTURE, LeadStatus.QUALIFIED),
    Disposition.NOT_QUALIFIED: (ActionKind.STOP, LeadStatus.NOT_QUALIFIED),
    Disposition.HAS_AGENT: (ActionKind.STOP, LeadStatus.NOT_QUALIFIED),
    Disposition.LANGUAGE_BARRIER: (ActionKind.STOP, LeadStatus.NOT_QUALIFIED),
    Disposition.NOT_INTERESTED: (ActionKind.SUPPRESS, LeadStatus.NOT_INTERESTED),
    Disposition.OPTED_OUT: (ActionKind.SUPPRESS, LeadStatus.OPTED_OUT),
    Disposition.WRONG_NUMBER: (ActionKind.SUPPRESS, LeadStatus.INVALID),
    Disposition.BAD_NUMBER: (ActionKind.SUPPRESS, LeadStatus.INVALID),
}


def next_action(
    disposition: Disposition, lead: Lead, *, cadence: Cadence, report: CallReport | None, now: datetime
) -> NextAction:
    """What follows from the disposition; ``lead`` as it was after the attempt was counted.

    A call-back is kept at the moment the person asked for. Whoever could not be spoken to is rung again by the
    cadence, in the next hour the rules allow, until the cadence is done.
    """
    if lead.status is LeadStatus.OPTED_OUT:
        return NextAction(kind=ActionKind.SUPPRESS, lead_status=LeadStatus.OPTED_OUT)
    if disposition in _SETTLED:
        kind, status = _SETTLED[disposition]
        return NextAction(kind=kind, lead_status=status)
    if disposition is Disposition.CALLBACK_SCHEDULED and report is not None and report.callback_at is not None:
        return NextAction(kind=ActionKind.CALL_AGAIN, lead_status=LeadStatus.READY, at=max(now, report.callback_at))
    again_at = next_attempt_at(lead, disposition.value, cadence=cadence, now=now)
    if again_at is not None:
        return NextAction(kind=ActionKind.CALL_AGAIN, lead_status=LeadStatus.READY, at=again_at)
    is_used_up = lead.attempts >= cadence.max_attempts
    status = LeadStatus.EXHAUSTED if is_used_up else LeadStatus.UNREACHABLE
    return NextAction(kind=ActionKind.STOP, lead_status=status)
