"""Every minute: campaigns that go wrong rest, and so do numbers that are turned away."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions import watch_campaigns
from shared.adapters.memory import MemoryCampaignRepository
from shared.calls import AttemptState
from shared.campaigns import Campaign, CampaignState
from shared.kernel.ids import CampaignId, SellerId
from tests.functions.desk import Desk
from tests.shared.calls.world import NOON, make_lead


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.world.render_opening()
    return desk


def blocked_calls(desk: Desk, count: int) -> None:
    """Calls that a network refused for what it thinks of our number."""
    world = desk.world
    for number in range(count):
        world.add(make_lead(f"lead-{number}", phone=f"+1512555{number + 1000}"))
    assert world.dispatch().planned
    for attempt in list(world.store.attempts.values()):
        world.store.attempts[attempt.id] = replace(
            attempt,
            state=AttemptState.ENDED,
            dial_started_at=NOON,
            ended_at=NOON,
            sip_code=608,
            provider_result="failed",
        )
        world.store.dispositions[attempt.id] = "failed_technical"


def test_a_quiet_minute_moves_nothing(desk: Desk) -> None:
    assert watch_campaigns.handle({}, desk.services) == {"resting": 0, "campaigns": 1, "moved": {}}


def test_a_number_that_networks_block_rests_and_with_it_the_campaign_that_has_no_other(desk: Desk) -> None:
    blocked_calls(desk, 3)

    done = watch_campaigns.handle({}, desk.services)
    assert done == {"resting": 1, "campaigns": 1, "moved": {"campaign-1": "paused"}}
    campaign = desk.world.campaigns.get(CampaignId("campaign-1"))
    assert campaign.paused_reason == "capacity"
    desk.clock.moment = NOON + timedelta(hours=24)
    assert watch_campaigns.handle({}, desk.services)["moved"] == {"campaign-1": "running"}


def test_a_campaign_that_a_person_moves_during_the_walk_is_seen_as_it_stands_by_then(desk: Desk) -> None:
    world = desk.world
    later = replace(world.campaign, id=CampaignId("later"), priority=-1, ends_at=NOON, state=CampaignState.RUNNING)
    world.campaigns.save(later)

    class Walked(MemoryCampaignRepository):
        def get(self, campaign_id: CampaignId) -> Campaign:
            if campaign_id == world.campaign.id:
                world.campaigns.save(replace(later, state=CampaignState.DRAFT))
            return super().get(campaign_id)

    services = replace(desk.services, campaigns=Walked(world.store))
    assert watch_campaigns.handle({}, services)["moved"] == {}


def test_one_campaign_that_cannot_be_watched_holds_up_no_other(desk: Desk) -> None:
    world = desk.world
    broken = replace(world.campaign, id=CampaignId("broken"), seller_id=SellerId("gone"), state=CampaignState.RUNNING)
    world.campaigns.save(broken)
    world.campaigns.save(replace(world.campaign, ends_at=NOON))

    assert watch_campaigns.handle({}, desk.services)["moved"] == {"campaign-1": "paused"}
