"""Whoever answers is talked to only if the call is ours, still allowed, and somebody can talk."""

from datetime import timedelta

import pytest

from shared.adapters.memory import MemoryCapacity
from shared.calls import AttemptState
from shared.calls.answer import Connect, Gate, HangUp, answer_call, recover_call
from shared.calls.dial import dial_attempt
from shared.calls.token import check_token
from shared.campaigns import CampaignState
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId
from shared.leads import Suppression, SuppressionReason
from tests.shared.calls.world import LEASE, NOON, World, make_campaign, make_lead

SID = "CA" + "1".zfill(32)
SECRET = "a secret of some length"
LATER = NOON + timedelta(seconds=12)


@pytest.fixture
def world() -> World:
    world = World()
    world.add(make_lead())
    world.dispatch()
    dial_attempt(AttemptId("a1"), dialler=world.dialler, now=NOON)
    return world


def gate(world: World) -> Gate:
    return Gate(sources=world.sources, token_secret=SECRET, token_lifetime=timedelta(seconds=60))


def answer(world: World, sid: str = SID, attempt: str = "a1") -> Connect | HangUp:
    return answer_call(AttemptId(attempt), sid, gate=gate(world), now=LATER)


def recover(world: World, *, ended_normally: bool = False) -> Connect | HangUp:
    return recover_call(AttemptId("a1"), SID, ended_normally=ended_normally, gate=gate(world), now=LATER)


def test_lets_the_call_through_to_the_worker_that_holds_its_slot(world: World) -> None:
    decision = answer(world)

    assert isinstance(decision, Connect)
    assert decision.url == "ws://127.0.0.1:9/w/w1/a1"
    check_token(SECRET, decision.token, attempt_id=AttemptId("a1"), worker="w1", epoch="e1", now=LATER)
    assert (world.attempt().state, world.attempt().answered_at) == (AttemptState.ANSWERED, LATER)


def test_a_repeated_request_gets_the_same_answer(world: World) -> None:
    assert answer(world) == answer(world)


def test_a_lost_answer_to_our_request_is_healed_by_the_answer_webhook() -> None:
    world = World()
    world.add(make_lead())
    world.dispatch()
    world.calls.begin_dialing(AttemptId("a1"), worker="w1", slot_epoch="e1", now=NOON)

    assert isinstance(answer(world, "CA77"), Connect)
    assert world.attempt().provider_sid == "CA77"


def test_a_second_ring_of_the_same_attempt_is_hung_up_on(world: World) -> None:
    assert answer(world, "CA99") == HangUp(reason="attempt belongs to another call")


def test_an_attempt_that_was_given_up_is_hung_up_on(world: World) -> None:
    world.calls.move(
        world.attempt().__class__(**{**vars(world.attempt()), "state": AttemptState.ENDED, "ended_at": NOON})
    )

    assert answer(world) == HangUp(reason="attempt is over")


def test_an_attempt_that_was_never_dialled_is_hung_up_on() -> None:
    world = World()
    world.add(make_lead())
    world.dispatch()

    assert answer(world) == HangUp(reason="attempt was never dialled")


def test_who_opted_out_while_it_rang_is_not_talked_to(world: World) -> None:
    world.suppressions.add(Suppression(phone="+15125550101", reason=SuppressionReason.OPT_OUT, at=NOON))

    assert answer(world) == HangUp(reason="not allowed")
    assert world.attempt().end_reason == "not_allowed"


def test_a_paused_campaign_talks_to_nobody(world: World) -> None:
    world.campaigns.save(make_campaign(state=CampaignState.PAUSED))

    assert answer(world) == HangUp(reason="not allowed")


def test_another_worker_takes_the_call_of_one_that_was_restarted(world: World) -> None:
    world.capacity = MemoryCapacity(type(LEASE)(**{**vars(LEASE), "epoch": "e2"}))

    assert isinstance(answer(world), Connect)
    assert world.attempt().slot_epoch == "e2"


def test_nobody_hears_silence_when_no_worker_is_left(world: World) -> None:
    world.capacity = MemoryCapacity()

    decision = answer(world)

    assert isinstance(decision, HangUp)
    assert "cannot connect" in decision.sentence


def test_an_unknown_attempt_is_said_so(world: World) -> None:
    with pytest.raises(NotFound):
        answer(world, attempt="nobody")


def test_a_broken_stream_is_connected_again_twice_and_then_excused(world: World) -> None:
    answer(world)

    first, second, third = recover(world), recover(world), recover(world)

    assert isinstance(first, Connect)
    assert isinstance(second, Connect)
    assert (first.recovered, second.recovered) == (1, 2)
    assert isinstance(third, HangUp)
    assert "lost the connection" in third.sentence
    assert (world.attempt().state, world.attempt().recoveries) == (AttemptState.RECOVERING, 2)


def test_a_call_that_ended_normally_is_not_recovered(world: World) -> None:
    answer(world)

    assert recover(world, ended_normally=True) == HangUp(reason="ended normally")


def test_who_said_stop_is_not_connected_again(world: World) -> None:
    answer(world)
    world.suppressions.add(Suppression(phone="+15125550101", reason=SuppressionReason.OPT_OUT, at=LATER))

    assert recover(world) == HangUp(reason="opted out")
