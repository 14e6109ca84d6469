"""A call can not outlive its money, and is not made at all when there is hardly any."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.calls.horizons import Horizons
from shared.campaigns import Campaign
from shared.campaigns.calling_plan import CallingPlan
from shared.campaigns.time_limit import SHORTEST_CALL, lasting, longest_call, shortest_of
from shared.costs.price_table import price_table
from shared.costs.pricing import worst_case
from shared.kernel.money import Money
from tests.shared.calls.world import NOON, make_campaign

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def price(campaign: Campaign) -> Money:
    return worst_case(campaign.time_limit, price_table(), on=NOON.date())


@pytest.mark.parametrize("dollars", ["0", "0.02", "0.0361", "0.05", "0.1", "0.17", "5"])
@pytest.mark.parametrize("cap", [30, 60, 120, 290, 300, 3600])
def test_it_is_the_longest_that_the_money_pays_for(dollars: str, cap: int) -> None:
    money, campaign = Money.usd(dollars), make_campaign(time_limit=timedelta(seconds=cap))
    limit = longest_call(campaign, available=money, worst_case=price)

    if limit is None:
        assert price(lasting(campaign, shortest_of(campaign))) > money
        return
    assert min(SHORTEST_CALL, campaign.time_limit) <= limit <= campaign.time_limit
    assert price(lasting(campaign, limit)) <= money
    if limit < campaign.time_limit:
        assert not limit % MINUTE
        assert price(lasting(campaign, min(limit + MINUTE, campaign.time_limit))) > money


def test_one_call_costs_no_more_than_one_call_may() -> None:
    campaign = make_campaign(plan=CallingPlan(call_limit=Money.usd("0.1")))

    assert longest_call(campaign, available=None, worst_case=price) == 2 * MINUTE
    assert longest_call(campaign, available=Money.usd("5"), worst_case=price) == 2 * MINUTE
    dear = replace(campaign, plan=CallingPlan(call_limit=Money.usd("0.01")))
    assert longest_call(dear, available=None, worst_case=price) is None


def test_without_any_limit_it_is_the_campaigns() -> None:
    assert longest_call(make_campaign(), available=None, worst_case=price) == 5 * MINUTE


def test_how_short_is_too_short_is_a_setting_and_the_standard_is_one() -> None:
    money = price(make_campaign(time_limit=MINUTE))

    assert longest_call(make_campaign(), available=money, worst_case=price) is None
    assert longest_call(make_campaign(), available=money, worst_case=price, shortest=MINUTE) == MINUTE
    assert Horizons().shortest_call == SHORTEST_CALL
