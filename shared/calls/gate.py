"""The last gate before a conversation: what has to hold when the person answers, and who keeps the book of it.

Light to import: the carrier waits for its answer.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from shared.kernel.ids import AttemptId

OWN_END = ("agent", "caller")
"""How a report says that the conversation came to its end: nothing is left to recover."""
MOST_LOST = 2
"""So many calls to a person may be lost and promised again; after that the cadence decides."""
LOST = "lost_connection"
NO_WORKER = "no_worker"
NOT_ALLOWED = "not_allowed"
"""Why an attempt ended, in the words that are kept with it."""


class GateRule(StrEnum):
    """What the gate asks, in this order; the first three make out whether the call is ours at all."""

    ATTEMPT = "gate.attempt"
    CALL = "gate.call"
    STREAM = "gate.stream"
    LEAD = "gate.lead"
    SUPPRESSION = "gate.suppression"
    CAMPAIGN = "gate.campaign"
    STOP = "gate.stop"
    MONEY = "gate.money"
    TIME = "gate.time"
    WORKER = "gate.worker"


STRANGE = (GateRule.ATTEMPT, GateRule.CALL, GateRule.STREAM)
AGAINST: dict[GateRule, str] = {
    GateRule.ATTEMPT: "the attempt was never dialled, or is over",
    GateRule.CALL: "the attempt belongs to another call of the carrier",
    GateRule.STREAM: "the conversation has begun already",
    GateRule.LEAD: "the person has opted out",
    GateRule.SUPPRESSION: "the number is suppressed",
    GateRule.CAMPAIGN: "the campaign may not ring any more",
    GateRule.STOP: "a stop switch is thrown",
    GateRule.MONEY: "no money is held for the call",
    GateRule.TIME: "it is too late for a call that was allowed when it was dialled",
    GateRule.WORKER: "no worker was reserved for the call",
}
"""What each rule says when it does not hold."""


@dataclass(frozen=True, kw_only=True)
class Seat:
    """The worker that is to hold a call: its name, which of its lives, and where its media socket is reached."""

    worker: str
    epoch: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Passage:
    """What the gate says: the rules that stand against the call; without any, the seat it was let through to."""

    against: tuple[GateRule, ...] = ()
    seat: Seat | None = None


@dataclass(frozen=True, kw_only=True)
class BrokenCall:
    """A call whose stream has ended, as the book has it.

    ``ended_by`` is what the node's report says, ``None`` as long as there is no report. ``seat`` is who held it.
    """

    is_over: bool
    is_ours: bool
    has_opted_out: bool
    ended_by: str | None
    recoveries: int
    seat: Seat | None


class AnswerGate(Protocol):
    """The book behind the gate. One method, one statement."""

    def answer(self, attempt_id: AttemptId, sid: str, *, now: datetime) -> Passage:
        """Bind the call and move its attempt to answered iff every rule holds; otherwise keep why not.

        The lead is in a call then. A campaign that paused or ended while the phone rang lets the call through, unless
        the law asked for it. The decision is kept with the attempt's permissions. A repeated request gets the same
        answer.

        Raises:
            NotFound: There is no such attempt.
            Conflict: The carrier's call belongs to another attempt.
            Unavailable: The book cannot be read.
        """
        ...

    def broken(self, attempt_id: AttemptId, sid: str) -> BrokenCall:
        """What is known of a call whose stream has ended.

        Raises:
            NotFound: There is no such attempt.
            Unavailable: The book cannot be read.
        """
        ...

    def reconnect(self, attempt_id: AttemptId, seat: Seat, *, recoveries: int) -> bool:
        """Give the call its seat and count the recovery; ``False`` when it is over or not recovered so often.

        ``recoveries`` is how often the caller saw it recovered: of two who do so at once, one succeeds.

        Raises:
            Unavailable: It could not be written.
        """
        ...

    def lose(self, attempt_id: AttemptId, *, call_back_at: datetime) -> bool:
        """Keep that the connection was lost, and whether the person is promised a call-back. Safe to repeat.

        A later promise stands, an earlier one is this call's own and over. Whoever has opted out is promised nothing,
        nor whoever was lost too often.

        Raises:
            Unavailable: It could not be written.
        """
        ...
