"""A campaign starts only with everything it needs, and moves only along its road."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from shared.adapters.memory import (
    MemoryCampaignRepository,
    MemoryCostRepository,
    MemoryOwnNumberRepository,
    MemoryStore,
)
from shared.adapters.memory.registries import MemoryRegistryRepository
from shared.campaigns import (
    CallingPlan,
    Campaign,
    CampaignState,
    Experiment,
    NotReady,
    Opening,
    OwnNumber,
    PauseReason,
    Seller,
    Variant,
)
from shared.campaigns.cadence import Cadence
from shared.campaigns.lifecycle import WrongState, completed, paused, scheduled, started
from shared.campaigns.next_attempt import next_attempt_at
from shared.campaigns.number_pool import register_caller_id
from shared.campaigns.opening import announces_recording, opening_text
from shared.campaigns.prompts import inbound_text
from shared.campaigns.readiness import Readiness
from shared.campaigns.start import (
    Starting,
    pause_campaign,
    prepare_campaign,
    schedule_campaign,
    start_campaign,
    start_if_scheduled,
)
from shared.costs import Budget
from shared.costs.price_table import price_table
from shared.kernel.ids import BudgetId, CampaignId, LeadId, SellerId
from shared.kernel.money import Money
from shared.kernel.week import DayHours
from shared.leads import Lead
from shared.leads.registry import Registry, RegistryCopy

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)  # Monday, 19:00 in Texas
HARBOR = Seller(id=SellerId("harbor"), registered_name="Harbor Homes Realty LLC", callback_number="+15125550100")
SPRING = Campaign(
    id=CampaignId("spring"),
    seller_id=HARBOR.id,
    name="Spring",
    script="home_value",
    voice="ava",
    caller_id="+15125550101",
    budget_id=BudgetId("purse"),
    created_at=NOW,
)
OPENING = Opening(campaign_id=SPRING.id, voice="ava", text=opening_text(HARBOR), audio=b"\xff" * 8000, rendered_at=NOW)
NUMBER = OwnNumber(phone="+15125550101", seller_id=HARBOR.id, campaign_id=SPRING.id, added_at=NOW)
COPY = RegistryCopy(
    id="copy", registry=Registry.NATIONAL, taken_on=date(2026, 11, 1), begun_at=NOW, finished_at=NOW, account="SAN1"
)
READY = Readiness(
    seller=HARBOR,
    openings=(OPENING,),
    numbers=(NUMBER,),
    registries=(COPY,),
    budgets=(Budget(id=BudgetId("purse"), seller_id=HARBOR.id, limit=Money.usd("10")),),
    call_reserve=Money.usd("0.20"),
    scripts=("home_value",),
)


def test_the_opening_says_who_calls_then_how_to_stop_then_that_it_sells_and_records() -> None:
    assert opening_text(HARBOR) == (
        "Hi, this is Ava, an AI assistant calling for Harbor Homes Realty LLC. "
        "Say stop or press 9 at any time and we won't call again. This is a sales call and it's recorded."
    )


def test_an_opening_that_announces_no_recording_is_another_one() -> None:
    quiet = replace(SPRING, plan=CallingPlan(recorded=False))

    assert opening_text(HARBOR, recorded=False).endswith("This is a sales call and it's transcribed.")
    assert announces_recording(opening_text(HARBOR))
    assert announces_recording(inbound_text("Harbor Homes"))
    assert not announces_recording(opening_text(HARBOR, recorded=False))
    assert not announces_recording(inbound_text("Harbor Homes", recorded=False))
    with pytest.raises(NotReady, match="opening is not rendered"):
        started(quiet, READY, now=NOW)


def test_a_campaign_with_everything_runs() -> None:
    assert started(SPRING, READY, now=NOW).state is CampaignState.RUNNING
    assert started(scheduled(SPRING, now=NOW), READY, now=NOW).state is CampaignState.RUNNING


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        (replace(READY, openings=()), "opening is not rendered"),
        (replace(READY, openings=(replace(OPENING, voice="ben"),)), "opening is not rendered"),
        (replace(READY, openings=(replace(OPENING, text="Hello"),)), "opening is not rendered"),
        (replace(READY, openings=(replace(OPENING, audio=b""),)), "opening is not rendered"),
        (replace(READY, seller=replace(HARBOR, registered_name="Other LLC")), "opening is not rendered"),
        (replace(READY, budgets=()), "no budget"),
        (replace(READY, call_reserve=Money.usd("11")), r"\$10.0000 left, the shortest call may cost \$11"),
        (replace(READY, scripts=("other",)), "no script 'home_value'"),
        (replace(READY, numbers=()), "reauto number add"),
        (replace(READY, numbers=(replace(NUMBER, campaign_id=CampaignId("other")),)), "reauto number add"),
        (replace(READY, numbers=(NUMBER.retired(NOW),)), "reauto number add"),
        (replace(READY, numbers=(NUMBER.cooled(NOW + timedelta(hours=2), "blocks"),)), "rests until 2026-11-24 03:00"),
        (replace(READY, registries=()), "do-not-call registry from the last 31 days"),
        (replace(READY, registries=(replace(COPY, taken_on=date(2026, 10, 23)),)), "do-not-call registry"),
        (replace(READY, registries=(replace(COPY, registry=Registry.STATE, state="FL"),)), "do-not-call registry"),
    ],
)
def test_what_is_missing_is_said(lacking: Readiness, said: str) -> None:
    with pytest.raises(NotReady, match=said):
        started(SPRING, lacking, now=NOW)


def test_everything_that_is_missing_is_said_at_once() -> None:
    with pytest.raises(NotReady, match=r"opening.*caller id.*budget"):
        started(replace(SPRING, caller_id="nobody"), replace(READY, openings=(), budgets=()), now=NOW)


def test_a_pause_keeps_its_reason_until_the_campaign_goes_on() -> None:
    halted = paused(started(SPRING, READY, now=NOW), "manual", now=NOW)

    assert (halted.state, halted.paused_because) == (CampaignState.PAUSED, "manual")
    assert started(halted, READY, now=NOW).paused_because is None
    assert completed(halted, now=NOW).state is CampaignState.COMPLETED


def test_a_campaign_that_waits_to_start_can_be_stopped_and_wait_again() -> None:
    halted = paused(scheduled(SPRING, now=NOW), "manual", now=NOW)

    assert (halted.state, halted.paused_because) == (CampaignState.PAUSED, "manual")
    again = scheduled(halted, now=NOW)
    assert (again.state, again.paused_because, again.paused_reason) == (CampaignState.SCHEDULED, None, None)


@pytest.mark.parametrize(
    "move",
    [
        lambda: paused(SPRING, "manual", now=NOW),
        lambda: completed(SPRING, now=NOW),
        lambda: scheduled(started(SPRING, READY, now=NOW), now=NOW),
        lambda: started(completed(started(SPRING, READY, now=NOW), now=NOW), READY, now=NOW),
    ],
)
def test_no_move_leaves_the_road(move: Callable[[], Campaign]) -> None:
    with pytest.raises(WrongState, match="spring"):
        move()


class Known:
    """One script, for every seller."""

    def usable(self, seller_id: SellerId) -> tuple[str, ...]:
        return ("home_value",)


class Office:
    """A seller with money, a number and a registry copy, in memory."""

    def __init__(self, campaign: Campaign = SPRING, *, with_budget: bool = True) -> None:
        self.store = MemoryStore()
        self.campaigns = MemoryCampaignRepository(self.store)
        self.starting = Starting(
            campaigns=self.campaigns,
            costs=MemoryCostRepository(self.store),
            own_numbers=MemoryOwnNumberRepository(self.store),
            registries=MemoryRegistryRepository(self.store),
            prices=price_table(),
            scripts=Known(),
        )
        self.campaigns.add_seller(HARBOR)
        self.store.registry_copies[COPY.id] = COPY
        if with_budget:
            budget = Budget(id=SPRING.budget_id, seller_id=HARBOR.id, limit=Money.usd("10"))
            self.starting.costs.add_budget(budget)
        self.campaigns.save(campaign)
        register_caller_id(campaign, self.starting.own_numbers, now=NOW)

    def start(self, now: datetime = NOW) -> Campaign:
        return start_campaign(SPRING.id, starting=self.starting, now=now)

    @property
    def sent(self) -> list[tuple[str, dict[str, Any]]]:
        return [(waiting.message.topic, waiting.message.body) for waiting in self.store.messages]


def test_preparing_orders_the_opening_once_it_is_missing_and_starting_dispatches() -> None:
    office = Office()

    assert prepare_campaign(SPRING, campaigns=office.campaigns)
    with pytest.raises(NotReady, match="opening"):
        office.start()
    office.campaigns.save_opening(OPENING)
    assert not prepare_campaign(SPRING, campaigns=office.campaigns)
    assert office.start().state is CampaignState.RUNNING
    order = {"campaign_id": "spring", "voice": "ava", "text": opening_text(HARBOR)}
    openings = [each for each in office.sent if "kind" not in each[1]]
    assert openings == [("render", order), ("dispatch", {"campaign_id": "spring"})]
    assert [body["kind"] for _, body in office.sent if "kind" in body] == ["inbound", "recovery"]
    halted = pause_campaign(SPRING.id, "lunch", campaigns=office.campaigns, now=NOW)
    assert (halted.state, halted.paused_reason) == (CampaignState.PAUSED, PauseReason.MANUAL)
    moves = [(move.state, move.because) for move in office.campaigns.moves(SPRING.id)]
    assert moves == [("draft", None), ("running", None), ("paused", "lunch")]


def test_each_voice_of_an_experiment_gets_its_opening() -> None:
    variants = (Variant(name="a"), Variant(name="b", voice="ben"), Variant(name="c", script="other"))
    tried = replace(SPRING, plan=CallingPlan(experiment=Experiment(name="voice", variants=variants)))
    office = Office(tried)
    office.campaigns.save_opening(OPENING)

    assert prepare_campaign(tried, campaigns=office.campaigns)
    assert [body["voice"] for _, body in office.sent if "kind" not in body] == ["ben"]
    with pytest.raises(NotReady, match=r"no script 'other'.*'ben'"):
        office.start()


def test_without_a_budget_a_campaign_does_not_start() -> None:
    with pytest.raises(NotReady, match="no budget"):
        Office(with_budget=False).start()


def test_a_campaign_that_begins_later_waits_for_its_time() -> None:
    tomorrow = NOW + timedelta(days=1)
    office = Office(replace(SPRING, starts_at=tomorrow))
    office.campaigns.save_opening(OPENING)

    waiting = schedule_campaign(SPRING.id, campaigns=office.campaigns, now=NOW)
    assert waiting is not None
    assert waiting.state is CampaignState.SCHEDULED
    lacking = start_if_scheduled(SPRING.id, starting=office.starting, now=NOW)
    assert lacking is not None
    assert "begins at 2026-11-25 01:00 UTC" in lacking
    assert start_if_scheduled(SPRING.id, starting=office.starting, now=tomorrow) is None
    assert office.campaigns.get(SPRING.id).state is CampaignState.RUNNING


def test_a_campaign_whose_end_has_passed_does_not_start() -> None:
    with pytest.raises(NotReady, match="later end"):
        started(replace(SPRING, ends_at=NOW), READY, now=NOW)


def test_hours_that_no_law_allows_do_not_start() -> None:
    night = CallingPlan(hours=(DayHours(weekday=0, opens=time(21), closes=time(23)),))
    morning = CallingPlan(hours=(DayHours(weekday=6, opens=time(6), closes=time(8, 30)),))

    with pytest.raises(NotReady, match="none of its hours"):
        started(replace(SPRING, plan=night), READY, now=NOW)
    assert started(replace(SPRING, plan=morning), READY, now=NOW).state is CampaignState.RUNNING


def lead(*, attempts: int = 1, timezone: str | None = "America/Chicago", phone: str = "+15125550142") -> Lead:
    return Lead(
        id=LeadId("ada"),
        seller_id=HARBOR.id,
        phone=phone,
        first_name="Ada",
        state="TX",
        timezone=timezone,
        attempts=attempts,
        created_at=NOW,
    )


def test_the_next_attempt_falls_into_calling_hours() -> None:
    soon = next_attempt_at(lead(), "busy", cadence=Cadence(), now=NOW)
    tomorrow = next_attempt_at(lead(), "no_answer", cadence=Cadence(), now=NOW)

    assert soon == NOW + timedelta(minutes=30)
    assert tomorrow == datetime(2026, 11, 24, 15, tzinfo=UTC)


def test_the_cadence_ends() -> None:
    assert next_attempt_at(lead(attempts=6), "busy", cadence=Cadence(), now=NOW) is None
    assert next_attempt_at(lead(), "not_interested", cadence=Cadence(), now=NOW) is None


def test_without_a_known_place_the_bare_delay_stands() -> None:
    nowhere = replace(lead(timezone=None, phone="+14365550142"), state=None)

    assert next_attempt_at(nowhere, "no_answer", cadence=Cadence(), now=NOW) == NOW + timedelta(hours=4)
