"""What is found out about a call once it is over, and what it is found from."""

from datetime import datetime
from typing import Any, Literal

from shared.conversation.after.mood import Label
from shared.conversation.brief import Message
from shared.conversation.report import CallReport
from shared.conversation.script import Script, load_script, published_script
from shared.kernel.ids import AttemptId

BY_RULES = "rules"
"""Who analysed a call, or summed it up, without a model."""


class AnalysisOrder(Message):
    """Everything that analysing a call takes: its whole report, and what the report leaves to others to know.

    ``script_body`` is the whole published script that was spoken, as JSON; without one it was the project's own of that
    name. ``recorded`` is what the campaign had announced; ``timezone`` is the person's (IANA).
    """

    report: CallReport
    disposition: str | None
    script: str
    script_body: str = ""
    seller_name: str
    callback_number: str
    first_name: str
    subject: str
    timezone: str
    direction: Literal["outbound", "inbound"] = "outbound"
    recorded: bool = True

    def spoken_script(self) -> Script:
        """The script that was spoken.

        Raises:
            NotFound: It is the project's own, and has gone since.
        """
        return published_script(self.script_body) if self.script_body else load_script(self.script)


class TurnMood(Message):
    """The mood of one of the caller's turns, from -1 to 1."""

    turn: int
    mood: float


class Sentiment(Message):
    """The caller's mood through the call: as it ran, how it began and ended, and every turn that told of any."""

    label: Label
    mood: float
    began: float
    ended: float
    turns: tuple[TurnMood, ...] = ()


class Asked(Message):
    """Whether a required question was asked, or its answer was told without."""

    field: str
    how: Literal["asked", "told", "missing"]


class Duty(Message):
    """Something that has to be said, and whether it was."""

    name: str
    is_said: bool


class Violation(Message):
    """Words of ours that should not have been spoken, and why."""

    turn: int
    what: str
    words: str


class Quality(Message):
    """How the call was talked through. Figures are ``None`` where nothing was there to be measured.

    ``talk_ratio`` is our share of all speech; ``interruptions`` is how often the caller cut us short, ``talked_over``
    how often we began while they spoke. Silences lie between two turns.
    """

    turns: int
    agent_seconds: float
    caller_seconds: float
    talk_ratio: float | None
    interruptions: int
    talked_over: int
    longest_silence_seconds: float | None
    latency_p50_ms: float | None
    latency_p95_ms: float | None
    required: tuple[Asked, ...] = ()
    duties: tuple[Duty, ...] = ()
    violations: tuple[Violation, ...] = ()

    @property
    def is_by_the_script(self) -> bool:
        """Whether every required question was dealt with, every duty said, and nothing else that should not be."""
        is_whole = all(each.how != "missing" for each in self.required) and all(each.is_said for each in self.duties)
        return is_whole and not self.violations


class Finding(Message):
    """Something the person told, with their words; ``is_literal`` says that these very words are in the transcript."""

    field: str
    value: Any
    quote: str
    turn: int
    confidence: float
    source: Literal["call", "model"] = "call"
    is_literal: bool = True


class CallAnalysis(Message):
    """One analysis of a call; it may be analysed again, and the newest counts."""

    attempt_id: AttemptId
    analysed_at: datetime
    by: str = BY_RULES
    disposition: str | None
    summary: str
    findings: tuple[Finding, ...] = ()
    sentiment: Sentiment
    quality: Quality
