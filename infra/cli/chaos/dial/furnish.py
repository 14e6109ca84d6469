"""What a world begins with: sellers, campaigns, money, numbers of our own, lists, people, and voice workers."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from infra.cli.chaos.dial.faults import Dice
from infra.cli.chaos.dial.parts import Parts
from infra.cli.chaos.dial.society import Ids, Society
from shared.calls.ports import Lease
from shared.campaigns import Campaign
from shared.campaigns.number_pool import register_caller_id
from shared.campaigns.sign_off import SignOff, StatePolicy
from shared.costs import Budget
from shared.kernel.money import Money
from shared.leads.registry import Registry, RegistryCopy

AMPLE = Money.usd("500")
TIGHT_SHARE = 0.3
LISTED_SHARE = 0.2


def furnish(parts: Parts, society: Society, dice: Dice, *, worst_case: Callable[[Campaign], Money]) -> None:
    """Put everything where the functions look for it. Some budgets are nearly used up before the day is over."""
    for seller in society.sellers:
        parts.campaigns.add_seller(seller)
    for campaign in society.campaigns:
        few = worst_case(campaign).times(dice.whole(4, 12))
        limit = few if dice.happens(TIGHT_SHARE) else AMPLE
        parts.costs.add_budget(Budget(id=campaign.budget_id, seller_id=campaign.seller_id, limit=limit))
        parts.campaigns.save(campaign)
        register_caller_id(campaign, parts.own_numbers, now=society.start)
    _take_copy(parts, society, dice, Registry.NATIONAL, [p for p in society.people if dice.happens(LISTED_SHARE)])
    _take_copy(parts, society, dice, Registry.STATE, [p for p, who in society.people.items() if who.is_listed_in_state])
    for seller in society.sellers:
        signed_at = society.start - timedelta(days=9)
        parts.sign_offs.add(
            SignOff(
                seller_id=seller.id,
                state="FL",
                policy=StatePolicy.ALLOW,
                signed_by="counsel",
                signed_at=signed_at,
                licence="TC1",
            )
        )
    parts.leads.add(society.leads, society.consents)


def _take_copy(parts: Parts, society: Society, dice: Dice, registry: Registry, listed: Sequence[str]) -> None:
    copy = RegistryCopy(
        id=Ids(dice)(),
        registry=registry,
        state="FL" if registry is Registry.STATE else None,
        taken_on=(society.start - timedelta(days=3)).date(),
        account="10000001-22-22",
        begun_at=society.start - timedelta(days=2),
    )
    parts.registries.begin(copy)
    parts.registries.add_numbers(copy.id, listed)
    parts.registries.finish(copy.id, at=copy.begun_at, is_empty=not listed)


def some_workers(dice: Dice) -> list[Lease]:
    """Two voice workers with a few slots each."""
    return [
        Lease(worker=worker, epoch="e1", url="ws://node:9", slots=dice.whole(3, 12), live=0, ready=True)
        for worker in ("w1", "w2")
    ]
