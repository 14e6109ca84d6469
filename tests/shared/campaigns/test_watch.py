"""The watch over campaigns: each reason pauses, its end lets go on, and a pause loses nothing."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.adapters.memory.scripts import MemoryScriptRepository
from shared.calls import AttemptState, Purpose
from shared.campaigns import BreakerLimits, CallCounts, CallingPlan, Campaign, CampaignState, RateLimit
from shared.campaigns.start import Starting, pause_campaign, start_campaign
from shared.campaigns.watch import Watching, watch_campaign
from shared.conversation.script_book import ScriptBook
from shared.costs.price_table import price_table
from shared.kernel.errors import Conflict
from shared.kernel.ids import LeadId
from shared.kernel.money import Money
from shared.leads import LeadStatus
from tests.shared.calls.world import NOON, World, make_campaign, make_lead, take_copy

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass
class Counted:
    """Calls that went as they are told to have gone; remembers since when it was asked."""

    counts_told: CallCounts = field(default_factory=CallCounts)
    live_calls: int = 0

    def __post_init__(self) -> None:
        self.asked: list[datetime] = []

    def counts(self, campaign_id: str, since: datetime) -> CallCounts:
        self.asked.append(since)
        return self.counts_told

    def live(self, campaign_id: str) -> int:
        return self.live_calls


class Tower:
    """A world with a campaign that is ready and runs, and somebody who watches it."""

    def __init__(self, calls: Counted | None = None, **changes: Any) -> None:
        self.world = World(campaign=make_campaign(moved_at=NOON - HOUR, **changes))
        self.world.render_opening()
        self.calls = calls or Counted()

    @property
    def starting(self) -> Starting:
        world = self.world
        return Starting(
            campaigns=world.campaigns,
            costs=world.costs,
            own_numbers=world.own_numbers,
            registries=world.registries,
            prices=price_table(),
            scripts=ScriptBook(repository=MemoryScriptRepository()),
        )

    def watch(self, now: datetime = NOON) -> Campaign | None:
        return watch_campaign(self.campaign, watching=Watching(starting=self.starting, calls=self.calls), now=now)

    @property
    def campaign(self) -> Campaign:
        return self.world.campaigns.get(self.world.campaign.id)

    def stands(self) -> tuple[str, str | None, str | None]:
        return self.campaign.state.value, self.campaign.paused_reason, self.campaign.paused_because


def test_a_campaign_that_rings_well_is_left_alone() -> None:
    tower = Tower()

    assert tower.watch() is None
    assert tower.world.store.messages == []


def test_too_many_failures_pause_until_a_person_starts_it_again() -> None:
    limit = RateLimit(most=0.5, at_least=10, window=10 * MINUTE)
    tower = Tower(Counted(CallCounts(dials=10, failed=6)), plan=CallingPlan(breaker=BreakerLimits(failure=limit)))
    tower.watch()

    assert tower.stands() == ("paused", "breaker", "6 of 10 calls failed in 10 minutes; at most 50% may")
    tower.calls.counts_told = CallCounts()
    assert tower.watch(NOON + HOUR) is None
    start_campaign(tower.campaign.id, starting=tower.starting, now=NOON + HOUR)
    assert tower.stands() == ("running", None, None)


def test_calls_from_before_it_was_started_again_do_not_count() -> None:
    tower = Tower()
    tower.world.campaigns.save(replace(tower.campaign, moved_at=NOON - MINUTE))
    tower.watch()

    assert set(tower.calls.asked) == {NOON - MINUTE}


def test_an_empty_budget_pauses_and_a_fuller_one_lets_it_go_on() -> None:
    tower = Tower()
    budget = tower.world.store.budgets[tower.campaign.budget_id]
    tower.world.store.budgets[budget.id] = replace(budget, posted=budget.limit - Money.usd("0.05"))
    tower.watch()

    assert tower.stands()[:2] == ("paused", "budget")
    assert tower.watch(NOON + MINUTE) is None
    tower.world.store.budgets[budget.id] = replace(budget, posted=Money.usd("1"))
    tower.watch(NOON + 2 * MINUTE)
    assert tower.stands() == ("running", None, None)
    assert tower.world.messages("dispatch") == [{"campaign_id": tower.campaign.id}]


def test_money_that_is_only_held_pauses_nobody() -> None:
    tower = Tower()
    budget = tower.world.store.budgets[tower.campaign.budget_id]
    tower.world.store.budgets[budget.id] = replace(budget, pending=budget.limit)

    assert tower.watch() is None


def test_numbers_that_all_rest_pause_until_one_is_back() -> None:
    tower = Tower()
    [number] = tower.world.own_numbers.all()
    tower.world.own_numbers.save(number.cooled(NOON + HOUR, "networks turned away 5 of 9 calls"))
    tower.watch()

    assert tower.stands()[:2] == ("paused", "capacity")
    assert tower.watch(NOON + 59 * MINUTE) is None
    tower.watch(NOON + HOUR)
    assert tower.stands()[0] == "running"


def test_a_registry_copy_that_is_too_old_pauses_and_stops_what_rings() -> None:
    tower = Tower()
    late = NOON + 40 * DAY
    tower.watch(late)

    assert tower.stands()[:2] == ("paused", "compliance")
    assert "no copy of the national do-not-call registry from the last 31 days" in (tower.stands()[2] or "")
    assert tower.world.messages("stop") == [{"scope": "campaign", "target": tower.campaign.id}]
    take_copy(tower.world.registries, id="fresh", taken_on=late.date(), begun_at=late)
    tower.watch(late + MINUTE)
    assert tower.stands()[0] == "running"


def test_outside_its_dates_a_campaign_rests_and_after_them_it_is_over() -> None:
    tower = Tower(Counted(live_calls=1), ends_at=NOON + HOUR)

    assert tower.watch(NOON + 59 * MINUTE) is None
    tower.watch(NOON + HOUR)
    assert tower.stands()[:2] == ("paused", "window")
    assert tower.watch(NOON + HOUR) is None  # a call still goes on
    tower.calls.live_calls = 0
    tower.watch(NOON + HOUR + MINUTE)
    assert tower.stands() == ("completed", None, None)


def test_a_start_that_was_put_off_rests_until_then() -> None:
    tower = Tower(starts_at=NOON + HOUR)
    tower.watch()

    assert tower.stands()[:2] == ("paused", "window")
    tower.watch(NOON + HOUR)
    assert tower.stands()[0] == "running"


def test_what_a_person_paused_only_a_person_starts() -> None:
    tower = Tower()
    pause_campaign(tower.campaign.id, "lunch", campaigns=tower.world.campaigns, now=NOON)

    assert tower.watch(NOON + DAY) is None
    assert tower.stands() == ("paused", "manual", "lunch")


def test_a_person_who_pauses_what_rests_by_itself_is_not_overruled_by_a_watch_under_way() -> None:
    tower = Tower()
    budget = tower.world.store.budgets[tower.campaign.budget_id]
    tower.world.store.budgets[budget.id] = replace(budget, posted=budget.limit)
    tower.watch()
    read = tower.campaign
    assert read.paused_reason == "budget"
    pause_campaign(read.id, "lunch", campaigns=tower.world.campaigns, now=NOON + MINUTE)
    tower.world.store.budgets[budget.id] = budget

    with pytest.raises(Conflict):
        watch_campaign(read, watching=Watching(starting=tower.starting, calls=tower.calls), now=NOON + MINUTE)
    assert tower.stands() == ("paused", "manual", "lunch")


@pytest.mark.parametrize("state", [CampaignState.DRAFT, CampaignState.SCHEDULED, CampaignState.COMPLETED])
def test_others_are_none_of_its_business(state: CampaignState) -> None:
    tower = Tower(Counted(CallCounts(dials=100, failed=100)), state=state)

    assert tower.watch() is None


def test_a_pause_loses_neither_leads_nor_promises_nor_calls_under_way() -> None:
    tower = Tower()
    world = tower.world
    promised = make_lead(
        "bob", phone="+15125550102", next_attempt_at=NOON + 10 * MINUTE, promised_at=NOON + 10 * MINUTE
    )
    waiting = make_lead("cyd", phone="+15125550103", next_attempt_at=NOON + 5 * MINUTE, attempts=2)
    world.add(make_lead(), promised, waiting)
    assert world.dispatch().planned == 1
    under_way = world.attempt()
    held = world.pending()

    pause_campaign(tower.campaign.id, "lunch", campaigns=world.campaigns, now=NOON + MINUTE)
    assert world.dispatch(NOON + 20 * MINUTE).planned == 0
    assert world.attempt() == under_way
    assert world.pending() == held
    assert [world.leads.get(each.id) for each in (promised, waiting)] == [promised, waiting]

    start_campaign(tower.campaign.id, starting=tower.starting, now=NOON + 20 * MINUTE)
    assert world.dispatch(NOON + 20 * MINUTE).planned == 2
    kept, retried = world.attempt("a2"), world.attempt("a3")
    assert (kept.lead_id, kept.purpose) == ("bob", Purpose.CALLBACK)
    assert retried.lead_id == "cyd"
    assert under_way.state is AttemptState.PLANNED
    assert world.leads.get(LeadId("bob")).status is LeadStatus.CLAIMED
