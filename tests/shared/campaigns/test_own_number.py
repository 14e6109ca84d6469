"""Which of our numbers a lead sees, and which of them has to rest."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.adapters.memory import MemoryOwnNumberRepository, MemoryStore
from shared.campaigns import Campaign, NumberStats, OwnNumber, choose_caller_id
from shared.campaigns.number_pool import ailment, check_health, register_caller_id
from shared.campaigns.own_number import NotOurs
from shared.kernel.ids import CampaignId, SellerId
from tests.shared.calls.world import make_campaign, make_lead

NOW = datetime(2026, 3, 10, 17, tzinfo=UTC)
ONE, TWO, THREE = "+15125550001", "+15125550002", "+15125550003"


def make_number(phone: str = ONE, **changes: Any) -> OwnNumber:
    return replace(OwnNumber(phone=phone, seller_id=SellerId("seller-1"), added_at=NOW), **changes)


def chosen(*numbers: OwnNumber, **known: Any) -> str | None:
    number = choose_caller_id(make_lead(), numbers, now=NOW, **known)
    return number.phone if number else None


def test_a_lead_sees_the_number_it_saw_before() -> None:
    numbers = make_number(ONE), make_number(TWO)

    assert chosen(*numbers, last=TWO, dials={TWO: 900}) == TWO


def test_otherwise_the_least_used_one_and_among_equals_always_the_same() -> None:
    numbers = make_number(ONE), make_number(TWO), make_number(THREE)

    assert chosen(*numbers, dials={ONE: 4, TWO: 2, THREE: 3}) == TWO
    assert chosen(*numbers) == chosen(*reversed(numbers))


def test_leads_are_spread_over_the_numbers() -> None:
    numbers = [make_number(ONE), make_number(TWO)]
    leads = [make_lead(phone=f"+1512555{number:04}") for number in range(200)]
    counts = [choose_caller_id(lead, numbers, now=NOW) for lead in leads]

    assert 60 < sum(number is not None and number.phone == ONE for number in counts) < 140


@pytest.mark.parametrize(
    "unfit",
    [
        {"retired_at": NOW},
        {"cooled_until": NOW + timedelta(hours=1)},
        {"campaign_id": CampaignId("another")},
    ],
)
def test_a_number_that_may_not_be_used_is_passed_over(unfit: dict[str, Any]) -> None:
    assert chosen(make_number(ONE, **unfit), last=ONE) is None
    assert chosen(make_number(ONE, **unfit), make_number(TWO), last=ONE) == TWO


def test_a_rest_ends() -> None:
    assert chosen(make_number(cooled_until=NOW)) == ONE


def test_a_new_number_begins_with_few_dials_a_day() -> None:
    fresh = make_number(warms_up=True)

    assert chosen(fresh, dials={ONE: 39}) == ONE
    assert chosen(fresh, dials={ONE: 40}) is None
    assert [fresh.most_dials(NOW + timedelta(days=days)) for days in (0, 7, 14, 21, 28)] == [40, 80, 150, 250, None]
    assert chosen(make_number(), dials={ONE: 5000}) == ONE


@pytest.mark.parametrize(
    ("stats", "words"),
    [
        (NumberStats(dials=20, answered=8, blocked=3), "networks turned away 3 of 20"),
        (NumberStats(dials=40, answered=12, short=7), "7 of 12 people"),
        (NumberStats(dials=100, answered=2), "only 2 of 100"),
    ],
)
def test_a_number_that_is_turned_away_is_known_by_its_calls(stats: NumberStats, words: str) -> None:
    assert words in (ailment(stats) or "")


@pytest.mark.parametrize(
    "stats",
    [
        NumberStats(),
        NumberStats(dials=5, blocked=2),
        NumberStats(dials=100, answered=30, blocked=5, short=15),
        NumberStats(dials=59, answered=0),
    ],
)
def test_few_or_good_calls_prove_nothing(stats: NumberStats) -> None:
    assert ailment(stats) is None


class Blocked(MemoryOwnNumberRepository):
    """Numbers whose calls are blocked; remembers since when it was asked."""

    since: datetime | None = None

    def stats(self, phone: str, since: datetime) -> NumberStats:
        self.since = since
        return NumberStats(dials=10, blocked=5)


def test_a_number_that_networks_block_rests_for_a_day_and_is_then_judged_afresh() -> None:
    numbers = Blocked(MemoryStore())
    resting = check_health(make_number(), numbers, now=NOW)

    assert resting is not None
    assert (resting.cooled_until, numbers.by_phone(ONE)) == (NOW + timedelta(hours=24), resting)
    assert numbers.since == NOW - timedelta(hours=24)
    assert check_health(resting, numbers, now=NOW + timedelta(hours=1)) is None
    later = NOW + timedelta(hours=30)
    check_health(resting, numbers, now=later)
    assert numbers.since == resting.cooled_until


def registered(*campaigns: Campaign, known: OwnNumber | None = None) -> OwnNumber:
    numbers = MemoryOwnNumberRepository(MemoryStore())
    if known:
        numbers.save(known)
    return [register_caller_id(campaign, numbers, now=NOW) for campaign in campaigns][-1]


def test_a_campaign_brings_its_number() -> None:
    campaign = make_campaign(caller_id=ONE)
    number = registered(campaign, campaign)

    assert (number.campaign_id, number.warms_up, number.most_dials(NOW)) == (campaign.id, False, None)


def test_a_number_that_two_campaigns_show_belongs_to_both() -> None:
    one, two = make_campaign(caller_id=ONE), make_campaign(id=CampaignId("campaign-2"), caller_id=ONE)

    assert registered(one, two).campaign_id is None


@pytest.mark.parametrize("known", [{"seller_id": SellerId("other")}, {"retired_at": NOW}])
def test_a_number_that_is_not_ours_is_refused(known: dict[str, Any]) -> None:
    with pytest.raises(NotOurs):
        registered(make_campaign(caller_id=ONE), known=make_number(**known))
