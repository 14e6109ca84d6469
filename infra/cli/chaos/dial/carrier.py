"""A carrier in virtual time: takes calls or fails in every way, tells of them or does not, and knows the truth."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from infra.cli.chaos.dial.faults import Dice
from infra.cli.chaos.dial.findings import Findings
from infra.cli.chaos.dial.judge import Judge
from infra.cli.chaos.dial.timeline import Timeline
from shared.calls import CallAttempt
from shared.calls.lookup import FoundCall
from shared.calls.ports import BadNumber, CarrierRefused, Dial, PlacedCall
from shared.costs.carrier_usage import CarrierUsage
from shared.kernel.errors import Conflict, NotFound, Unavailable
from shared.kernel.money import Money

OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
CLOCK_TOLERANCE = timedelta(seconds=5)
A_MINUTE = Money.usd("0.012")
LISTED_AFTER = 20.0
"""A call that was just made is missing from the carrier's list for so many seconds, at most."""


@dataclass
class ModelCall:
    """One call as the carrier has it."""

    sid: str
    dial: Dial
    created_at: datetime
    listed_at: datetime
    status: str = "queued"
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    answered_by: str | None = None
    events: int = 0

    @property
    def is_over(self) -> bool:
        """Whether it ended."""
        return self.status in OVER

    @property
    def duration_seconds(self) -> int | None:
        """Whole seconds from the answer to the end, once it is over."""
        if self.ended_at is None:
            return None
        return round((self.ended_at - self.answered_at).total_seconds()) if self.answered_at else 0


class Life(Protocol):
    """What becomes of a call once the carrier has it."""

    def begins(self, call: ModelCall, queue_seconds: float) -> None:
        """It will ring after so many seconds."""
        ...

    def ends(self, call: ModelCall, status: str) -> None:
        """It is over, and our side will be told."""
        ...


class ModelCarrier:
    """``Telephony`` and ``CallLookup``. ``life`` is set by whoever builds the world."""

    life: Life

    def __init__(self, dice: Dice, timeline: Timeline, judge: Judge, findings: Findings, *, most_a_second: int) -> None:
        self.calls: dict[str, ModelCall] = {}
        self._of_phone: dict[str, list[ModelCall]] = defaultdict(list)
        self.last_fact: dict[str, datetime] = {}
        self.most_in_a_second = 0
        self.dice = dice
        self._timeline = timeline
        self._judge = judge
        self._findings = findings
        self.most_a_second = most_a_second
        self._lately: list[datetime] = []

    def place(self, dial: Dial) -> PlacedCall:
        """Ring, or fail before or after the call was taken."""
        fault = self.dice.create_fault()
        self.last_fact[dial.attempt_id] = self._timeline.now()
        self._tell(dial, f"asked to dial ({fault})")
        if fault == "refused":
            raise CarrierRefused("the account may not")
        if fault == "bad_number":
            raise BadNumber("no such number")
        if fault in ("too_many", "never_sent"):
            raise Conflict(fault)
        if fault.endswith("_before"):
            raise Unavailable(fault)
        queue = self._queue_seconds(fault)
        call = self._take(dial, queue)
        if fault == "doubled":
            self._take(dial, queue, is_doubled=True)
        if fault.endswith("_after"):
            raise Unavailable(fault)
        self._something_happens_meanwhile()
        return PlacedCall(sid=call.sid, queue_time=timedelta(seconds=queue))

    def hang_up(self, sid: str) -> None:
        """End a call."""
        if self.dice.happens(self.dice.faults.hang_up_fails):
            raise Unavailable("hang-up failed")
        call = self.calls.get(sid)
        if call is not None and not call.is_over:
            attempt_id = call.dial.attempt_id
            is_single = sum(each.dial.attempt_id == attempt_id for each in self._of_phone[call.dial.to]) == 1
            if call.status == "queued" and is_single:
                self._judge.called_off(attempt_id, call.dial.to)
            self.life.ends(call, "completed" if call.answered_at else "canceled")

    def find(self, attempt: CallAttempt) -> Sequence[FoundCall]:
        """Calls by sid, or by phone and time; what was just made is not listed yet."""
        if self.dice.happens(self.dice.faults.lookup_fails):
            raise Unavailable("lookup failed")
        if attempt.provider_sid is not None:
            known = self.calls.get(attempt.provider_sid)
            return [_found(known)] if known else []
        now = self._timeline.now()
        since = (attempt.dial_started_at or attempt.planned_at) - CLOCK_TOLERANCE
        return [
            _found(call) for call in self._of_phone[attempt.phone] if call.created_at >= since and call.listed_at <= now
        ]

    def price_of(self, sid: str) -> Money | None:
        """The bill of one call, by the begun minute; it takes the carrier a while to write it."""
        call = self.calls.get(sid)
        if call is None:
            raise NotFound(sid)
        if call.ended_at is None or self.dice.happens(self.dice.faults.lookup_fails):
            return None
        return A_MINUTE.times(-(-(call.duration_seconds or 0) // 60))

    def usage(self, first: date, last: date) -> Sequence[CarrierUsage]:
        """Nobody asks."""
        return []

    def _take(self, dial: Dial, queue: float, *, is_doubled: bool = False) -> ModelCall:
        now = self._timeline.now()
        if not is_doubled:
            live = any(not each.is_over for each in self._of_phone[dial.to])
            self._judge.asked(dial, now, live=live)
        listed_at = now + timedelta(seconds=self.dice.between(0, LISTED_AFTER))
        call = ModelCall(sid=f"CA{self.dice.bits(128):032x}", dial=dial, created_at=now, listed_at=listed_at)
        self.calls[call.sid] = call
        self._of_phone[dial.to].append(call)
        self._tell(dial, f"rings as {call.sid[:6]}, after {queue:.1f} s in the queue")
        self.life.begins(call, queue)
        return call

    def _queue_seconds(self, fault: str) -> float:
        """How long the carrier makes the call wait: what is above the account's pace, and sometimes hours."""
        now = self._timeline.now()
        self._lately = [moment for moment in self._lately if moment > now - timedelta(seconds=1)] + [now]
        self.most_in_a_second = max(self.most_in_a_second, len(self._lately))
        above = max(0, len(self._lately) - self.most_a_second) / self.most_a_second
        return self.dice.between(60, 4 * 3600) if fault == "queued" else above

    def _something_happens_meanwhile(self) -> None:
        """The answer to the request takes a while: callbacks may overtake it."""
        if self.dice.happens(self.dice.faults.meanwhile):
            until = self._timeline.now() + timedelta(seconds=self.dice.between(0, 8))
            while self._timeline.step(until=until):
                pass

    def _tell(self, dial: Dial, what: str) -> None:
        self._findings.tell(dial.attempt_id, self._timeline.now(), f"carrier: {what}")


def _found(call: ModelCall) -> FoundCall:
    status = "queued" if call.status == "initiated" else call.status
    return FoundCall(
        sid=call.sid,
        status=status,
        created_at=call.created_at,
        ended_at=call.ended_at,
        duration_seconds=call.duration_seconds,
        answered_by=call.answered_by,
    )
