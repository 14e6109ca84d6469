"""How many phones one round may ring at most, and what bounds it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.calls.facts import FactSource
from shared.campaigns import Campaign
from shared.kernel.errors import NotFound
from shared.kernel.ids import BudgetId
from shared.kernel.money import ZERO, Money

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Room:
    """``calls`` more may be planned; ``because`` says what bounds them. ``budget_ids`` are those that will pay."""

    calls: int
    because: str
    worst_case: Money
    budget_ids: tuple[BudgetId, ...] = ()


def room_for(campaign: Campaign, *, sources: FactSource, now: datetime) -> Room:
    """The least of what the workers hold, the campaign's cap and pace allow, and the money pays for.

    Raises:
        Unavailable: A source is away; nothing is planned without knowing.
    """
    worst_case = sources.worst_case(campaign)
    lately = sources.calls.dialled_since(campaign.id, now - MINUTE)
    bounds = [
        (sources.capacity.free() - campaign.plan.inbound_reserve, "no voice worker has room"),
        (
            campaign.max_concurrency - sources.calls.live_in_campaign(campaign.id),
            "the campaign rings as many phones as it may",
        ),
    ]
    try:
        budgets = sources.costs.budgets_for(campaign, now)
    except NotFound:
        return Room(calls=0, because="there is no budget", worst_case=worst_case)
    pace = sources.levels.slowed(campaign.plan.calls_per_minute, budgets[1:])
    bounds.append((pace - lately, "the campaign rings as fast as it may"))
    if worst_case > ZERO:
        affordable = min(budget.headroom.micro_usd // worst_case.micro_usd for budget in budgets)
        bounds.append((affordable, "the budget has no room for another call"))
    calls, because = min(bounds, key=lambda bound: bound[0])
    return Room(
        calls=max(0, calls),
        because=because,
        worst_case=worst_case,
        budget_ids=tuple(budget.id for budget in budgets),
    )
