"""Bugs in what is kept and asked: the unique index, the inbox, permission, money, the gate."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from functions import fold_status
from functions.bootstrap import Services
from infra.cli.chaos.dial.altered import Altered
from infra.cli.chaos.dial.world import Spoiled, World
from shared.adapters.memory import MemoryCallRepository
from shared.calls import AttemptState, CallAttempt
from shared.calls.callback import read_event
from shared.calls.ports import CallFacts
from shared.costs import Budget, BudgetExhausted, Reservation, ReservationState
from shared.costs.budget import NO_LIMIT
from shared.costs.ports import Spender
from shared.kernel.ids import AttemptId
from shared.leads import Lead, LeadStatus, Suppression

DIAL = "dial"
MINUTE = timedelta(minutes=1)
KEY_LASTS = timedelta(seconds=20)


class _LooseCalls(MemoryCallRepository):
    """Attempts whose guards can be taken away: of the phone, or of what must be true as the dial begins."""

    guards_phone = True
    guards_dial = True

    def plan(self, *args: Any) -> None:
        self._plans = True
        try:
            super().plan(*args)
        finally:
            self._plans = False

    def facts(self, *args: Any, **kwargs: Any) -> CallFacts:
        told = super().facts(*args, **kwargs)
        return told if self.guards_phone else replace(told, live_attempts=0)

    def _holds_phone(self, attempt: CallAttempt) -> bool:
        looks_away = not self.guards_phone and getattr(self, "_plans", False)
        return not looks_away and super()._holds_phone(attempt)

    def _may_ring(self, attempt: CallAttempt) -> bool:
        return not self.guards_dial or super()._may_ring(attempt)


def no_index(world: World, whole: Spoiled) -> Spoiled:
    """Nothing but the order of things keeps two attempts for one phone apart."""
    calls = _LooseCalls(world.store)
    calls.guards_phone = False
    return _parts(whole, calls=calls)


def last_callback_wins(world: World, whole: Spoiled) -> Spoiled:
    """What is known of the end is what the last callback said, whatever was known before."""

    def fold(event: dict[str, Any], services: Services) -> dict[str, Any]:
        answer = fold_status.handle(event, services)
        attempt = world.store.attempts[event["attempt_id"]]
        last = [read_event(each) for each in world.parts.calls.events(attempt.id)][-1:]
        for told in last:
            world.store.attempts[attempt.id] = replace(
                attempt, provider_result=told.result, duration_seconds=told.duration_seconds
            )
        return answer

    return replace(whole, consumers={**whole.consumers, "status": fold})


def counted_twice(world: World, whole: Spoiled) -> Spoiled:
    """Each folding adds what the callback says to what is there."""

    def fold(event: dict[str, Any], services: Services) -> dict[str, Any]:
        before = world.store.attempts[event["attempt_id"]].duration_seconds or 0
        answer = fold_status.handle(event, services)
        after = world.store.attempts[event["attempt_id"]]
        if before and after.duration_seconds:
            world.store.attempts[after.id] = replace(after, duration_seconds=before + after.duration_seconds)
        return answer

    return replace(whole, consumers={**whole.consumers, "status": fold})


class _Placed(Altered):
    """Leads as ``told`` changes them on their way to the rules."""

    told: Callable[[Lead], Lead]

    def get(self, lead_id: Any) -> Any:
        found = self.port.get(lead_id)
        return self.told(found) if isinstance(found, Lead) else found

    def take_due(self, *args: Any, **kwargs: Any) -> Sequence[Lead]:
        return [self.told(lead) for lead in self.port.take_due(*args, **kwargs)]


def _with_leads(whole: Spoiled, told: Callable[[Lead], Lead]) -> Spoiled:
    leads, calls = _Placed(whole.parts.leads), _Placed(whole.parts.calls)
    leads.told = calls.told = told
    return _parts(whole, leads=leads, calls=calls)


def unknown_zone_allowed(_world: World, whole: Spoiled) -> Spoiled:
    """Of whom no zone is known is taken for a New Yorker."""
    return _with_leads(
        whole, lambda lead: lead if lead.timezone else replace(lead, timezone="America/New_York", state="NY")
    )


def area_code_alone(_world: World, whole: Spoiled) -> Spoiled:
    """Where the person says they live does not count."""
    return _with_leads(whole, lambda lead: replace(lead, timezone=None, state=None, postal_code=None))


def opt_out_not_asked_again(world: World, whole: Spoiled) -> Spoiled:
    """What was true when the lead was claimed is believed at the dial."""
    calls = _LooseCalls(world.store)
    calls.guards_dial = False

    class Forgetful(Altered):
        def of_phone(self, phone: str) -> Sequence[Suppression]:
            return [] if world.hazard.function == DIAL else self.port.of_phone(phone)

        def get(self, lead_id: Any) -> Lead:
            lead: Lead = self.port.get(lead_id)
            return replace(lead, status=LeadStatus.CLAIMED) if world.hazard.function == DIAL else lead

    parts = whole.parts
    return _parts(whole, calls=calls, suppressions=Forgetful(parts.suppressions), leads=Forgetful(parts.leads))


def stop_kept_for_a_minute(world: World, whole: Spoiled) -> Spoiled:
    """Who asked whether a switch is thrown believes the answer for a minute."""
    calls = _LooseCalls(world.store)
    calls.guards_dial = False
    known: dict[Any, tuple[datetime, Any]] = {}

    class Cached(Altered):
        def thrown(self, **which: Any) -> Any:
            key, now = tuple(which.values()), world.timeline.now()
            if key not in known or now - known[key][0] > MINUTE:
                known[key] = now, self.port.thrown(**which)
            return known[key][1]

    return _parts(whole, calls=calls, stops=Cached(whole.parts.stops))


def sum_then_reserve(world: World, whole: Spoiled) -> Spoiled:
    """Who has looked what a campaign has left believes it for a minute."""
    known: dict[str, tuple[datetime, tuple[Budget, ...]]] = {}

    class Naive(Altered):
        def plan(self, attempt: CallAttempt, lead: Lead, permission: Any, hold: Reservation, *messages: Any) -> None:
            try:
                self.port.plan(attempt, lead, permission, hold, *messages)
            except BudgetExhausted:
                limits = {each: world.store.budgets[each].limit for each in hold.budget_ids}
                for each in limits:
                    world.store.budgets[each] = replace(world.store.budgets[each], limit=NO_LIMIT)
                self.port.plan(attempt, lead, permission, hold, *messages)
                for each, limit in limits.items():
                    world.store.budgets[each] = replace(world.store.budgets[each], limit=limit)

    class Summed(Altered):
        def budgets_for(self, campaign: Spender, now: datetime) -> tuple[Budget, ...]:
            looked_at, told = known.get(campaign.budget_id, (now, ()))
            if not told or now - looked_at > MINUTE:
                looked_at, told = now, tuple(self.port.budgets_for(campaign, now))
                known[campaign.budget_id] = looked_at, told
            return told

    return _parts(whole, calls=Naive(whole.parts.calls), costs=Summed(whole.parts.costs))


def settled_again(world: World, whole: Spoiled) -> Spoiled:
    """A settlement that comes again is posted again."""

    class Repeating(Altered):
        def book(self, attempt_id: AttemptId, decide: Any, *messages: Any) -> Any:
            held = world.store.reservations.get(attempt_id)
            if held is not None and held.state is ReservationState.SETTLED:
                budget = world.store.budgets[held.budget_ids[0]]
                world.store.budgets[budget.id] = replace(budget, posted=budget.posted + held.amount)
            return self.port.book(attempt_id, decide, *messages)

    return _parts(whole, costs=Repeating(whole.parts.costs))


def never_void(_world: World, whole: Spoiled) -> Spoiled:
    """Money that is held for a call that never was stays held."""

    class Keeping(Altered):
        def void(self, *_args: Any, **_kwargs: Any) -> bool:
            return True

    return _parts(whole, costs=Keeping(whole.parts.costs))


def expiring_key(world: World, whole: Spoiled) -> Spoiled:
    """A key that expires keeps dials apart, and nothing else does."""
    keys: dict[str, datetime] = {}

    class Expiring(Altered):
        def get(self, attempt_id: AttemptId) -> CallAttempt:
            attempt: CallAttempt = self.port.get(attempt_id)
            is_open = not attempt.is_over and world.hazard.function == DIAL
            return replace(attempt, state=AttemptState.PLANNED) if is_open else attempt

        def begin_dialing(self, attempt_id: AttemptId, *messages: Any, now: datetime, **seat: Any) -> bool:
            if keys.get(attempt_id, now) > now:
                return False
            keys[attempt_id] = now + KEY_LASTS
            self.port.begin_dialing(attempt_id, *messages, now=now, **seat)
            return True

    return _parts(whole, calls=Expiring(whole.parts.calls))


def gate_without_sid(_world: World, whole: Spoiled) -> Spoiled:
    """Whichever call asks is let through."""

    class Blind(Altered):
        def answer(self, attempt_id: AttemptId, sid: str, *, now: datetime) -> Any:
            bound = whole.parts.calls.get(attempt_id).provider_sid
            return self.port.answer(attempt_id, bound or sid, now=now)

    return _parts(whole, gate=Blind(whole.parts.gate))


def _parts(whole: Spoiled, **changed: Any) -> Spoiled:
    return replace(whole, parts=replace(whole.parts, **changed))
