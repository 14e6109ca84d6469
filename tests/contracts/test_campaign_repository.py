"""Every CampaignRepository keeps the same promises."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from shared.campaigns import (
    BreakerLimits,
    Cadence,
    CallingPlan,
    CampaignMove,
    CampaignState,
    Experiment,
    PauseReason,
    RateLimit,
    Variant,
    VoicemailPolicy,
)
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import CampaignId, SellerId, new_id
from shared.kernel.money import Money
from shared.kernel.outbox import NewMessage
from shared.kernel.week import DayHours
from shared.leads import LeadStatus
from tests.contracts.backends import Backend
from tests.contracts.nouns import CAMPAIGN_ID, NOON, SELLER, make_campaign, make_opening

PLAN = CallingPlan(
    hours=(DayHours(weekday=5, opens=time(10), closes=time(12, 30)),),
    calls_per_minute=7,
    voicemail=VoicemailPolicy.MESSAGE,
    voicemail_text="Please call us back.",
    opt_out_number="+18005550100",
    experiment=Experiment(
        name="greeting", variants=(Variant(name="a", script="seller"), Variant(name="b", weight=3, voice="ava"))
    ),
    breaker=BreakerLimits(failure=RateLimit(most=0.25, at_least=4, window=timedelta(minutes=2.5))),
    inbound_reserve=2,
    first_call_within=timedelta(seconds=45),
    call_limit=Money.usd("0.75"),
)


def test_gives_back_what_was_saved(backend: Backend) -> None:
    campaign = make_campaign(
        state=CampaignState.PAUSED,
        paused_reason=PauseReason.MANUAL,
        paused_because="lunch",
        moved_at=NOON,
        starts_at=NOON,
        ends_at=NOON + timedelta(days=9),
        priority=-3,
        ring_timeout=timedelta(seconds=20.5),
        cadence=Cadence(
            max_attempts=2, max_per_day=1, delays={"busy": timedelta(minutes=1)}, spread=frozenset({"busy"})
        ),
        plan=PLAN,
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
    assert backend.campaigns.openings(CAMPAIGN_ID) == []


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

    other_voice = make_opening(voice="ava")
    backend.campaigns.save_opening(other_voice)

    assert backend.campaigns.openings(CAMPAIGN_ID) == [other_voice, again]


def test_who_read_before_a_pause_does_not_undo_it(backend: Backend) -> None:
    backend.campaigns.save(make_campaign(state=CampaignState.PAUSED))
    running = make_campaign(state=CampaignState.RUNNING)

    with pytest.raises(Conflict):
        backend.campaigns.save(running, NewMessage(topic="dispatch"), was=make_campaign(state=CampaignState.SCHEDULED))
    assert backend.campaigns.get(CAMPAIGN_ID).state is CampaignState.PAUSED
    assert backend.outbox.waiting() == {}

    backend.campaigns.save(running, NewMessage(topic="dispatch"), was=make_campaign(state=CampaignState.PAUSED))
    assert backend.campaigns.get(CAMPAIGN_ID) == running
    assert backend.outbox.waiting() == {"dispatch": 1}


@pytest.mark.parametrize("same", [{"state": CampaignState.PAUSED}, {"moved_at": NOON}])
def test_a_pause_for_another_reason_is_not_undone_by_who_read_before_it(backend: Backend, same: dict[str, Any]) -> None:
    rests = make_campaign(state=CampaignState.PAUSED, paused_reason=PauseReason.BUDGET, moved_at=NOON)
    by_hand = replace(rests, paused_reason=PauseReason.MANUAL, moved_at=NOON + timedelta(seconds=1))
    backend.campaigns.save(rests)
    backend.campaigns.save(replace(by_hand, **same), was=rests)

    with pytest.raises(Conflict):
        backend.campaigns.save(replace(rests, state=CampaignState.RUNNING, paused_reason=None), was=rests)
    assert backend.campaigns.get(CAMPAIGN_ID).paused_reason is PauseReason.MANUAL


def test_a_move_and_a_change_keep_each_others_fields(backend: Backend) -> None:
    read = make_campaign(state=CampaignState.RUNNING, moved_at=NOON)
    backend.campaigns.save(read)
    backend.campaigns.save(replace(read, priority=7, plan=PLAN), was=read)
    backend.campaigns.save(replace(read, name="Summer"), was=read)
    later = NOON + timedelta(minutes=1)
    backend.campaigns.save(replace(read, state=CampaignState.PAUSED, moved_at=later), was=read)

    moved = replace(read, priority=7, plan=PLAN, name="Summer", state=CampaignState.PAUSED, moved_at=later)
    assert backend.campaigns.get(CAMPAIGN_ID) == moved
    with pytest.raises(Conflict):
        backend.campaigns.save(replace(read, priority=1), was=read)


def test_a_campaign_is_completed_when_no_lead_of_it_waits(backend: Backend) -> None:
    running = make_campaign(state=CampaignState.RUNNING)
    backend.campaigns.save(running)
    over = replace(running, state=CampaignState.COMPLETED, moved_at=NOON)
    assert not backend.campaigns.complete(over, was=running)

    lead = backend.add_lead()
    assert not backend.campaigns.complete(over, was=running)
    backend.leads.save(replace(lead, status=LeadStatus.UNREACHABLE, next_attempt_at=None))
    with pytest.raises(Conflict):
        backend.campaigns.complete(over, was=make_campaign(state=CampaignState.PAUSED))
    assert backend.campaigns.complete(over, was=running)
    assert backend.campaigns.get(CAMPAIGN_ID) == over


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


def test_every_move_is_noted_once_with_its_moment_and_reason(backend: Backend) -> None:
    running = replace(make_campaign(), state=CampaignState.RUNNING, moved_at=NOON + timedelta(minutes=1))
    backend.campaigns.save(running)
    backend.campaigns.save(replace(running, priority=4))
    halted = replace(
        running,
        state=CampaignState.PAUSED,
        paused_reason=PauseReason.BREAKER,
        paused_because="9 of 10 calls failed",
        moved_at=NOON + timedelta(minutes=2),
    )
    backend.campaigns.save(halted, was=running)

    assert backend.campaigns.moves(CAMPAIGN_ID) == [
        CampaignMove(at=NOON, state=CampaignState.DRAFT),
        CampaignMove(at=NOON + timedelta(minutes=1), state=CampaignState.RUNNING),
        CampaignMove(
            at=NOON + timedelta(minutes=2),
            state=CampaignState.PAUSED,
            reason=PauseReason.BREAKER,
            because="9 of 10 calls failed",
        ),
    ]


def test_campaigns_in_a_state_come_by_priority(backend: Backend) -> None:
    urgent = make_campaign(id=CampaignId(new_id()), priority=9, created_at=NOON - timedelta(hours=1))
    backend.campaigns.save(urgent)

    assert backend.campaigns.in_state(CampaignState.DRAFT) == [urgent, make_campaign()]


def test_messages_may_follow_from_no_change(backend: Backend) -> None:
    backend.campaigns.tell(NewMessage(topic="dispatch", body={"campaign_id": CAMPAIGN_ID}))

    assert backend.outbox.waiting() == {"dispatch": 1}
