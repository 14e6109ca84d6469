"""One round: leads that are due get attempts, as far as room and money go."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.calls import AttemptState, Verdict
from shared.campaigns import CampaignState
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import CampaignId, LeadId
from shared.kernel.money import Money
from shared.leads import LeadStatus
from tests.shared.calls.world import NIGHT, NOON, World, make_campaign, make_lead


def some_leads(number: int) -> list[str]:
    return [f"lead-{n}" for n in range(number)]


def world_with(number: int, **changes: object) -> World:
    world = World(**changes)  # type: ignore[arg-type]
    world.add(*(make_lead(name, phone=f"+1512555{n:04}") for n, name in enumerate(some_leads(number))))
    return world


def test_a_due_lead_is_claimed_with_money_slot_and_messages() -> None:
    world = world_with(1)

    done = world.dispatch()

    assert (done.planned, done.deferred, done.denied, done.stopped_by) == (1, 0, 0, None)
    attempt = world.attempt()
    assert (attempt.state, attempt.attempt_no, attempt.worker) == (AttemptState.PLANNED, 1, "w1")
    assert attempt.dial_deadline == NOON + timedelta(seconds=90)
    assert world.leads.get(LeadId("lead-0")).status is LeadStatus.CLAIMED
    assert world.pending() == Money.usd("0.15")
    assert world.capacity.free() == 4
    assert world.messages("dial") == world.messages("reconcile") == [{"attempt_id": "a1"}]
    assert [each.verdict for each in world.calls.permissions(attempt.lead_id)] == [Verdict.ALLOW]


def test_no_more_calls_than_the_workers_have_room_for() -> None:
    world = world_with(8)

    assert world.dispatch().planned == 5
    assert world.dispatch().planned == 0
    assert world.capacity.free() == 0


def test_no_more_calls_at_once_than_the_campaign_allows() -> None:
    world = world_with(8, campaign=make_campaign(max_concurrency=2))

    done = world.dispatch()

    assert (done.planned, done.stopped_by) == (2, "the campaign rings as many phones as it may")
    assert world.leads.get(LeadId("lead-7")).status is LeadStatus.READY


def test_no_more_calls_than_the_budget_can_pay_to_the_end() -> None:
    world = world_with(8, limit=Money.usd("0.50"))

    assert world.dispatch().planned == 3
    assert world.pending() == Money.usd("0.45")
    assert world.capacity.free() == 2


def test_nobody_is_rung_without_a_worker() -> None:
    world = world_with(2)
    world.capacity = type(world.capacity)()

    assert world.dispatch().planned == 0
    assert world.pending() == Money()


def test_at_night_everybody_is_put_off_and_the_reason_kept() -> None:
    world = world_with(120)

    done = world.dispatch(NIGHT)

    assert (done.planned, done.deferred) == (0, 120)
    decision = world.calls.permissions(LeadId("lead-0"))[-1]
    assert decision.reasons == ("outside calling hours where the person may be",)
    assert world.dispatch(NIGHT).deferred == 0


def test_leads_without_consent_are_blocked_and_the_others_rung() -> None:
    world = world_with(1)
    world.add(make_lead("cy", phone="+15125559999"), with_consent=False)

    done = world.dispatch()

    assert (done.planned, done.denied) == (1, 1)
    assert world.leads.get(LeadId("cy")).status is LeadStatus.BLOCKED


def test_two_leads_with_one_phone_are_rung_one_after_the_other() -> None:
    world = World()
    world.add(make_lead("ada"))
    other = make_campaign(id=CampaignId("campaign-2"))
    world.campaigns.save(other)
    world.add(make_lead("eve", campaign_id=other.id))
    world.dispatch()
    world.campaign = other

    done = world.dispatch()

    assert (done.planned, done.deferred) == (0, 1)


def test_a_second_attempt_has_the_next_number() -> None:
    world = world_with(1)
    world.dispatch()
    lead = world.leads.get(LeadId("lead-0"))
    over = replace(world.attempt(), state=AttemptState.CANCELLED, ended_at=NOON)
    world.calls.move(over)
    world.calls.close(over, lead.postponed_to(NOON), "failed_technical")

    world.dispatch()

    assert world.attempt("a2").attempt_no == 2


@pytest.mark.parametrize("state", [CampaignState.DRAFT, CampaignState.PAUSED, CampaignState.SCHEDULED])
def test_only_a_running_campaign_rings(state: CampaignState) -> None:
    world = world_with(1, campaign=make_campaign(state=state))

    assert world.dispatch().stopped_by == f"campaign {state.value}"


def test_a_campaign_is_completed_when_no_lead_waits_any_more() -> None:
    world = World()
    world.dispatch()
    assert world.campaigns.get(world.campaign.id).state is CampaignState.RUNNING

    world.add(make_lead("cy"), with_consent=False)
    world.dispatch()
    world.dispatch()

    assert world.campaigns.get(world.campaign.id).state is CampaignState.COMPLETED


def test_an_unknown_campaign_is_said_so() -> None:
    world = World()
    world.campaign = make_campaign(id=CampaignId("nowhere"))

    with pytest.raises(NotFound):
        world.dispatch()


def test_a_round_that_ends_late_does_not_undo_a_pause() -> None:
    world = World()
    world.add(make_lead("cy"), with_consent=False)

    class PausedMeanwhile(type(world.leads)):  # type: ignore[misc]
        def of_campaign(self, campaign_id: CampaignId) -> list[object]:
            world.campaigns.save(make_campaign(state=CampaignState.PAUSED))
            return list(super().of_campaign(campaign_id))

    world.leads = PausedMeanwhile(world.store)
    with pytest.raises(Conflict):
        world.dispatch()
    assert world.campaigns.get(world.campaign.id).state is CampaignState.PAUSED
