"""Budgets, reservations, cost lines and the ledger in memory."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from shared.adapters.memory.store import MemoryStore
from shared.costs import (
    Account,
    Booking,
    Budget,
    BudgetExhausted,
    Charge,
    CostLine,
    LedgerTransaction,
    Period,
    Reservation,
    ReservationState,
    Scope,
)
from shared.costs.booking import Decide, charging, holding, merged, voiding
from shared.costs.budget import NO_LIMIT
from shared.costs.ledger import held, purse
from shared.costs.periods import (
    PERIODS,
    budget_id,
    first_day,
    inbound_budget,
    installation_budgets,
    period_budget,
    period_budgets,
)
from shared.costs.ports import Spender
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import AttemptId, BudgetId, SellerId
from shared.kernel.money import ZERO, Money
from shared.kernel.outbox import NewMessage

PURSES = frozenset({Scope.CAMPAIGN, Scope.INBOUND})
DAY = timedelta(days=1)


class MemoryCostRepository:
    """``CostRepository`` in memory. ``zone`` is the books' clock."""

    def __init__(self, store: MemoryStore | None = None, *, zone: tzinfo = UTC) -> None:
        self._store = store or MemoryStore()
        self._zone = zone

    def budget(self, budget_id: BudgetId) -> Budget:
        try:
            return self._store.budgets[budget_id]
        except KeyError:
            raise NotFound(f"no budget {budget_id}") from None

    def add_budget(self, budget: Budget) -> None:
        self._store.budgets[budget.id] = budget

    def budgets_for(self, campaign: Spender, now: datetime) -> tuple[Budget, ...]:
        with self._store.lock:
            own = self.budget(campaign.budget_id)
            return own, *(self._made(each) for each in period_budgets(campaign.seller_id, now, self._zone))

    def budgets_for_inbound(self, seller_id: SellerId, now: datetime) -> tuple[Budget, ...]:
        wanted = (inbound_budget(seller_id), *period_budgets(seller_id, now, self._zone))
        with self._store.lock:
            return tuple(self._made(each) for each in wanted)

    def set_limit(
        self, scope: Scope, period: Period, limit: Money, *, seller_id: SellerId | None, now: datetime
    ) -> Budget:
        present = period_budget(scope, period, seller_id, now.astimezone(self._zone).date())
        with self._store.lock:
            self._store.spending_limits[budget_id(scope, period, present.seller_id, None)] = limit
            stands = self._made(present)
            overdrawn = max(ZERO, stands.pending + stands.posted - limit)
            self._store.budgets[present.id] = replace(stands, limit=limit, overdrawn=overdrawn)
            return self._store.budgets[present.id]

    def budgets_of(self, now: datetime) -> Sequence[Budget]:
        today = now.astimezone(self._zone).date()
        present = {(period, first_day(period, today)) for period in PERIODS} | {(Period.TOTAL, None)}
        with self._store.lock:
            counting = [each for each in self._store.budgets.values() if (each.period, each.period_start) in present]
        return sorted(counting, key=lambda each: each.id)

    def reservation(self, attempt_id: AttemptId) -> Reservation:
        try:
            return self._store.reservations[attempt_id]
        except KeyError:
            raise NotFound(f"nothing was reserved for attempt {attempt_id}") from None

    def book(self, attempt_id: AttemptId, decide: Decide, *messages: NewMessage) -> Booking | None:
        with self._store.lock:
            before = self.reservation(attempt_id)
            lines = self._store.cost_lines.get(attempt_id, ())
            booking = decide(Account(reservation=before, lines=lines))
            if booking is None:
                return None
            if booking.transaction.ref in self._store.transactions:
                raise Conflict(f"attempt {attempt_id} has this ledger transaction already")
            has_let_go = before.state is ReservationState.HELD and booking.reservation.state is not before.state
            released = before.amount if has_let_go else ZERO
            self._spend(before.budget_ids, spent=booking.spent, released=released, held_ids=before.held_ids)
            self._store.reservations[attempt_id] = booking.reservation
            if booking.lines:
                self._store.cost_lines[attempt_id] = (*lines, *booking.lines)
            self._store.transactions[booking.transaction.ref] = booking.transaction
            self._store.put_messages(*messages)
            return booking

    def book_charge(self, charge: Charge) -> None:
        booked = charging(charge)
        with self._store.lock:
            if booked.ref in self._store.transactions:
                raise Conflict(f"charge {charge.id} is booked already")
            self._spend(self._budgets_of_charge(charge), spent=charge.amount)
            self._store.charges[charge.id] = charge
            self._store.transactions[booked.ref] = booked

    def void(self, attempt_id: AttemptId, *, now: datetime) -> bool:
        try:
            return self.book(attempt_id, lambda account: voiding(account, now=now)) is not None
        except NotFound:
            return False

    def lines(self, attempt_id: AttemptId) -> Sequence[CostLine]:
        return merged(self._store.cost_lines.get(attempt_id, ()))

    def ask_later(self, *messages: NewMessage) -> None:
        with self._store.lock:
            self._store.put_messages(*messages)

    def unbooked(self, *, since: datetime, limit: int) -> Sequence[AttemptId]:
        with self._store.lock:
            void = [
                each
                for each in self._store.reservations.values()
                if each.state is ReservationState.VOID and each.made_at >= since and self._has_call(each.attempt_id)
            ]
        return [each.attempt_id for each in sorted(void, key=lambda each: each.made_at)[:limit]]

    def spent_by_hour(self, *, since: datetime, seller_id: SellerId | None) -> Mapping[datetime, Money]:
        first = since.replace(minute=0, second=0, microsecond=0)
        spent: Counter[datetime] = Counter()
        with self._store.lock:
            for each in self._store.reservations.values():
                if each.made_at < first or seller_id not in (None, self._seller_of(each)):
                    continue
                hour = each.made_at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
                lines = self._store.cost_lines.get(each.attempt_id, ())
                spent[hour] += sum(line.amount.micro_usd for line in lines)
            for charge in self._store.charges.values():
                if charge.at >= first and seller_id is None:
                    hour = charge.at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
                    spent[hour] += charge.amount.micro_usd
        return {hour: Money(total) for hour, total in spent.items() if total}

    def ledger_imbalance(self, *, since: datetime | None = None) -> Money:
        with self._store.lock:
            booked = [each for each in self._store.transactions.values() if since is None or each.at >= since]
            gaps = sum(abs(sum(entry.amount.micro_usd for entry in each.entries)) for each in booked)
            return Money(gaps + self._gaps_of_periods(since) + (self._gaps_of_purses(booked) if since is None else 0))

    def _gaps_of_purses(self, booked: Sequence[LedgerTransaction]) -> int:
        totals: Counter[str] = Counter()
        for entry in (entry for each in booked for entry in each.entries):
            totals[entry.account] += entry.amount.micro_usd
        return sum(
            abs(each.pending.micro_usd - totals[held(each.id)])
            + abs((each.posted + each.pending).micro_usd + totals[purse(each.id)])
            for each in self._store.budgets.values()
            if each.scope in PURSES
        )

    def _gaps_of_periods(self, since: datetime | None) -> int:
        pending: Counter[str] = Counter()
        posted: Counter[str] = Counter()
        for each in self._store.reservations.values():
            if since is not None and each.made_at < since:
                continue
            spent = sum(line.amount.micro_usd for line in self._store.cost_lines.get(each.attempt_id, ()))
            for limit_id in each.budget_ids[1:]:
                posted[limit_id] += spent
                is_held = each.state is ReservationState.HELD and each.is_bounded
                pending[limit_id] += each.amount.micro_usd if is_held else 0
        for charge in self._store.charges.values():
            for limit_id in self._budgets_of_charge(charge) if since is None or charge.at >= since else ():
                posted[limit_id] += charge.amount.micro_usd
        first = since.astimezone(self._zone).date() + DAY if since else None
        return sum(
            abs(each.pending.micro_usd - pending[each.id]) + abs(each.posted.micro_usd - posted[each.id])
            for each in self._store.budgets.values()
            if each.period_start and (first is None or each.period_start >= first)
        )

    def _made(self, budget: Budget) -> Budget:
        known = self._store.budgets.get(budget.id)
        if known is not None:
            return known
        limit_id = budget_id(budget.scope, budget.period, budget.seller_id, None)
        limit = self._store.spending_limits.get(limit_id, NO_LIMIT)
        self._store.budgets[budget.id] = made = replace(budget, limit=limit)
        return made

    def _seller_of(self, reservation: Reservation) -> SellerId | None:
        return self._store.budgets[reservation.purse_id].seller_id

    def _has_call(self, attempt_id: AttemptId) -> bool:
        attempt = self._store.attempts.get(attempt_id)
        if attempt is None or attempt.provider_sid is None or not attempt.is_over:
            return False
        return attempt.answered_at is not None or attempt.provider_result is not None

    def _budgets_of_charge(self, charge: Charge) -> list[BudgetId]:
        return [self._made(each).id for each in installation_budgets(charge.at, self._zone)]

    def _spend(
        self, ids: Sequence[BudgetId], *, spent: Money, released: Money = ZERO, held_ids: Sequence[BudgetId] = ()
    ) -> None:
        for stands in [self._store.budgets[each] for each in ids]:
            pending = stands.pending - (released if stands.id in held_ids else ZERO)
            posted = stands.posted + spent
            overdrawn = max(stands.overdrawn, pending + posted - stands.limit)
            self._store.budgets[stands.id] = replace(stands, pending=pending, posted=posted, overdrawn=overdrawn)


def reserve(store: MemoryStore, reservation: Reservation) -> None:
    """Hold money on every budget that bounds a reservation, or on none.

    Raises:
        BudgetExhausted: One of the budgets has no room.
        NotFound: There is no such budget.
    """
    with store.lock:
        for budget_id in reservation.held_ids:
            if budget_id not in store.budgets:
                raise NotFound(f"no budget {budget_id}")
        known = [store.budgets[budget_id] for budget_id in reservation.held_ids]
        for budget in known:
            if budget.headroom < reservation.amount:
                raise BudgetExhausted(f"the budget {budget.name} {budget.id} has no room for {reservation.amount}")
        for budget in known:
            store.budgets[budget.id] = replace(budget, pending=budget.pending + reservation.amount)
        store.reservations[reservation.attempt_id] = reservation
        transaction = holding(reservation)
        store.transactions[transaction.ref] = transaction
