"""Every CampaignRepository keeps the same promises."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.campaigns import Cadence, CampaignState
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import CampaignId, SellerId, new_id
from shared.kernel.outbox import NewMessage
from tests.contracts.backends import Backend
from tests.contracts.nouns import CAMPAIGN_ID, NOON, SELLER, make_campaign, make_opening


def test_gives_back_what_was_saved(backend: Backend) -> None:
    campaign = make_campaign(
        state=CampaignState.PAUSED,
        paused_because="lunch",
        ring_timeout=timedelta(seconds=20.5),
        cadence=Cadence(max_attempts=2, max_per_day=1, delays={"busy": timedelta(minutes=1)}),
    )
    backend.campaigns.save(campaign)

    assert backend.campaigns.get(CAMPAIGN_ID) == campaign


def test_a_campaign_and_its_messages_are_saved_together(backend: Backend) -> None:
    backend.campaigns.save(make_campaign(), NewMessage(topic="dispatch", body={"campaign_id": CAMPAIGN_ID}))

    [message] = backend.outbox.lease(topic="dispatch", now=NOON, lease_for=timedelta(seconds=30), limit=5)
    assert message.body == {"campaign_id": CAMPAIGN_ID}


def test_newest_comes_first_and_states_are_told_apart(backend: Backend) -> None:
    newer = make_campaign(id=CampaignId(new_id()), created_at=NOON + timedelta(hours=1), state=CampaignState.RUNNING)
    backend.campaigns.save(newer)

    assert backend.campaigns.all() == [newer, make_campaign()]
    assert backend.campaigns.in_state(CampaignState.RUNNING) == [newer]
    assert backend.campaigns.in_state(CampaignState.COMPLETED) == []


def test_what_is_missing_is_said_so(backend: Backend) -> None:
    with pytest.raises(NotFound):
        backend.campaigns.get(CampaignId(new_id()))
    with pytest.raises(NotFound):
        backend.campaigns.seller(SellerId(new_id()))
    assert backend.campaigns.opening(CAMPAIGN_ID) is None


def test_a_seller_may_change_its_name(backend: Backend) -> None:
    renamed = replace(SELLER, registered_name="Harbor Homes Inc")
    backend.campaigns.add_seller(renamed)

    assert backend.campaigns.seller(SELLER.id) == renamed


def test_sellers_come_by_name(backend: Backend) -> None:
    earlier = replace(SELLER, id=SellerId(new_id()), registered_name="Alamo Homes LLC")
    backend.campaigns.add_seller(earlier)

    assert backend.campaigns.sellers() == [earlier, SELLER]


def test_a_new_opening_replaces_the_old(backend: Backend) -> None:
    backend.campaigns.save_opening(make_opening())
    again = make_opening(text="Good day.", audio=bytes(range(256)))
    backend.campaigns.save_opening(again)

    assert backend.campaigns.opening(CAMPAIGN_ID) == again


def test_who_read_before_a_pause_does_not_undo_it(backend: Backend) -> None:
    backend.campaigns.save(make_campaign(state=CampaignState.PAUSED))
    running = make_campaign(state=CampaignState.RUNNING)

    with pytest.raises(Conflict):
        backend.campaigns.save(running, NewMessage(topic="dispatch"), was=CampaignState.SCHEDULED)
    assert backend.campaigns.get(CAMPAIGN_ID).state is CampaignState.PAUSED
    assert backend.outbox.waiting() == {}

    backend.campaigns.save(running, NewMessage(topic="dispatch"), was=CampaignState.PAUSED)
    assert backend.campaigns.get(CAMPAIGN_ID) == running
    assert backend.outbox.waiting() == {"dispatch": 1}


def lay_aside(backend: Backend, error: str) -> None:
    [order] = backend.outbox.lease(topic="render", now=NOON, lease_for=timedelta(seconds=30), limit=5)
    backend.outbox.failed(order.id, now=NOON, retry_in=timedelta(seconds=5), max_receives=1, error=error)


def test_why_an_opening_could_not_be_rendered_is_told_until_it_is_ordered_again(backend: Backend) -> None:
    order = NewMessage(topic="render", body={"campaign_id": CAMPAIGN_ID})
    elsewhere = NewMessage(topic="render", body={"campaign_id": new_id()})
    assert backend.campaigns.render_failure(CAMPAIGN_ID) is None

    backend.outbox.put([elsewhere], NOON)
    lay_aside(backend, "no such place")
    assert backend.campaigns.render_failure(CAMPAIGN_ID) is None

    backend.outbox.put([order], NOON)
    assert backend.campaigns.render_failure(CAMPAIGN_ID) is None
    lay_aside(backend, "unknown voice")
    assert backend.campaigns.render_failure(CAMPAIGN_ID) == "unknown voice"

    backend.outbox.put([order], NOON)
    assert backend.campaigns.render_failure(CAMPAIGN_ID) is None
