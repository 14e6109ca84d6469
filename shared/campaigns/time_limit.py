"""How long a call may last: as long as its campaign wants, and no longer than its money."""

from bisect import bisect_right
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from shared.campaigns.campaign import Campaign
from shared.kernel.money import Money

MINUTE = timedelta(minutes=1)
SHORTEST_CALL = timedelta(minutes=2)
"""A shorter call is not worth its ring; the horizons of an installation may say otherwise."""


class Pricing(Protocol):
    """What the longest call of a campaign can cost."""

    def __call__(self, campaign: Campaign, /) -> Money:
        """The price of a call that lasts to its time limit."""
        ...


def lasting(campaign: Campaign, time_limit: timedelta) -> Campaign:
    """The campaign as it is for one call of that length."""
    return campaign if campaign.time_limit == time_limit else replace(campaign, time_limit=time_limit)


def longest_call(
    campaign: Campaign, *, available: Money | None, worst_case: Pricing, shortest: timedelta = SHORTEST_CALL
) -> timedelta | None:
    """The longest that a call may last so that neither ``available`` nor what one call may cost is exceeded.

    Without ``available`` only the campaign's own limits count. What is less than the campaign's time limit is in whole
    minutes, and ``shortest`` at least; ``None`` when not even that is paid for.
    """
    limits = [money for money in (available, campaign.plan.call_limit) if money is not None]
    if not limits or worst_case(campaign) <= min(limits):
        return campaign.time_limit
    least = shortest_of(campaign, shortest)
    whole = (minutes * MINUTE for minutes in range(1, int(campaign.time_limit / MINUTE) + 1))
    lengths = [least, *(each for each in whole if least < each < campaign.time_limit)]
    paid = bisect_right(lengths, min(limits), key=lambda each: worst_case(lasting(campaign, each)))
    return lengths[paid - 1] if paid else None


def shortest_of(campaign: Campaign, shortest: timedelta = SHORTEST_CALL) -> timedelta:
    """The shortest time limit that a call of the campaign is given."""
    return min(shortest, campaign.time_limit)
