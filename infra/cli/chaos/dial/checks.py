"""What must hold in a simulated world: some of it after every step, the rest once everything has settled."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from infra.cli.chaos.dial.carrier import ModelCall, ModelCarrier
from infra.cli.chaos.dial.findings import Findings, Wrong
from infra.cli.chaos.dial.parts import Parts
from infra.cli.chaos.dial.room import SimulatedRoom
from infra.cli.chaos.dial.society import Society
from infra.cli.chaos.dial.timeline import Timeline
from shared.calls import AttemptState, CallAttempt
from shared.costs import ReservationState
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId
from shared.kernel.money import ZERO
from shared.leads import Lead, LeadStatus

EVERY = 50
"""Visits between two looks at the money."""
LOOK_SECONDS = 20.0
WAITING = frozenset({LeadStatus.NEW, LeadStatus.READY})
BUSY = frozenset({LeadStatus.CLAIMED, LeadStatus.IN_CALL})


class Checks:
    """Holds the books against the truth of the carrier and of the people."""

    def __init__(
        self,
        parts: Parts,
        society: Society,
        carrier: ModelCarrier,
        room: SimulatedRoom,
        timeline: Timeline,
        findings: Findings,
    ) -> None:
        self.attempts = 0
        self.resolved_after: dict[str, float] = {}
        self._parts, self._society, self._carrier = parts, society, carrier
        self._room, self._timeline, self._findings = room, timeline, findings
        self._visits = 0

    def begin(self, end: datetime) -> None:
        """Look again and again how long it takes until the end of a call is known to us."""

        def look() -> None:
            self._look_for_resolved()
            if self._timeline.now() < end:
                self._timeline.after(LOOK_SECONDS, look)

        self._timeline.after(LOOK_SECONDS, look)

    def now_and_then(self) -> None:
        """After every visit of a function."""
        self._visits += 1
        if self._visits % EVERY == 0:
            self._look_at_budgets()

    def saw(self, label: str, args: tuple[Any, ...]) -> None:
        """After every call of a port: what no later moment would show."""
        if label == "calls.plan":
            attempt: CallAttempt = args[0]
            live = self._parts.calls.facts(attempt.phone, since=self._timeline.now()).live_attempts
            if live > 1:
                self._say(Wrong.TWO_CALLS, f"{attempt.phone} has {live} live attempts", attempt.id)

    def at_the_end(self) -> None:
        """Everything has settled, or never will."""
        attempts = [each for lead in self._society.leads for each in self._parts.calls.of_lead(lead.id)]
        self.attempts = len(attempts)
        calls: dict[str, list[ModelCall]] = defaultdict(list)
        for call in self._carrier.calls.values():
            calls[call.dial.attempt_id].append(call)
        for attempt in attempts:
            self._look_at_attempt(attempt, calls[attempt.id])
        self._look_at_ledger(attempts)
        for lead in self._society.leads:
            self._look_at_lead(self._parts.leads.get(lead.id))
        if self._room.most_over > 0:
            self._say(Wrong.OVER_ADMITTED, f"a worker held {self._room.most_over} calls more than it has slots")
        if self._carrier.most_in_a_second > self._carrier.most_a_second:
            asked = self._carrier.most_in_a_second
            self._say(Wrong.TOO_FAST, f"the carrier was asked to ring {asked} times within a second")
        for attempt_id in self._room.held():
            self._say(Wrong.UNRESOLVED, f"attempt {attempt_id} still holds a slot", attempt_id)

    def _look_for_resolved(self) -> None:
        now, facts = self._timeline.now(), self._carrier.last_fact
        for attempt_id in [each for each, fact_at in facts.items() if fact_at < now and self._is_over(each)]:
            self.resolved_after[attempt_id] = (now - facts.pop(attempt_id)) / timedelta(seconds=1)

    def _is_over(self, attempt_id: str) -> bool:
        try:
            return self._parts.calls.get(AttemptId(attempt_id)).is_over
        except NotFound:
            return True

    def _look_at_budgets(self) -> None:
        for campaign in self._society.campaigns:
            budget = self._parts.costs.budget(campaign.budget_id)
            if budget.headroom < ZERO or budget.pending < ZERO or budget.overdrawn > ZERO:
                self._say(Wrong.OVERSPENT, f"budget of {campaign.name} has {budget.headroom} of {budget.limit} left")

    def _look_at_attempt(self, attempt: CallAttempt, calls: list[ModelCall]) -> None:
        if not attempt.is_over:
            self._say(Wrong.UNRESOLVED, f"attempt {attempt.id} is still {attempt.state.value}", attempt.id)
            return
        if self._parts.calls.disposition(attempt.id) is None:
            self._say(Wrong.UNRESOLVED, f"attempt {attempt.id} was never closed", attempt.id)
        self._look_at_hold(attempt)
        ours = next((call for call in calls if call.sid == attempt.provider_sid), None)
        if ours is not None:
            self._compare(attempt, ours)
        elif calls or attempt.provider_sid:
            self._say(
                Wrong.ORPHAN, f"attempt {attempt.id} is bound to {attempt.provider_sid}, not its call", attempt.id
            )

    def _look_at_hold(self, attempt: CallAttempt) -> None:
        held = self._parts.costs.reservation(attempt.id)
        lines = self._parts.costs.lines(attempt.id)
        is_placed = attempt.provider_sid is not None
        expected = ReservationState.SETTLED if is_placed else ReservationState.VOID
        if held.state is not expected or bool(lines) != is_placed:
            text = (
                f"the hold of attempt {attempt.id} is {held.state.value} with {len(lines)} lines, placed: {is_placed}"
            )
            self._say(Wrong.HOLD, text, attempt.id)

    def _compare(self, attempt: CallAttempt, call: ModelCall) -> None:
        known = (attempt.state, attempt.provider_result, attempt.duration_seconds or 0)
        truth = (AttemptState.ENDED, call.status, call.duration_seconds or 0)
        if known != truth:
            text = f"attempt {attempt.id} is {_words(known)}, the carrier has {_words(truth)}"
            self._say(Wrong.UNTRUE, text, attempt.id)

    def _look_at_ledger(self, attempts: list[CallAttempt]) -> None:
        costs = self._parts.costs
        if costs.ledger_imbalance():
            self._say(Wrong.LEDGER, f"the ledger is out by {costs.ledger_imbalance()}")
        self._look_at_budgets()
        for campaign in self._society.campaigns:
            theirs = [each for each in attempts if each.campaign_id == campaign.id]
            spent = sum(line.amount.micro_usd for each in theirs for line in costs.lines(each.id))
            budget = costs.budget(campaign.budget_id)
            if budget.posted.micro_usd != spent or (budget.pending and all(each.is_over for each in theirs)):
                text = f"budget of {campaign.name}: posted {budget.posted}, lines {spent}, pending {budget.pending}"
                self._say(Wrong.LEDGER, text)

    def _look_at_lead(self, lead: Lead) -> None:
        has_next = lead.status not in WAITING or lead.next_attempt_at is not None
        if lead.status in BUSY or not has_next:
            last = self._parts.calls.of_lead(lead.id)[-1:]
            text = f"lead {lead.id} is {lead.status.value}, next at {lead.next_attempt_at}"
            self._say(Wrong.LEAD_LOST, text, *(each.id for each in last))

    def _say(self, wrong: Wrong, text: str, attempt_id: str = "") -> None:
        self._findings.found(wrong, text, attempt_id=attempt_id)


def _words(row: tuple[AttemptState, str | None, int]) -> str:
    return f"{row[0].value} {row[1]} {row[2]} s"
