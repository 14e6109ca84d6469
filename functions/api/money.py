"""Money: what calls cost by what they achieved, limits, forecasts, alerts, and the carrier's books beside ours."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from functions.api.access import Reach
from functions.api.money_shapes import (
    AlertShown,
    CostsShown,
    DayBody,
    ForecastShown,
    LimitBody,
    LimitShown,
    UsageCheckShown,
)
from functions.services import Services
from shared.calls import Direction
from shared.costs import NO_LIMIT, Budget, Period, Scope
from shared.costs.forecast import HISTORY, forecast
from shared.costs.periods import PERIODS, bounds, first_day, midnight, period_budget
from shared.costs.reconcile_usage import reconcile_usage
from shared.kernel.errors import Malformed
from shared.kernel.ids import CampaignId, SellerId
from shared.kernel.money import Money
from shared.reports.cost_report import By, CostQuery

router = APIRouter(prefix="/v1/costs", tags=["money"])
ORDER = (Scope.INSTALLATION, Scope.SELLER, Scope.CAMPAIGN, Scope.INBOUND)
LENGTH = (*PERIODS, Period.TOTAL)
Days = Annotated[int, Query(ge=1, le=366)]


@router.get("")
def show_costs(
    services: Reach,
    *,
    by: By = By.ALL,
    since: datetime | None = None,
    until: datetime | None = None,
    campaign_id: CampaignId | None = None,
    seller_id: SellerId | None = None,
    direction: Direction = Direction.OUTBOUND,
) -> CostsShown:
    """What calls cost, since the beginning of the month unless told otherwise.

    A dial is an attempt that the carrier took, a connected call one that a person answered, which is a conversation;
    all but the cost per connected call divide the cost of all attempts. ``hour`` is that of the called person.
    """
    now = services.clock.now()
    query = CostQuery(
        since=_aware(since) or _month_begins(services, now),
        until=_aware(until) or now,
        by=by,
        campaign_id=campaign_id,
        seller_id=seller_id,
        direction=direction,
    )
    rows = tuple(services.cost_reports.rows(query))
    return CostsShown.of(query, rows, dict(services.cost_reports.by_component(query)))


@router.get("/limits")
def show_limits(services: Reach, seller_id: SellerId | None = None) -> list[LimitShown]:
    """Every budget that counts now, limited or not: campaigns', sellers', the installation's, and for inbound calls."""
    names = {campaign.budget_id: campaign.name for campaign in services.campaigns.all()}
    budgets = services.costs.budgets_of(services.clock.now())
    chosen = [budget for budget in budgets if seller_id in (None, budget.seller_id)]
    return [LimitShown.of(each, services.levels, campaign=names.get(each.id)) for each in sorted(chosen, key=_place)]


@router.post("/limits")
def set_limit(body: LimitBody, services: Reach) -> LimitShown:
    """Bound the spending of a seller or the installation by day, week or month; calls under way are not cut."""
    seller_id = SellerId(body.seller_id) if body.seller_id else None
    if seller_id:
        services.campaigns.seller(seller_id)
    limit = NO_LIMIT if body.limit_usd is None else Money.usd(body.limit_usd)
    now = services.clock.now()
    budget = services.costs.set_limit(body.scope, body.period, limit, seller_id=seller_id, now=now)
    return LimitShown.of(budget, services.levels)


@router.get("/forecast")
def show_forecast(services: Reach, seller_id: SellerId | None = None) -> list[ForecastShown]:
    """Where this day, week and month will end, for the whole installation or for one seller."""
    now = services.clock.now()
    hourly = services.costs.spent_by_hour(since=now - HISTORY, seller_id=seller_id)
    found = []
    for budget in _present(services, seller_id, now):
        assert budget.period_start is not None
        starts_at, ends_at = bounds(budget.period, budget.period_start, services.books_zone)
        told = forecast(budget, starts_at=starts_at, ends_at=ends_at, hourly=hourly, now=now)
        found.append(ForecastShown.of(told, services.levels))
    return found


@router.get("/alerts")
def show_alerts(services: Reach, days: Days = 30) -> list[AlertShown]:
    """What people were told of lately, newest first."""
    since = services.clock.now() - timedelta(days=days)
    return [AlertShown.of(alert) for alert in services.alerts.since(since)]


@router.get("/usage")
def show_usage(services: Reach, days: Days = 31) -> list[UsageCheckShown]:
    """How our sums compared with the carrier's, day by day, newest first."""
    since = services.clock.now().date() - timedelta(days=days)
    return [UsageCheckShown.of(check) for check in services.usage_book.checks(since)]


@router.post("/usage")
def compare_usage(body: DayBody, services: Reach) -> list[UsageCheckShown]:
    """Compare a day that is over with the carrier's books now."""
    now = services.clock.now()
    today = now.astimezone(UTC).date()
    day = body.day or today - timedelta(days=1)
    if day >= today:
        raise Malformed(f"day: {day} is not over (UTC)")
    checks = reconcile_usage(
        day, book=services.usage_book, carrier=services.carrier_books, alerts=services.alerts, now=now
    )
    return [UsageCheckShown.of(check) for check in checks]


def _place(budget: Budget) -> tuple[int, str, int, str]:
    """Where it stands in a list: the installation's first, then seller by seller, from the day to the total."""
    return ORDER.index(budget.scope), budget.seller_id or "", LENGTH.index(budget.period), budget.id


def _present(services: Services, seller_id: SellerId | None, now: datetime) -> list[Budget]:
    """The day, week and month of a seller or the installation; as they would begin where nothing was spent."""
    scope = Scope.SELLER if seller_id else Scope.INSTALLATION
    kept = {budget.id: budget for budget in services.costs.budgets_of(now)}
    today = now.astimezone(services.books_zone).date()
    empty = [period_budget(scope, period, seller_id, today) for period in PERIODS]
    return [kept.get(budget.id, budget) for budget in empty]


def _month_begins(services: Services, now: datetime) -> datetime:
    first = first_day(Period.MONTH, now.astimezone(services.books_zone).date())
    assert first is not None
    return midnight(first, services.books_zone)


def _aware(moment: datetime | None) -> datetime | None:
    """A moment without an offset is UTC."""
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment
