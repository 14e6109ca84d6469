"""What a caller's turn can be: its acts, the facts in it, the time it names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from shared.conversation.brief import OpenSlot
from shared.conversation.understanding.when import When


class Act(StrEnum):
    """Something the caller does by speaking. Each has its phrases in ``data/*.yaml``, Spanish its words."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"
    REPEAT = "repeat"
    WAIT = "wait"
    GREET = "greet"
    THANK = "thank"
    GOODBYE = "goodbye"
    OPT_OUT = "opt_out"
    LEGAL_THREAT = "legal_threat"
    RECORDING_OBJECTION = "recording_objection"
    WRONG_NUMBER = "wrong_number"
    MOVED_AWAY = "moved_away"
    NOT_HERE = "not_here"
    IDENTITY = "identity"
    HANDING_OVER = "handing_over"
    ROBOT_QUESTION = "robot_question"
    WANTS_PERSON = "wants_person"
    WHO_ARE_YOU = "who_are_you"
    HOW_GOT_NUMBER = "how_got_number"
    NOT_INTERESTED = "not_interested"
    POLITE_NO = "polite_no"
    HAS_AGENT = "has_agent"
    ALREADY_DONE = "already_done"
    JUST_LOOKING = "just_looking"
    BUSY = "busy"
    CALL_LATER = "call_later"
    WANTS_APPOINTMENT = "wants_appointment"
    SEND_WRITTEN = "send_written"
    HOME_WORTH = "home_worth"
    COMMISSION = "commission"
    THINK_ABOUT_IT = "think_about_it"
    FAIR_HOUSING = "fair_housing"
    LEGAL_ADVICE = "legal_advice"
    LOAN_ADVICE = "loan_advice"
    SCREENING = "screening"
    SCREENING_HOLD = "screening_hold"
    VOICEMAIL = "voicemail"
    MAILBOX_FULL = "mailbox_full"
    IVR = "ivr"
    OTHER_LANGUAGE = "other_language"
    DONT_KNOW = "dont_know"
    FIRST_ONE = "first_one"
    SECOND_ONE = "second_one"
    EARLIER_ONE = "earlier_one"
    LATER_ONE = "later_one"
    EITHER_ONE = "either_one"
    NEITHER = "neither"
    COUNTER = "counter"
    RESCHEDULE = "reschedule"
    CANCEL_APPOINTMENT = "cancel_appointment"
    APPOINTMENT_QUESTION = "appointment_question"
    CORRECTION = "correction"
    GO_ON = "go_on"
    EXCLUSION = "exclusion"
    SPANISH = "spanish"


@dataclass(frozen=True, kw_only=True)
class Told:
    """One fact as it was heard.

    ``confidence`` is 1.0 for plain words, lower for a reading that leans on context; ``words`` are those that say it.
    """

    value: Any
    confidence: float = 1.0
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Understood:
    """One turn of the caller, read.

    ``text`` is as it was recognised, ``words`` the same in plain form (no contractions, fillers or punctuation).
    ``choice`` is the free slot that the turn picks, ``knowledge`` names script entries it asks about.
    """

    text: str
    words: str
    acts: frozenset[Act] = frozenset()
    told: Mapping[str, Told] = field(default_factory=dict)
    when: When | None = None
    choice: OpenSlot | None = None
    knowledge: tuple[str, ...] = ()

    def has(self, *acts: Act) -> bool:
        """Whether any of these acts was heard."""
        return not self.acts.isdisjoint(acts)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all could be made of it."""
        return not (self.acts or self.told or self.when or self.choice or self.knowledge)
