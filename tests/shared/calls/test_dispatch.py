"""One round: leads that are due get attempts, as far as room and money go."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.calls import AttemptState, Purpose, Verdict
from shared.calls.dial import dial_attempt
from shared.calls.stops import StopScope, StopSwitch
from shared.campaigns import Campaign, CampaignState, OwnNumber
from shared.campaigns.calling_plan import CallingPlan
from shared.campaigns.experiment import Experiment, Variant
from shared.campaigns.number_pool import register_caller_id
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import AttemptId, CampaignId, LeadId
from shared.kernel.money import Money
from shared.leads import Lead, LeadStatus
from tests.shared.calls.world import NIGHT, NOON, World, make_campaign, make_consent, make_lead


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
    assert world.messages("dial") == [{"attempt_id": "a1"}] * 2
    assert [each.available_at for each in world.store.messages] == [None, attempt.dial_deadline]
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


def by_the_minute(campaign: Campaign) -> Money:
    return Money.usd("0.03").times(int(campaign.time_limit / timedelta(minutes=1)))


def test_when_money_is_short_calls_are_and_what_is_left_at_the_end_rings_nobody() -> None:
    world = world_with(8, limit=Money.usd("0.40"), price=by_the_minute)  # two calls of 5 minutes, one of 3

    assert (world.dispatch().planned, world.pending()) == (2, Money.usd("0.30"))
    assert (world.dispatch().planned, world.pending()) == (1, Money.usd("0.39"))
    assert world.attempt("a3").time_limit == timedelta(minutes=3)
    assert world.dispatch().stopped_by == "the budget has no room for another call"
    dial_attempt(AttemptId("a3"), dialler=world.dialler, now=NOON)
    assert [dial.time_limit for dial in world.telephony.dialled] == [timedelta(minutes=3)]


def test_no_call_costs_more_than_one_call_may() -> None:
    plan = CallingPlan(call_limit=Money.usd("0.13"))
    world = world_with(1, campaign=make_campaign(plan=plan), price=by_the_minute)
    world.dispatch()

    assert (world.attempt().time_limit, world.pending()) == (timedelta(minutes=4), Money.usd("0.12"))
    world = world_with(1, campaign=make_campaign(plan=replace(plan, call_limit=Money.usd("0.05"))), price=by_the_minute)
    assert world.dispatch().stopped_by == "the shortest call may cost more than one call may"


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
    register_caller_id(other, world.own_numbers, now=NOON)
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

    class PausedMeanwhile(type(world.calls)):  # type: ignore[misc]
        def is_worked_off(self, campaign_id: CampaignId) -> bool:
            world.campaigns.save(make_campaign(state=CampaignState.PAUSED))
            return bool(super().is_worked_off(campaign_id))

    world.calls = PausedMeanwhile(world.store)
    with pytest.raises(Conflict):
        world.dispatch()
    assert world.campaigns.get(world.campaign.id).state is CampaignState.PAUSED


def test_slots_that_are_kept_for_callers_are_not_dialled_into() -> None:
    world = world_with(8, campaign=make_campaign(plan=CallingPlan(inbound_reserve=2)))

    done = world.dispatch()

    assert (done.planned, done.stopped_by) == (3, "no voice worker has room")
    assert world.capacity.free() == 2


def test_a_campaign_rings_no_faster_than_its_pace() -> None:
    world = world_with(8, campaign=make_campaign(plan=CallingPlan(calls_per_minute=2)))

    assert world.dispatch().planned == 2
    assert world.dispatch(NOON + timedelta(seconds=30)).stopped_by == "the campaign rings as fast as it may"
    for name in ("a1", "a2"):
        dial_attempt(AttemptId(name), dialler=world.dialler, now=NOON)
    assert world.dispatch(NOON + timedelta(seconds=59)).planned == 0
    assert world.dispatch(NOON + timedelta(seconds=61)).planned == 2


def test_dials_of_one_round_follow_each_other_at_the_pace_of_the_account() -> None:
    world = world_with(3)
    world.dispatch()

    due = [each.available_at for each in world.store.messages if each.available_at != NOON + timedelta(seconds=90)]
    assert due == [None, NOON + timedelta(seconds=1), NOON + timedelta(seconds=2)]


def test_promised_call_backs_come_first_and_do_not_count() -> None:
    world = World(campaign=make_campaign(max_concurrency=1))
    world.add(make_lead("vip", priority=9), make_lead("eve", phone="+15125550102", promised_at=NOON, attempts=3))

    world.dispatch()

    attempt = world.attempt()
    assert (attempt.lead_id, attempt.purpose) == ("eve", Purpose.CALLBACK)
    assert world.leads.get(LeadId("eve")).attempts == 3


def test_the_second_ring_is_a_retry_from_the_number_that_they_know() -> None:
    world = world_with(1)
    world.dispatch()
    dial_attempt(AttemptId("a1"), dialler=world.dialler, now=NOON)
    rung = world.attempt()
    assert rung.purpose is Purpose.FIRST
    over = replace(rung, state=AttemptState.ENDED, ended_at=NOON, provider_result="no-answer")
    world.calls.move(over)
    world.calls.close(over, world.leads.get(rung.lead_id).postponed_to(NOON), "no_answer")
    world.own_numbers.save(OwnNumber(phone="+15125550009", seller_id=rung.seller_id, added_at=NOON))

    world.dispatch(NOON + timedelta(hours=5))

    assert (world.attempt("a2").purpose, world.attempt("a2").caller_id) == (Purpose.RETRY, rung.caller_id)


def test_a_contact_keeps_the_variant_that_it_is_given() -> None:
    experiment = Experiment(name="voices", variants=(Variant(name="a"), Variant(name="b", weight=0)))
    world = world_with(1, campaign=make_campaign(plan=CallingPlan(experiment=experiment)))

    world.dispatch()

    assert world.attempt().variant == world.leads.get(LeadId("lead-0")).variant == "a"


def test_a_stop_switch_ends_the_round_and_leaves_the_leads_as_they_are() -> None:
    world = world_with(3)
    before = world.leads.get(LeadId("lead-0"))
    world.stops.throw(StopSwitch(scope=StopScope.ALL, at=NOON, by="ops", reason="drill"))

    done = world.dispatch()

    assert (done.planned, done.stopped_by is None) == (0, False)
    assert world.leads.get(LeadId("lead-0")) == before


def test_rounds_at_the_same_time_take_leads_of_their_own() -> None:
    world = world_with(6)
    world.calls.take_due(world.campaign.id, NOON, limit=4, until=NOON + timedelta(seconds=30))

    assert world.dispatch().planned == 2
    assert world.dispatch(NOON + timedelta(seconds=31)).planned == 3


def without_a_day(world: World, number: int) -> list[Lead]:
    """Leads of whom nobody knows when the number was theirs: a fact is missing of each."""
    leads = [make_lead(f"lead-{n}", phone=f"+1512555{n:04}") for n in range(number)]
    world.add(*leads, with_consent=False)
    long_ago = NOON - timedelta(days=900)
    for lead in leads:
        world.store.consents[f"consent-{lead.id}"] = make_consent(lead, obtained_at=long_ago)
    return leads


def test_a_fact_that_is_missing_is_asked_for_and_holds_up_nobody_else() -> None:
    world = World()
    [unclear] = without_a_day(world, 1)
    world.add(make_lead("eve", phone="+15125559999"))

    done = world.dispatch()

    assert done.planned == 1
    assert done.unclear + done.deferred == 1
    assert world.leads.get(unclear.id).status is LeadStatus.READY
    assert [body["phone"] for body in world.messages("check_number")] == [unclear.phone]


def test_the_slots_that_another_campaign_keeps_for_callers_are_kept_by_all() -> None:
    world = world_with(8)
    other = make_campaign(id=CampaignId("campaign-2"), plan=CallingPlan(inbound_reserve=3))
    world.campaigns.save(other)

    assert world.dispatch().planned == 2
    assert world.capacity.free() == 3

    world.campaigns.save(replace(other, state=CampaignState.COMPLETED))
    assert world.dispatch().planned == 3
