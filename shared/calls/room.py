"""How many phones one round may ring at most, and what bounds it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.calls.facts import FactSource
from shared.campaigns import Campaign
from shared.campaigns.time_limit import MINUTE, lasting, longest_call
from shared.kernel.errors import NotFound
from shared.kernel.ids import BudgetId
from shared.kernel.money import ZERO, Money

NO_MONEY = "the budget has no room for another call"
TOO_DEAR = "the shortest call may cost more than one call may"


@dataclass(frozen=True, kw_only=True)
class Room:
    """``calls`` more may be planned; ``because`` says what bounds them. ``budget_ids`` are those that will pay.

    ``leave_free`` slots are for people who call us. Each may last as long as ``time_limit`` and cost ``worst_case``:
    when money is short, calls are.
    """

    calls: int
    because: str
    worst_case: Money = ZERO
    time_limit: timedelta | None = None
    budget_ids: tuple[BudgetId, ...] = ()
    leave_free: int = 0


def room_for(campaign: Campaign, *, sources: FactSource, now: datetime) -> Room:
    """The least of what the workers hold, the campaign's cap and pace allow, and the money pays for.

    Raises:
        Unavailable: A source is away; nothing is planned without knowing.
    """
    reserve = sources.campaigns.inbound_reserve()
    lately = sources.calls.dialled_since(campaign.id, now - MINUTE)
    bounds = [
        (sources.capacity.free() - reserve, "no voice worker has room"),
        (
            campaign.max_concurrency - sources.calls.live_in_campaign(campaign.id),
            "the campaign rings as many phones as it may",
        ),
    ]
    try:
        budgets = sources.costs.budgets_for(campaign, now)
    except NotFound:
        return Room(calls=0, because="there is no budget")
    headroom = min(budget.headroom for budget in budgets)
    limit = _longest(campaign, sources, headroom)
    if limit is None:
        return Room(calls=0, because=NO_MONEY if _longest(campaign, sources, None) else TOO_DEAR)
    worst_case = sources.worst_case(lasting(campaign, limit))
    pace = sources.levels.slowed(campaign.plan.calls_per_minute, budgets[1:])
    bounds.append((pace - lately, "the campaign rings as fast as it may"))
    if worst_case > ZERO:
        bounds.append((headroom.micro_usd // worst_case.micro_usd, NO_MONEY))
    calls, because = min(bounds, key=lambda bound: bound[0])
    return Room(
        calls=max(0, calls),
        because=because,
        worst_case=worst_case,
        time_limit=limit,
        budget_ids=tuple(budget.id for budget in budgets),
        leave_free=reserve,
    )


def _longest(campaign: Campaign, sources: FactSource, available: Money | None) -> timedelta | None:
    return longest_call(campaign, available=available, worst_case=sources.worst_case, shortest=sources.shortest_call)
