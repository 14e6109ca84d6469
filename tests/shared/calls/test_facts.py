"""What is gathered of a lead before anybody decides."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.calls import AttemptState, CallAttempt, Direction, Purpose, Verdict
from shared.calls.decide import decide
from shared.calls.known import PermissionFacts
from shared.campaigns.own_number import OwnNumber
from shared.campaigns.sign_off import SignOff, StatePolicy
from shared.kernel.ids import AttemptId, CampaignId, LeadId
from shared.leads.registry import Registry
from shared.leads.whereabouts import Evidence
from tests.shared.calls.world import NOON, SELLER, World, make_campaign, make_lead, take_copy

LEAD = make_lead()


@pytest.fixture
def world() -> World:
    world = World()
    world.add(LEAD)
    return world


def facts(world: World, lead_id: str = LEAD.id) -> PermissionFacts:
    lead = world.leads.get(LeadId(lead_id))
    return world.sources.for_claim(lead, world.campaign, free_slots=1, now=NOON)


def rang(world: World, name: str, **changes: Any) -> None:
    """An attempt to the lead that ended two hours ago, nobody having answered."""
    at = NOON - timedelta(hours=2)
    attempt = CallAttempt(
        id=AttemptId(name),
        seller_id=SELLER.id,
        campaign_id=world.campaign.id,
        lead_id=LEAD.id,
        attempt_no=len(world.store.attempts) + 1,
        phone=LEAD.phone,
        caller_id=world.campaign.caller_id,
        state=AttemptState.ENDED,
        planned_at=at,
        dial_deadline=at,
        dial_started_at=at,
        provider_sid=name,
        provider_result="no-answer",
        ended_at=at,
    )
    world.store.attempts[name] = replace(attempt, **changes)


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, True),
        ({"provider_result": "busy"}, True),
        ({"provider_result": "failed"}, False),
        ({"state": AttemptState.REJECTED, "provider_sid": None}, False),
        ({"state": AttemptState.NOT_PLACED, "provider_sid": None}, False),
        ({"state": AttemptState.CANCELLED, "provider_sid": None, "dial_started_at": None}, False),
        ({"purpose": Purpose.CALLBACK}, False),
        ({"purpose": Purpose.INBOUND, "direction": Direction.INBOUND}, False),
    ],
)
def test_an_attempt_of_the_cadence_is_one_that_rang(world: World, changes: dict[str, Any], counts: bool) -> None:
    rang(world, "a1", **changes)

    assert facts(world).campaign_attempts == int(counts)


def test_calls_of_every_campaign_and_number_count_within_24_hours_but_not_for_the_cadence(world: World) -> None:
    twin = make_lead("twin", campaign_id=CampaignId("campaign-2"))
    world.campaigns.save(make_campaign(id=CampaignId("campaign-2")))
    world.add(twin)
    for name in ("a1", "a2"):
        rang(world, name, lead_id=twin.id, campaign_id=CampaignId("campaign-2"), caller_id="+15125550009")
    gathered = facts(world)

    assert gathered.calls is not None
    assert (len(gathered.calls.attempts_last_24_hours), gathered.campaign_attempts) == (2, 0)
    [finding] = [each for each in decide(gathered, now=NOON).findings if each.verdict is not Verdict.ALLOW]
    assert (finding.rule, finding.defer_until) == ("attempts.day", NOON + timedelta(hours=22))


def test_lists_of_the_states_the_person_may_be_in_are_asked(world: World) -> None:
    for number, state in enumerate(("TX", "FL")):
        take_copy(
            world.registries,
            LEAD.phone,
            id=f"state-{number}",
            registry=Registry.STATE,
            state=state,
            taken_on=NOON.date(),
        )
    listings = facts(world).listings

    assert listings is not None
    assert {(each.registry, each.state, each.is_listed) for each in listings} == {
        (Registry.NATIONAL, None, False),
        (Registry.STATE, "TX", True),
    }


def test_signatures_of_other_states_are_left_out(world: World) -> None:
    for state in ("TX", "FL"):
        world.sign_offs.add(
            SignOff(seller_id=SELLER.id, state=state, policy=StatePolicy.BLOCK, signed_by="counsel", signed_at=NOON)
        )
    law = facts(world).law

    assert law is not None
    assert [rule.signed.state for rule in law.rules if rule.signed] == ["TX"]
    assert law.policy is StatePolicy.BLOCK


def test_where_the_person_may_be_is_kept_with_how_we_know(world: World) -> None:
    assert [each.evidence for each in facts(world).whereabouts] == [Evidence.STATE, Evidence.NUMBER_PLAN]


def test_a_number_of_ours_that_rests_says_so_when_there_is_no_other(world: World) -> None:
    own = world.own_numbers.by_phone(world.campaign.caller_id)
    assert own is not None
    world.own_numbers.save(own.cooled(NOON + timedelta(hours=3), "flagged as spam"))

    assert decide(facts(world), now=NOON).defer_until == NOON + timedelta(hours=3)

    world.own_numbers.save(OwnNumber(phone="+15125550001", seller_id=SELLER.id, added_at=NOON))
    assert decide(facts(world), now=NOON).verdict is Verdict.ALLOW


def test_a_campaign_without_its_budget_rings_nobody(world: World) -> None:
    world.store.budgets.clear()

    assert facts(world).budgets is None
    assert decide(facts(world), now=NOON).verdict is Verdict.DENY
