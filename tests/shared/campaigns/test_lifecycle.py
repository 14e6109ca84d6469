"""A campaign starts only with everything it needs, and moves only along its road."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.memory import MemoryCampaignRepository, MemoryCostRepository, MemoryStore
from shared.campaigns import Campaign, CampaignState, NotReady, Opening, Seller
from shared.campaigns.cadence import Cadence
from shared.campaigns.lifecycle import Readiness, WrongState, completed, paused, scheduled, started
from shared.campaigns.next_attempt import next_attempt_at
from shared.campaigns.opening import opening_text
from shared.campaigns.start import pause_campaign, prepare_campaign, start_campaign
from shared.costs import Budget
from shared.costs.price_table import price_table
from shared.kernel.ids import BudgetId, CampaignId, LeadId, SellerId
from shared.kernel.money import Money
from shared.leads import Lead

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
READY = Readiness(
    seller=HARBOR,
    opening=OPENING,
    budget=Budget(id=BudgetId("purse"), seller_id=HARBOR.id, limit=Money.usd("10")),
    call_reserve=Money.usd("0.20"),
    scripts=("home_value",),
)


def test_the_opening_says_who_calls_then_how_to_stop_then_that_it_sells_and_records() -> None:
    assert opening_text(HARBOR) == (
        "Hi, this is Ava, an AI assistant calling for Harbor Homes Realty LLC. "
        "Say stop or press 9 at any time and we won't call again. This is a sales call and it's recorded."
    )


def test_a_campaign_with_everything_runs() -> None:
    assert started(SPRING, READY).state is CampaignState.RUNNING
    assert started(scheduled(SPRING), READY).state is CampaignState.RUNNING


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        (replace(READY, opening=None), "opening is not rendered"),
        (replace(READY, opening=replace(OPENING, voice="ben")), "opening is not rendered"),
        (replace(READY, opening=replace(OPENING, text="Hello")), "opening is not rendered"),
        (replace(READY, opening=replace(OPENING, audio=b"")), "opening is not rendered"),
        (replace(READY, seller=replace(HARBOR, registered_name="Other LLC")), "opening is not rendered"),
        (replace(READY, budget=None), "no budget"),
        (replace(READY, call_reserve=Money.usd("11")), r"\$10.0000 left, one call may cost \$11"),
        (replace(READY, scripts=("other",)), "no script 'home_value'"),
    ],
)
def test_what_is_missing_is_said(lacking: Readiness, said: str) -> None:
    with pytest.raises(NotReady, match=said):
        started(SPRING, lacking)


def test_everything_that_is_missing_is_said_at_once() -> None:
    with pytest.raises(NotReady, match=r"opening.*caller id.*budget"):
        started(replace(SPRING, caller_id="nobody"), replace(READY, opening=None, budget=None))


def test_a_pause_keeps_its_reason_until_the_campaign_goes_on() -> None:
    halted = paused(started(SPRING, READY), "manual")

    assert (halted.state, halted.paused_because) == (CampaignState.PAUSED, "manual")
    assert started(halted, READY).paused_because is None
    assert completed(halted).state is CampaignState.COMPLETED


def test_a_campaign_that_waits_to_start_can_be_stopped_and_wait_again() -> None:
    halted = paused(scheduled(SPRING), "manual")

    assert (halted.state, halted.paused_because) == (CampaignState.PAUSED, "manual")
    assert (scheduled(halted).state, scheduled(halted).paused_because) == (CampaignState.SCHEDULED, None)


@pytest.mark.parametrize(
    "move",
    [
        lambda: paused(SPRING, "manual"),
        lambda: completed(SPRING),
        lambda: scheduled(started(SPRING, READY)),
        lambda: started(completed(started(SPRING, READY)), READY),
    ],
)
def test_no_move_leaves_the_road(move: Callable[[], Campaign]) -> None:
    with pytest.raises(WrongState, match="spring"):
        move()


def test_preparing_orders_the_opening_once_it_is_missing_and_starting_dispatches() -> None:
    store = MemoryStore()
    campaigns, costs = MemoryCampaignRepository(store), MemoryCostRepository(store)
    campaigns.add_seller(HARBOR)
    costs.add_budget(Budget(id=SPRING.budget_id, seller_id=HARBOR.id, limit=Money.usd("10")))

    def start() -> Campaign:
        return start_campaign(
            SPRING.id, campaigns=campaigns, costs=costs, prices=price_table(), scripts=["home_value"], now=NOW
        )

    assert prepare_campaign(SPRING, campaigns=campaigns)
    with pytest.raises(NotReady, match="opening"):
        start()
    campaigns.save_opening(OPENING)
    assert not prepare_campaign(SPRING, campaigns=campaigns)
    assert start().state is CampaignState.RUNNING
    sent = [waiting.message for waiting in store.messages]
    assert [message.topic for message in sent] == ["render", "dispatch"]
    assert sent[0].body == {"campaign_id": "spring", "voice": "ava", "text": opening_text(HARBOR)}
    assert pause_campaign(SPRING.id, "manual", campaigns=campaigns).state is CampaignState.PAUSED


def test_without_a_budget_a_campaign_does_not_start() -> None:
    store = MemoryStore()
    campaigns = MemoryCampaignRepository(store)
    campaigns.add_seller(HARBOR)
    campaigns.save(SPRING)

    with pytest.raises(NotReady, match="no budget"):
        start_campaign(
            SPRING.id,
            campaigns=campaigns,
            costs=MemoryCostRepository(store),
            prices=price_table(),
            scripts=["home_value"],
            now=NOW,
        )


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
