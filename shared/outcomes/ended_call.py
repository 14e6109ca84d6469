"""An attempt that is over, and what it means for how often its lead was tried."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from shared.calls import AttemptState, CallAttempt, Direction, Purpose
from shared.calls.gate import LOST
from shared.conversation import CallReport
from shared.outcomes.disposition import Disposition

OUR_DOING = frozenset(
    {
        "stale",
        "stopped",
        "halted",
        "not_allowed",
        "no_worker",
        "account_refused",
        "carrier_refused",
        "carrier_busy",
        "queued_by_carrier",
    }
)
"""Reasons of ours, or of the carrier's account, for which an attempt ended; the person had no part in it."""
NO_ROOM = frozenset({"account_refused", "carrier_busy"})
"""What the carrier says when it takes no call of ours, whomever it is for."""
OURS = frozenset({AttemptState.CANCELLED, AttemptState.REJECTED, AttemptState.NOT_PLACED})


@dataclass(frozen=True, kw_only=True)
class EndedCall:
    """One attempt with its disposition; ``others`` are all other attempts to its lead, oldest first."""

    attempt: CallAttempt
    disposition: Disposition
    report: CallReport | None
    others: Sequence[CallAttempt] = ()

    @property
    def is_inbound(self) -> bool:
        """Whether the person called us."""
        return self.attempt.direction is Direction.INBOUND

    @property
    def is_our_fault(self) -> bool:
        """Whether it failed without the person's doing: no attempt of theirs was used up."""
        return self.disposition is Disposition.FAILED_TECHNICAL and failed_by_us(self.attempt)

    @property
    def rang_nobody(self) -> bool:
        """Whether it failed by us and no phone can have rung: nobody was asked to, or who was had no room."""
        attempt = self.attempt
        was_not_taken = attempt.state is AttemptState.CANCELLED or attempt.end_reason in NO_ROOM
        return self.is_our_fault and was_not_taken and not attempt.has_rung and not self.is_inbound

    @property
    def gives_back(self) -> bool:
        """Whether the lead gets back the attempt that was counted for it; a promised call-back was never counted."""
        return self.is_our_fault and self.attempt.purpose in (Purpose.FIRST, Purpose.RETRY)

    @property
    def keeps_promise(self) -> bool:
        """Whether a call that was promised is made with it: we rang because of it, or talked anyway.

        A talk that was cut off made a promise of its own.
        """
        if self.attempt.end_reason == LOST:
            return False
        has_talked = self.report is not None and self.report.heard == "human"
        return has_talked or (self.attempt.purpose is Purpose.CALLBACK and not self.is_our_fault)

    @property
    def holds_lead(self) -> bool:
        """Whether another attempt to the same lead goes on and will move it."""
        return any(not other.is_over for other in self.others)

    @property
    def tried(self) -> tuple[datetime, ...]:
        """When the person's phone rang because of us, this time too."""
        ours = [each for each in (*self.others, self.attempt) if each.direction is Direction.OUTBOUND and each.has_rung]
        return tuple(sorted(each.dial_started_at for each in ours if each.dial_started_at is not None))

    @property
    def failures_in_a_row(self) -> int:
        """How many attempts up to this one, and with it, failed by us without a break."""
        latest_first = sorted((*self.others, self.attempt), key=lambda each: each.planned_at, reverse=True)
        return sum(1 for _ in takewhile(failed_by_us, latest_first))


def failed_by_us(attempt: CallAttempt) -> bool:
    """Whether the attempt ended before the phone could ring, or was hung up by our own rules."""
    if attempt.end_reason == Disposition.BAD_NUMBER.value:
        return False
    return (attempt.state in OURS and not attempt.has_rung) or attempt.end_reason in OUR_DOING
