"""Was it right that this phone rang? Asked at the carrier, answered from the world's truth alone."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from infra.cli.chaos.dial.findings import Findings, Wrong
from infra.cli.chaos.dial.law import may_ring
from infra.cli.chaos.dial.society import EVERYBODY, Society
from shared.calls import CallAttempt
from shared.calls.attempt import Purpose
from shared.calls.ports import Dial
from shared.costs import Reservation, ReservationState
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId
from shared.kernel.money import Money

EFFECTIVE_WITHIN = timedelta(seconds=1)
"""An opt-out, a pause or a withdrawn consent holds for every dial that comes later than this."""
RINGS_WITHIN = timedelta(seconds=15)
"""A call that was asked for in the last second of a window rings a little after it."""
DAY = timedelta(hours=24)


@dataclass(frozen=True)
class _Ring:
    attempt_id: str
    at: datetime
    campaign_id: str
    is_promised: bool


class Judge:
    """Sees every request to dial that the carrier acted on, and every phone as it begins to ring."""

    def __init__(
        self,
        society: Society,
        findings: Findings,
        *,
        attempt: Callable[[AttemptId], CallAttempt],
        reservation: Callable[[AttemptId], Reservation],
        worst_case: Callable[[str, timedelta], Money],
    ) -> None:
        self._society = society
        self._findings = findings
        self._attempt = attempt
        self._reservation = reservation
        self._worst_case = worst_case
        self._asked: dict[str, int] = defaultdict(int)
        self._rung: dict[str, list[_Ring]] = defaultdict(list)

    def asked(self, dial: Dial, at: datetime, *, live: bool) -> None:
        """The carrier was asked to ring, and does. ``live``: it has another call to this phone."""
        attempt_id = dial.attempt_id
        self._asked[attempt_id] += 1
        if self._asked[attempt_id] > 1:
            self._say(Wrong.RUNG_TWICE, f"attempt {attempt_id} was dialled {self._asked[attempt_id]} times", attempt_id)
        if live:
            self._say(Wrong.TWO_CALLS, f"{dial.to} was rung by attempt {attempt_id} during a call", attempt_id)
        try:
            attempt = self._attempt(attempt_id)
        except NotFound:
            self._say(Wrong.NOT_PERMITTED, f"attempt {attempt_id} was never planned", attempt_id)
            return
        for reason in self._against(attempt, dial, at):
            self._say(Wrong.NOT_PERMITTED, f"attempt {attempt_id} at {at:%m-%d %H:%M:%S}: {reason}", attempt_id)
        self._rung[dial.to].append(_Ring(attempt_id, at, attempt.campaign_id, attempt.purpose is Purpose.CALLBACK))

    def called_off(self, attempt_id: str, phone: str) -> None:
        """The carrier was told to forget a call that it had not begun: nobody was rung by it."""
        self._rung[phone] = [ring for ring in self._rung[phone] if ring.attempt_id != attempt_id]

    def rings(self, attempt_id: str, phone: str, at: datetime) -> None:
        """A phone begins to ring, perhaps long after the carrier was asked."""
        place = self._society.people[phone].place
        if not may_ring(place, at, grace=RINGS_WITHIN):
            self._say(Wrong.NOT_PERMITTED, f"attempt {attempt_id} rang in {place.name} at {at:%m-%d %H:%M}", attempt_id)

    def _against(self, attempt: CallAttempt, dial: Dial, at: datetime) -> list[str]:
        society, person = self._society, self._society.people[attempt.phone]
        campaign = society.campaign(attempt.campaign_id)
        earlier = self._rung[attempt.phone]
        today = sum(ring.at > at - DAY for ring in earlier)
        in_all = sum(ring.campaign_id == campaign.id and not ring.is_promised for ring in earlier)
        is_promised = attempt.purpose is Purpose.CALLBACK
        by_law = person.place.most_a_day
        cap = by_law if is_promised else min(campaign.cadence.max_per_day, by_law)
        against = {
            f"outside the hours of {person.place.name}": not may_ring(person.place, at, grace=EFFECTIVE_WITHIN),
            "the number changed hands": person.changed_hands,
            "the number is on its state's list": person.is_listed_in_state,
            "the number was listed before": _was(society.listed_since.get(attempt.phone), at),
            "nobody agreed to it": not society.allows(attempt.seller_id, attempt.phone, at - EFFECTIVE_WITHIN),
            "its campaign was stopped before": _was(society.stopped_since.get(campaign.id), at),
            "a stop switch was thrown before": any(
                _was(society.switched_off_since.get(target), at)
                for target in (EVERYBODY, attempt.seller_id, attempt.campaign_id)
            ),
            f"rung {today} times within 24 hours, {cap} are allowed": today >= cap,
            f"rung {in_all} times in all": not is_promised and in_all >= campaign.cadence.max_attempts,
            "after its deadline": at > attempt.dial_deadline + EFFECTIVE_WITHIN,
            "over before it was dialled": attempt.is_over,
            "without the money for it": not self._is_paid_for(attempt, dial),
        }
        return [reason for reason, is_so in against.items() if is_so]

    def _is_paid_for(self, attempt: CallAttempt, dial: Dial) -> bool:
        try:
            held = self._reservation(attempt.id)
        except NotFound:
            return False
        worst_case = self._worst_case(attempt.campaign_id, dial.time_limit)
        return held.state is ReservationState.HELD and held.amount.micro_usd >= worst_case.micro_usd

    def _say(self, wrong: Wrong, text: str, attempt_id: str) -> None:
        self._findings.found(wrong, text, attempt_id=attempt_id)


def _was(since: datetime | None, at: datetime) -> bool:
    return since is not None and since < at - EFFECTIVE_WITHIN
