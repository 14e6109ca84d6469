"""A stop hangs up what rings, leaves conversations alone, and asks again for what the carrier has not told of yet."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.memory import MemoryTelephony
from shared.calls import AttemptState
from shared.calls.dial import dial_attempt
from shared.calls.horizons import Horizons
from shared.calls.silence import Silenced, silence
from shared.calls.stops import StopScope, StopSwitch
from shared.campaigns import CampaignState, PauseReason
from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId
from tests.shared.calls.world import NOON, World, make_lead


@pytest.fixture
def world() -> World:
    """Two phones that ring and a conversation."""
    world = World()
    world.add(*(make_lead(f"lead-{n}", phone=f"+1512555{n:04}") for n in range(4)))
    world.dispatch()
    for name in ("a1", "a2", "a3"):
        dial_attempt(AttemptId(name), dialler=world.dialler, now=NOON)
    world.calls.move(replace(world.attempt("a3"), state=AttemptState.ANSWERED, answered_at=NOON))
    return world


def throw(world: World, scope: StopScope = StopScope.ALL, target: str | None = None) -> None:
    world.stops.throw(StopSwitch(scope=scope, target=target, at=NOON, by="ops", reason="drill"))


def hush(world: World, scope: StopScope = StopScope.ALL, target: str | None = None) -> Silenced:
    return silence(
        scope,
        target,
        calls=world.calls,
        campaigns=world.campaigns,
        stops=world.stops,
        telephony=world.telephony,
        horizons=Horizons(),
        now=NOON,
    )


def test_what_rings_is_hung_up_and_who_talks_talks_on(world: World) -> None:
    throw(world)

    assert hush(world) == Silenced(hung_up=2)
    assert world.telephony.hung_up == [world.attempt("a1").provider_sid, world.attempt("a2").provider_sid]
    assert world.messages("stop") == [{"scope": "all", "target": None}]


@pytest.mark.parametrize(
    ("scope", "target", "hung_up"),
    [
        (StopScope.SELLER, "seller-1", 2),
        (StopScope.SELLER, "seller-2", 0),
        (StopScope.CAMPAIGN, "campaign-1", 2),
        (StopScope.CAMPAIGN, "campaign-2", 0),
    ],
)
def test_a_stop_hangs_up_for_its_target_alone(world: World, scope: StopScope, target: str, hung_up: int) -> None:
    throw(world, scope, target)

    assert hush(world, scope, target).hung_up == hung_up


def test_a_stop_that_was_lifted_meanwhile_hangs_up_nobody(world: World) -> None:
    throw(world)
    world.stops.lift(StopScope.ALL, None, at=NOON, by="ops")

    assert hush(world) == Silenced()


def test_a_call_that_the_carrier_has_not_told_of_is_asked_for_again(world: World) -> None:
    world.telephony = MemoryTelephony(failure=Unavailable("timeout"))
    dial_attempt(AttemptId("a4"), dialler=world.dialler, now=NOON)
    throw(world)

    assert hush(world) == Silenced(hung_up=2, to_come=1)
    assert world.store.messages[-1].message.topic == "stop"
    assert world.store.messages[-1].available_at == NOON + timedelta(seconds=2)


def test_a_carrier_that_does_not_hang_up_is_asked_again(world: World) -> None:
    class Deaf(MemoryTelephony):
        def hang_up(self, sid: str) -> None:
            raise Unavailable("away")

    world.telephony = Deaf()
    throw(world)

    assert hush(world) == Silenced(to_come=2)
    assert len(world.messages("stop")) == 2


@pytest.mark.parametrize(("reason", "hung_up"), [(PauseReason.COMPLIANCE, 2), (PauseReason.MANUAL, 0)])
def test_a_pause_for_the_laws_sake_hangs_up_what_rings_and_no_other_pause_does(
    world: World, reason: PauseReason, hung_up: int
) -> None:
    world.campaigns.save(replace(world.campaign, state=CampaignState.PAUSED, paused_reason=reason))

    assert hush(world, StopScope.CAMPAIGN, world.campaign.id) == Silenced(hung_up=hung_up)
