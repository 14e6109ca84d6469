"""The budgets that bound a call by day, week and month: which there are now, and when each begins and ends."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from uuid import NAMESPACE_URL, uuid5

from shared.costs.budget import NO_LIMIT, Budget, Period, Scope
from shared.kernel.ids import BudgetId, SellerId

PERIODS = (Period.DAY, Period.WEEK, Period.MONTH)
SCOPES = (Scope.SELLER, Scope.INSTALLATION)


def first_day(period: Period, day: date) -> date | None:
    """The day on which the period that holds ``day`` begins; the total never did."""
    match period:
        case Period.TOTAL:
            return None
        case Period.DAY:
            return day
        case Period.WEEK:
            return day - timedelta(days=day.weekday())
        case Period.MONTH:
            return day.replace(day=1)


def day_after(period: Period, first: date) -> date:
    """The first day that no longer belongs to the period which begins on ``first``.

    Raises:
        ValueError: The total has no end.
    """
    match period:
        case Period.DAY:
            return first + timedelta(days=1)
        case Period.WEEK:
            return first + timedelta(days=7)
        case Period.MONTH:
            return (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        case Period.TOTAL:
            raise ValueError("the total has no end")


def bounds(period: Period, first: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """The moments (UTC) at which the period begins and ends on the books' clock."""
    return midnight(first, zone), midnight(day_after(period, first), zone)


def midnight(day: date, zone: tzinfo) -> datetime:
    """The moment (UTC) at which a day begins on the clock of ``zone``."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def period_budgets(seller_id: SellerId, now: datetime, zone: tzinfo) -> tuple[Budget, ...]:
    """The seller's and the installation's budgets of this day, week and month, as they are before any spending."""
    return _budgets_on(seller_id, now.astimezone(zone).date())


@lru_cache(maxsize=1024)  # asked for every lead that is looked at
def _budgets_on(seller_id: SellerId, day: date) -> tuple[Budget, ...]:
    return tuple(period_budget(scope, period, seller_id, day) for scope in SCOPES for period in PERIODS)


def installation_budgets(now: datetime, zone: tzinfo) -> tuple[Budget, ...]:
    """The installation's budgets of this day, week and month, as they are before any spending."""
    today = now.astimezone(zone).date()
    return tuple(period_budget(Scope.INSTALLATION, period, None, today) for period in PERIODS)


def period_budget(scope: Scope, period: Period, seller_id: SellerId | None, day: date) -> Budget:
    """The budget of the period that holds ``day``, without a limit. Its id follows from what it is."""
    owner = None if scope is Scope.INSTALLATION else seller_id
    first = first_day(period, day)
    return Budget(
        id=budget_id(scope, period, owner, first),
        seller_id=owner,
        limit=NO_LIMIT,
        scope=scope,
        period=period,
        period_start=first,
    )


def inbound_budget(seller_id: SellerId) -> Budget:
    """What a seller's inbound calls are booked on: it has no limit, so that none is refused for money."""
    return Budget(
        id=budget_id(Scope.INBOUND, Period.TOTAL, seller_id, None),
        seller_id=seller_id,
        limit=NO_LIMIT,
        scope=Scope.INBOUND,
    )


@lru_cache(maxsize=4096)  # asked for every lead that is looked at
def budget_id(scope: Scope, period: Period, seller_id: SellerId | None, first: date | None) -> BudgetId:
    """The id that a budget of this kind always has, so that whoever is first to need it makes the same one."""
    return BudgetId(str(uuid5(NAMESPACE_URL, f"reauto:budget:{scope}:{period}:{seller_id or '-'}:{first or '-'}")))
