"""Whoever answers is talked to only if the call is ours and still allowed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.memory.gate import MemoryAnswerGate
from shared.calls import AttemptState
from shared.calls.answer import SORRY, Connect, Gate, HangUp, answer_call
from shared.calls.horizons import Horizons
from shared.calls.token import BadToken, check_token
from shared.campaigns import CampaignState, PauseReason
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId
from shared.leads import Suppression, SuppressionReason
from tests.shared.calls.world import NOON, World, make_campaign, make_lead

SID = "CA" + "1".zfill(32)
SECRET = "a secret of some length"
LATER = NOON + timedelta(seconds=12)


@pytest.fixture
def world() -> World:
    world = World()
    world.add(make_lead())
    world.ring()
    return world


def answer(world: World, sid: str = SID, attempt: str = "a1", lifetime: int = 60) -> Connect | HangUp:
    horizons = Horizons(token_lifetime=timedelta(seconds=lifetime))
    gate = Gate(book=MemoryAnswerGate(world.store), token_secret=SECRET, horizons=horizons)
    return answer_call(AttemptId(attempt), sid, gate=gate, now=LATER)


def test_lets_the_call_through_to_the_worker_that_holds_its_slot(world: World) -> None:
    decision = answer(world)

    assert isinstance(decision, Connect)
    assert decision.url == "ws://127.0.0.1:9/w/w1/a1"
    check_token(SECRET, decision.token, attempt_id=AttemptId("a1"), worker="w1", epoch="e1", now=LATER)
    assert (world.attempt().state, world.attempt().answered_at) == (AttemptState.ANSWERED, LATER)


def test_a_token_opens_the_call_for_as_long_as_the_horizons_say(world: World) -> None:
    decision = answer(world, lifetime=5)

    assert isinstance(decision, Connect)
    late = LATER + timedelta(seconds=5)
    with pytest.raises(BadToken):
        check_token(SECRET, decision.token, attempt_id=AttemptId("a1"), worker="w1", epoch="e1", now=late)


def test_a_repeated_request_gets_the_same_answer(world: World) -> None:
    assert answer(world) == answer(world)


def test_a_lost_answer_to_our_request_is_healed_by_the_answer_webhook() -> None:
    world = World()
    world.add(make_lead())
    world.dispatch()
    world.calls.begin_dialing(AttemptId("a1"), worker="w1", slot_epoch="e1", worker_url="ws://127.0.0.1:9", now=NOON)

    assert isinstance(answer(world, "CA77"), Connect)
    assert world.attempt().provider_sid == "CA77"


def test_a_second_ring_of_the_same_attempt_is_hung_up_on(world: World) -> None:
    assert answer(world, "CA99") == HangUp(reason="gate.call")


def test_an_attempt_that_was_given_up_is_hung_up_on(world: World) -> None:
    world.calls.move(replace(world.attempt(), state=AttemptState.ENDED, ended_at=NOON))

    assert answer(world) == HangUp(reason="gate.attempt")


def test_an_attempt_that_was_never_dialled_is_hung_up_on() -> None:
    world = World()
    world.add(make_lead())
    world.dispatch()

    assert isinstance(answer(world), HangUp)


def test_who_opted_out_while_it_rang_is_not_talked_to(world: World) -> None:
    world.suppressions.add(Suppression(phone="+15125550101", reason=SuppressionReason.OPT_OUT, at=NOON))

    decision = answer(world)
    assert isinstance(decision, HangUp)
    assert (decision.sentence, "gate.suppression" in decision.reason) == ("", True)
    assert world.attempt().end_reason == "not_allowed"


def test_a_campaign_that_the_law_halts_talks_to_nobody(world: World) -> None:
    world.campaigns.save(make_campaign(state=CampaignState.PAUSED, paused_reason=PauseReason.COMPLIANCE))

    assert answer(world) == HangUp(reason="gate.campaign")


def test_who_was_called_without_a_worker_is_told_so(world: World) -> None:
    world.store.attempts["a1"] = replace(world.attempt(), worker=None)

    assert answer(world) == HangUp(reason="gate.worker", sentence=SORRY)


def test_who_may_not_be_talked_to_hears_nothing_even_without_a_worker(world: World) -> None:
    world.store.attempts["a1"] = replace(world.attempt(), worker=None)
    world.campaigns.save(make_campaign(state=CampaignState.PAUSED, paused_reason=PauseReason.COMPLIANCE))

    assert answer(world) == HangUp(reason="gate.campaign, gate.worker")


def test_an_unknown_attempt_is_said_so(world: World) -> None:
    with pytest.raises(NotFound):
        answer(world, attempt="nobody")
