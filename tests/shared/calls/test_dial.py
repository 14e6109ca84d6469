"""A planned attempt is rung at most once, and whatever comes of it, nothing is left behind."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.adapters.memory import MemoryTelephony
from shared.calls import AttemptState, Verdict
from shared.calls.dial import DialResult, dial_attempt
from shared.calls.ports import BadNumber, CarrierRefused, Dial, PlacedCall
from shared.campaigns import CampaignState
from shared.costs import ReservationState
from shared.kernel.errors import Conflict, ReautoError, Unavailable
from shared.kernel.ids import AttemptId
from shared.kernel.money import Money
from shared.leads import Suppression, SuppressionReason
from tests.shared.calls.world import NIGHT, NOON, World, make_campaign, make_lead

SOON = NOON + timedelta(seconds=1)


@pytest.fixture
def world() -> World:
    world = World()
    world.add(make_lead())
    world.dispatch()
    return world


def dial(world: World, now: datetime = SOON) -> DialResult:
    return dial_attempt(AttemptId("a1"), dialler=world.dialler, now=now)


def assert_nothing_is_held(world: World) -> None:
    assert world.pending() == Money()
    assert world.costs.reservation(AttemptId("a1")).state is ReservationState.VOID
    assert world.capacity.free() == 5
    assert world.messages("close") == [{"attempt_id": "a1"}]
    assert world.attempt().ended_at is not None


def test_the_phone_rings_and_the_call_is_bound(world: World) -> None:
    assert dial(world) is DialResult.PLACED

    attempt = world.attempt()
    assert (attempt.state, attempt.provider_sid, attempt.dial_started_at) == (
        AttemptState.PLACED,
        "CA" + "1".zfill(32),
        SOON,
    )
    assert world.telephony.dialled == [
        Dial(
            attempt_id=AttemptId("a1"),
            to="+15125550101",
            caller_id="+15125550000",
            ring_timeout=timedelta(seconds=25),
            time_limit=timedelta(minutes=5),
        )
    ]
    assert [each.verdict for each in world.calls.permissions(attempt.lead_id)] == [Verdict.ALLOW, Verdict.ALLOW]


def test_a_message_that_comes_again_rings_nobody(world: World) -> None:
    dial(world)

    assert [dial(world) for _ in range(3)] == [DialResult.NOT_PLANNED] * 3
    assert len(world.telephony.dialled) == 1


def test_a_process_that_died_before_the_request_is_not_followed_by_a_second_request(world: World) -> None:
    world.calls.begin_dialing(AttemptId("a1"), worker="w1", slot_epoch="e1", now=SOON)

    assert dial(world) is DialResult.NOT_PLANNED
    assert world.telephony.dialled == []


@pytest.mark.parametrize(
    ("failure", "result", "state"),
    [
        (BadNumber("21211"), DialResult.BAD_NUMBER, AttemptState.REJECTED),
        (CarrierRefused("21215"), DialResult.CARRIER_REFUSED, AttemptState.REJECTED),
        (Conflict("429"), DialResult.CARRIER_BUSY, AttemptState.NOT_PLACED),
    ],
)
def test_a_definite_no_gives_everything_back(
    world: World, failure: ReautoError, result: DialResult, state: AttemptState
) -> None:
    world.telephony = MemoryTelephony(failure=failure)

    assert dial(world) is result
    assert (world.attempt().state, world.attempt().end_reason) == (state, result.value)
    assert_nothing_is_held(world)


def test_a_lost_answer_keeps_money_and_slot_until_it_is_known(world: World) -> None:
    world.telephony = MemoryTelephony(failure=Unavailable("timeout"))

    assert dial(world) is DialResult.UNKNOWN
    assert dial(world) is DialResult.NOT_PLANNED
    assert world.attempt().state is AttemptState.UNKNOWN
    assert world.pending() == Money.usd("0.15")
    assert world.capacity.free() == 4
    assert len(world.telephony.dialled) == 1
    assert len(world.messages("reconcile")) == 2


def test_an_attempt_that_waited_too_long_is_given_up(world: World) -> None:
    assert dial(world, NOON + timedelta(seconds=90)) is DialResult.STALE
    assert_nothing_is_held(world)


def test_who_opts_out_between_plan_and_dial_is_not_rung(world: World) -> None:
    world.suppressions.add(Suppression(phone="+15125550101", reason=SuppressionReason.OPT_OUT, at=NOON))

    assert dial(world) is DialResult.NOT_ALLOWED
    assert world.telephony.dialled == []
    assert_nothing_is_held(world)


def test_nobody_is_rung_once_the_hour_has_passed(world: World) -> None:
    planned = replace(world.attempt(), dial_deadline=NIGHT + timedelta(minutes=1))
    world.store.attempts["a1"] = planned

    assert dial(world, NIGHT) is DialResult.NOT_ALLOWED
    assert_nothing_is_held(world)


def test_a_pause_holds_the_dial_back_and_ends_it_at_the_deadline(world: World) -> None:
    world.campaigns.save(make_campaign(state=CampaignState.PAUSED))

    assert dial(world) is DialResult.NO_ROOM
    assert world.attempt().state is AttemptState.PLANNED
    assert world.messages("dial") == [{"attempt_id": "a1"}] * 2
    assert world.telephony.dialled == []
    assert dial(world, NOON + timedelta(seconds=91)) is DialResult.STALE


def test_without_a_worker_the_dial_waits(world: World) -> None:
    world.capacity.release(AttemptId("a1"), worker="w1")
    for number in range(5):
        world.capacity.acquire(AttemptId(f"other-{number}"), hold_for=timedelta(seconds=30))

    assert dial(world) is DialResult.NO_ROOM
    world.capacity.release(AttemptId("other-0"), worker="w1")
    assert dial(world) is DialResult.PLACED


class QueueingTelephony(MemoryTelephony):
    """A carrier that would ring later."""

    def place(self, dial: Dial) -> PlacedCall:
        return replace(super().place(dial), queue_time=timedelta(seconds=4))


def test_a_call_that_the_carrier_would_ring_later_is_taken_back(world: World) -> None:
    world.telephony = QueueingTelephony()

    assert dial(world) is DialResult.QUEUED_BY_CARRIER
    assert world.telephony.hung_up == [world.attempt().provider_sid]
    assert world.attempt().end_reason == "queued_by_carrier"
