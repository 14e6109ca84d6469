"""The watch over the money: who is told, who is stopped, and that it happens once."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from shared.adapters.memory import MemoryAlertRepository, MemoryAlertSink, MemoryCostRepository, MemoryStore
from shared.adapters.memory.costs import reserve
from shared.costs import Account, Booking, Budget, Component, CostLine, Level, Period, Reservation, Scope, Unit
from shared.costs.booking import settling
from shared.costs.levels import Levels, used_share
from shared.costs.watch import Seen, Watch, watch_money
from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId, BudgetId, SellerId, new_id
from shared.kernel.money import ZERO, Money

NOON = datetime(2026, 3, 4, 18, tzinfo=UTC)
HARBOR, PURSE = SellerId("harbor"), BudgetId("purse")


@dataclass
class Office:
    """One campaign without a limit worth the name, and a brake that remembers."""

    budget_id: BudgetId = PURSE
    seller_id: SellerId = HARBOR
    now: datetime = NOON
    is_stuck: bool = False
    stopped: list[tuple[SellerId | None, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = MemoryStore()
        self.costs = MemoryCostRepository(self.store)
        self.alerts = MemoryAlertRepository(self.store)
        self.sink = MemoryAlertSink()
        self.costs.add_budget(Budget(id=self.budget_id, seller_id=HARBOR, limit=Money.usd("100000")))

    def limit(self, scope: Scope, period: Period, dollars: str) -> None:
        owner = HARBOR if scope is Scope.SELLER else None
        self.costs.set_limit(scope, period, Money.usd(dollars), seller_id=owner, now=self.now)

    def hold(self, dollars: str) -> AttemptId:
        ids = tuple(budget.id for budget in self.costs.budgets_for(self, self.now))
        attempt = AttemptId(new_id())
        held = Reservation(attempt_id=attempt, budget_ids=ids, amount=Money.usd(dollars), made_at=self.now)
        reserve(self.store, held)
        return attempt

    def spend(self, dollars: str, *, held: str | None = None) -> None:
        amount = Money.usd(dollars)
        line = CostLine(
            component=Component.CARRIER_VOICE,
            vendor="twilio",
            quantity=Decimal(1),
            unit=Unit.MINUTE,
            unit_price=amount,
            amount=amount,
            price_version="1",
        )

        def decide(account: Account) -> Booking | None:
            return settling(account, [line], basis=1, now=self.now)

        self.costs.book(self.hold(held or dollars), decide)

    def look(self) -> Seen:
        watch = Watch(costs=self.costs, alerts=self.alerts, sink=self.sink, brake=self.stop)
        return watch_money(watch=watch, now=self.now)

    def stop(self, seller_id: SellerId | None, reason: str, *, now: datetime) -> None:
        if self.is_stuck:
            raise Unavailable("the switch is away")
        self.stopped.append((seller_id, reason))

    def told(self) -> list[tuple[Level, str]]:
        return [(alert.level, alert.kind) for alert in self.sink.told]


def test_money_without_limits_is_nobodys_trouble() -> None:
    office = Office()
    office.spend("500")

    assert office.look() == Seen()


@pytest.mark.parametrize(
    ("spent", "level"), [("7.99", None), ("8", Level.WARNING), ("9.49", Level.WARNING), ("9.50", Level.CRITICAL)]
)
def test_a_limit_that_is_nearly_used_is_told_once(spent: str, level: Level | None) -> None:
    office = Office()
    office.limit(Scope.SELLER, Period.DAY, "10")
    office.spend(spent)

    for _ in range(3):
        office.look()
    assert office.told() == ([(level, "limit")] if level else [])
    assert office.stopped == []


def test_held_money_counts_towards_the_warning() -> None:
    office = Office()
    office.limit(Scope.INSTALLATION, Period.WEEK, "10")
    office.hold("9")

    office.look()
    assert office.told() == [(Level.WARNING, "limit")]


def test_each_level_and_each_period_is_told_anew() -> None:
    office = Office()
    office.limit(Scope.SELLER, Period.DAY, "10")
    office.spend("8")
    office.look()
    office.spend("1.60")
    office.look()
    office.now += timedelta(days=1)
    office.spend("9")
    office.look()

    assert office.told() == [(Level.WARNING, "limit"), (Level.CRITICAL, "limit"), (Level.WARNING, "limit")]


def test_a_day_that_is_spent_needs_no_switch() -> None:
    office = Office()
    office.limit(Scope.INSTALLATION, Period.DAY, "10")
    office.spend("10")

    office.look()
    assert office.told() == [(Level.CRITICAL, "limit")]
    assert office.stopped == []


@pytest.mark.parametrize(("scope", "target"), [(Scope.INSTALLATION, None), (Scope.SELLER, HARBOR)])
def test_a_month_that_is_spent_stops_the_calls_once(scope: Scope, target: SellerId | None) -> None:
    office = Office()
    office.limit(scope, Period.MONTH, "10")
    office.now -= timedelta(hours=3)
    office.spend("10.50", held="10")
    office.now += timedelta(hours=3)

    assert office.look() == Seen(raised=1, stopped=1, sent=1)
    assert office.look() == Seen()
    [(stopped, reason)] = office.stopped
    assert stopped == target
    assert "month limit of $10.0000 is spent" in reason


def test_a_burn_rate_that_empties_the_month_within_the_hour_stops_the_calls() -> None:
    office = Office()
    office.limit(Scope.INSTALLATION, Period.MONTH, "100")
    office.spend("30")
    office.look()
    assert office.stopped == []

    office.spend("25")
    office.look()
    assert office.told() == [(Level.EMERGENCY, "burn")]
    assert [target for target, _ in office.stopped] == [None]


def test_books_that_are_out_of_order_stop_everything() -> None:
    office = Office()
    office.spend("1")
    [month] = [each for each in office.costs.budgets_for(office, NOON) if each.name == "installation day"]
    office.now += timedelta(days=1)
    tomorrow = office.costs.budgets_for(office, office.now)[4]
    office.store.budgets[tomorrow.id] = replace(tomorrow, posted=Money(5))

    office.look()
    assert month.posted == Money.usd("1")
    assert office.told() == [(Level.EMERGENCY, "imbalance")]
    assert [target for target, _ in office.stopped] == [None]


def test_nothing_is_told_before_the_switch_is_thrown() -> None:
    office = Office(is_stuck=True)
    office.limit(Scope.INSTALLATION, Period.MONTH, "10")
    office.spend("10")

    with pytest.raises(Unavailable):
        office.look()
    assert office.told() == []
    office.is_stuck = False
    assert office.look().stopped == 1


def test_who_could_not_be_told_is_told_at_the_next_look() -> None:
    office = Office()
    office.limit(Scope.SELLER, Period.DAY, "10")
    office.spend("9")
    office.sink.is_away = True

    assert office.look() == Seen(raised=1, unsent=1)
    office.sink.is_away = False
    assert office.look() == Seen(sent=1)
    assert office.look() == Seen()


def test_a_critical_budget_slows_and_an_unlimited_one_does_not() -> None:
    office = Office()
    office.limit(Scope.SELLER, Period.DAY, "10")
    budgets = office.costs.budgets_for(office, NOON)
    assert Levels().slowed(60, budgets) == 60

    office.spend("9.6")
    budgets = office.costs.budgets_for(office, NOON)
    assert [each.name for each in Levels().are_critical(budgets)] == ["seller day"]
    assert (Levels().slowed(60, budgets), Levels().slowed(1, budgets)) == (30, 1)


def test_a_limit_of_nothing_is_used_up() -> None:
    assert used_share(Budget(id=BudgetId("b"), seller_id=None, limit=ZERO)) == 1
