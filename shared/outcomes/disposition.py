"""How a call ended, in one word, and the one thing that happens next."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.leads import LeadStatus


class Disposition(StrEnum):
    """Every ended attempt has exactly one."""

    APPOINTMENT_SET = "appointment_set"
    QUALIFIED_HOT = "qualified_hot"
    QUALIFIED_NURTURE = "qualified_nurture"
    CALLBACK_SCHEDULED = "callback_scheduled"
    NOT_QUALIFIED = "not_qualified"
    HAS_AGENT = "has_agent"
    NOT_INTERESTED = "not_interested"
    OPTED_OUT = "opted_out"
    WRONG_NUMBER = "wrong_number"
    BAD_NUMBER = "bad_number"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    VOICEMAIL = "voicemail"
    HUNG_UP_EARLY = "hung_up_early"
    SCREENED = "screened"
    FAILED_TECHNICAL = "failed_technical"
    LANGUAGE_BARRIER = "language_barrier"


class ActionKind(StrEnum):
    """What happens to the lead after a call."""

    HAND_TO_AGENT = "hand_to_agent"
    NURTURE = "nurture"
    CALL_AGAIN = "call_again"
    SUPPRESS = "suppress"
    STOP = "stop"


@dataclass(frozen=True, kw_only=True)
class NextAction:
    """The single next step. ``at`` is when to call again (aware UTC), only for ``call_again``."""

    kind: ActionKind
    lead_status: LeadStatus
    at: datetime | None = None
