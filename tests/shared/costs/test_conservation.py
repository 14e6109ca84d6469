"""Money is conserved: whatever is reserved, settled, let go and trued up, in any order and as often as one likes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from shared.adapters.memory import MemoryCostRepository, MemoryStore
from shared.adapters.memory.costs import reserve
from shared.costs import (
    Account,
    Booking,
    Budget,
    BudgetExhausted,
    Component,
    CostLine,
    Period,
    Reservation,
    ReservationState,
    Scope,
    Unit,
)
from shared.costs.booking import settling, truing_up
from shared.kernel.ids import AttemptId, BudgetId, SellerId, new_id
from shared.kernel.money import ZERO, Money

NOON = datetime(2026, 3, 4, 18, tzinfo=UTC)
SELLERS = [SellerId("harbor"), SellerId("hill")]
MONEY = st.integers(0, 3_000_000).map(Money)
COMPONENTS = st.sampled_from([Component.CARRIER_VOICE, Component.MEDIA_STREAM, Component.TEXT_TO_SPEECH])


class Campaign:
    """Whoever spends."""

    def __init__(self, number: int) -> None:
        self.budget_id = BudgetId(f"purse-{number}")
        self.seller_id = SELLERS[number % len(SELLERS)]


def make_line(component: Component, amount: Money) -> CostLine:
    return CostLine(
        component=component,
        vendor="twilio",
        quantity=Decimal(1),
        unit=Unit.MINUTE,
        unit_price=amount,
        amount=amount,
        price_version="1",
    )


LINES = st.lists(st.builds(make_line, COMPONENTS, MONEY), max_size=4)


class Books(RuleBasedStateMachine):
    """Three campaigns of two sellers over some days."""

    attempts = Bundle("attempts")

    def __init__(self) -> None:
        super().__init__()
        self.store = MemoryStore()
        self.costs = MemoryCostRepository(self.store)
        self.now = NOON
        self.facts: set[str] = set()
        self.campaigns = [Campaign(number) for number in range(3)]
        for campaign in self.campaigns:
            self.costs.add_budget(Budget(id=campaign.budget_id, seller_id=campaign.seller_id, limit=Money.usd("8")))

    @rule(target=attempts, number=st.integers(0, 2), amount=MONEY)
    def reserve(self, number: int, amount: Money) -> object:
        budgets = self.costs.budgets_for(self.campaigns[number], self.now)
        reservation = Reservation(
            attempt_id=AttemptId(new_id()),
            budget_ids=tuple(budget.id for budget in budgets),
            amount=amount,
            made_at=self.now,
        )
        try:
            reserve(self.store, reservation)
        except BudgetExhausted:
            assert any(budget.headroom < amount for budget in budgets)
            assert [self.costs.budget(budget.id) for budget in budgets] == list(budgets)
            return multiple()
        assert all(self.costs.budget(budget.id).headroom >= ZERO for budget in budgets)
        return reservation.attempt_id

    @rule(attempt=attempts)
    def void(self, attempt: AttemptId) -> None:
        was = self.costs.reservation(attempt).state
        assert self.costs.void(attempt, now=self.now) == (was is ReservationState.HELD)

    @rule(attempt=attempts, lines=LINES, basis=st.integers(0, 3))
    def settle(self, attempt: AttemptId, lines: list[CostLine], basis: int) -> None:
        def decide(account: Account) -> Booking | None:
            return settling(account, lines, basis=basis, now=self.now)

        knew = self.costs.reservation(attempt)
        self.costs.book(attempt, decide)
        assert self.costs.book(attempt, decide) is None
        is_later = knew.state is not ReservationState.SETTLED or basis >= knew.basis
        is_priced = any(line.price_version != "1" for line in self.store.cost_lines.get(attempt, ()))
        if is_later and not is_priced:
            booked = sum((line.amount for line in self.costs.lines(attempt)), ZERO)
            assert booked == sum((line.amount for line in lines), ZERO)

    @rule(attempt=attempts, price=MONEY)
    def true_up(self, attempt: AttemptId, price: Money) -> None:
        ref = f"{attempt}:{price.micro_usd}"
        if ref in self.facts:
            return  # the carrier does not go back to a price that it has changed
        self.facts.add(ref)

        def decide(account: Account) -> Booking | None:
            return truing_up(account, price, sid=attempt, now=self.now)

        self.costs.book(attempt, decide)
        if self.costs.reservation(attempt).state is ReservationState.SETTLED:
            voice = [line for line in self.costs.lines(attempt) if line.component is Component.CARRIER_VOICE]
            assert sum((line.amount for line in voice), ZERO) == price

    @rule(attempt=consumes(attempts))
    def forget(self, attempt: AttemptId) -> None:
        """Some attempts are never heard of again."""

    @rule(period=st.sampled_from([Period.DAY, Period.WEEK, Period.MONTH]), limit=MONEY, seller=st.sampled_from(SELLERS))
    def limit(self, period: Period, limit: Money, seller: SellerId) -> None:
        self.costs.set_limit(Scope.SELLER, period, limit, seller_id=seller, now=self.now)

    @rule(hours=st.integers(1, 60))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @invariant()
    def entries_and_balances_agree(self) -> None:
        assert self.costs.ledger_imbalance() == ZERO

    @invariant()
    def pending_is_what_is_held(self) -> None:
        held: dict[str, Money] = {}
        for reservation in self.store.reservations.values():
            if reservation.state is ReservationState.HELD:
                for budget_id in reservation.budget_ids:
                    held[budget_id] = held.get(budget_id, ZERO) + reservation.amount
        for budget in self.store.budgets.values():
            assert budget.pending == held.get(budget.id, ZERO)
            assert budget.posted >= ZERO
            assert budget.posted + budget.pending <= budget.limit + budget.overdrawn


TestBooks = Books.TestCase
TestBooks.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
