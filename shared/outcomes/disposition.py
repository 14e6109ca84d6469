"""How a call ended, in one word, and the one thing that happens next."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.leads import LeadStatus


class Disposition(StrEnum):
    """Every ended attempt has exactly one. ``missed`` is a call that came to us and that nobody could take."""

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
    MAILBOX_FULL = "mailbox_full"
    IVR = "ivr"
    FAX = "fax"
    HUNG_UP_EARLY = "hung_up_early"
    SCREENED = "screened"
    FAILED_TECHNICAL = "failed_technical"
    LANGUAGE_BARRIER = "language_barrier"
    TRANSFERRED = "transferred"
    PERSON_WANTED = "person_wanted"
    MISSED = "missed"


class ActionKind(StrEnum):
    """What happens to the lead after a call."""

    HAND_TO_AGENT = "hand_to_agent"
    NURTURE = "nurture"
    CALL_AGAIN = "call_again"
    SUPPRESS = "suppress"
    STOP = "stop"


@dataclass(frozen=True, kw_only=True)
class NextAction:
    """The single next step. ``at`` is when to call again (aware UTC), only for ``call_again``.

    ``promised_at`` is the moment that the person was promised; where the rules let no phone ring then, ``at`` is the
    next moment at which they do.
    """

    kind: ActionKind
    lead_status: LeadStatus
    at: datetime | None = None
    promised_at: datetime | None = None

    @property
    def is_moved(self) -> bool:
        """Whether the promise cannot be kept to the minute."""
        return self.promised_at is not None and self.at is not None and self.at > self.promised_at
