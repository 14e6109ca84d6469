"""An attempt whose end nobody told us is asked for, until it is over."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.memory import MemoryTelephony
from shared.adapters.memory.folds import MemoryCallFolds
from shared.calls import AttemptState, CallAttempt
from shared.calls.dial import dial_attempt
from shared.calls.folding import fold_opened
from shared.calls.horizons import Horizons
from shared.calls.lookup import FoundCall
from shared.calls.reconcile import Reconciled, Reconciler, reconcile_attempt
from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId
from shared.kernel.money import Money
from tests.shared.calls.world import NOON, World, make_event, make_lead

HORIZON = Horizons().horizon


class Carrier:
    """What the carrier has."""

    def __init__(self, *calls: FoundCall) -> None:
        self.calls = calls
        self.asked = 0

    def find(self, attempt: CallAttempt) -> Sequence[FoundCall]:
        self.asked += 1
        return self.calls


def ringing(sid: str = "CA1", after: float = 1) -> FoundCall:
    return FoundCall(sid=sid, status="ringing", created_at=NOON + timedelta(seconds=after))


def completed(sid: str = "CA1") -> FoundCall:
    return FoundCall(
        sid=sid, status="completed", created_at=NOON, ended_at=NOON + timedelta(seconds=40), duration_seconds=33
    )


@pytest.fixture
def world() -> World:
    """One attempt whose request was sent and whose answer was lost."""
    world = World(telephony=MemoryTelephony(failure=Unavailable("timeout")))
    world.add(make_lead())
    world.dispatch()
    dial_attempt(AttemptId("a1"), dialler=world.dialler, now=NOON)
    return world


def reconcile(
    world: World, carrier: Carrier, after: timedelta = timedelta(seconds=20), look: int | None = None
) -> Reconciled:
    reconciler = Reconciler(
        calls=world.calls,
        costs=world.costs,
        capacity=world.capacity,
        lookup=carrier,
        telephony=world.telephony,
    )
    return reconcile_attempt(AttemptId("a1"), look=look, reconciler=reconciler, now=NOON + after)


def test_a_call_that_the_carrier_has_is_bound_and_watched(world: World) -> None:
    assert reconcile(world, Carrier(ringing())) is Reconciled.LIVE

    assert (world.attempt().provider_sid, world.attempt().state) == ("CA1", AttemptState.RINGING)
    assert world.messages("reconcile") == [{"attempt_id": "a1"}, {"attempt_id": "a1", "look": 1}]
    assert reconcile(world, Carrier(), timedelta(seconds=45)) is Reconciled.LIVE  # callbacks would tell by themselves


def test_of_a_doubled_question_one_goes_on(world: World) -> None:
    carrier = Carrier(ringing())
    assert reconcile(world, carrier) is Reconciled.LIVE
    waiting = world.messages("reconcile")[-1]

    assert reconcile(world, carrier, timedelta(minutes=30), look=waiting["look"]) is Reconciled.LIVE
    asked, so_far = carrier.asked, len(world.messages("reconcile"))
    assert reconcile(world, carrier, timedelta(minutes=30), look=waiting["look"]) is Reconciled.DOUBLE
    assert (carrier.asked, len(world.messages("reconcile"))) == (asked, so_far)


def test_two_who_ask_at_once_leave_one_question(world: World) -> None:
    attempt, so_far = world.attempt(), len(world.messages("reconcile"))

    world.calls.look_again(attempt, at=NOON)
    world.calls.look_again(attempt, at=NOON)

    assert len(world.messages("reconcile")) == so_far + 1


def test_a_call_whose_last_callback_was_lost_is_ended(world: World) -> None:
    assert reconcile(world, Carrier(completed())) is Reconciled.OVER

    attempt = world.attempt()
    assert (attempt.state, attempt.provider_result, attempt.duration_seconds) == (AttemptState.ENDED, "completed", 33)
    assert attempt.ended_at == NOON + timedelta(seconds=40)
    assert world.messages("close") == [{"attempt_id": "a1"}]
    assert world.capacity.free() == 5


def test_a_call_that_the_carrier_lacks_was_never_placed_once_the_horizon_has_passed(world: World) -> None:
    assert reconcile(world, Carrier()) is Reconciled.NOT_FOUND_YET
    assert reconcile(world, Carrier(), HORIZON) is Reconciled.NOT_PLACED

    assert world.attempt().state is AttemptState.NOT_PLACED
    assert world.pending() == Money()
    assert world.capacity.free() == 5


def test_of_two_calls_the_first_counts_and_the_other_is_hung_up(world: World) -> None:
    assert reconcile(world, Carrier(ringing("CA9", after=3), ringing("CA5", after=1))) is Reconciled.LIVE

    assert world.attempt().provider_sid == "CA5"
    assert world.telephony.hung_up == ["CA9"]


def test_our_own_inbox_is_read_first(world: World) -> None:
    carrier = Carrier()
    world.calls.receive(make_event("a1", "no-answer", 26))

    assert reconcile(world, carrier) is Reconciled.OVER
    assert carrier.asked == 0


def test_a_plan_whose_message_was_lost_is_given_up() -> None:
    world = World()
    world.add(make_lead())
    world.dispatch()

    assert reconcile(world, Carrier(), timedelta(seconds=10)) is Reconciled.NOT_FOUND_YET
    assert reconcile(world, Carrier(), timedelta(seconds=180)) is Reconciled.NEVER_DIALLED
    assert world.attempt().state is AttemptState.CANCELLED
    assert world.pending() == Money()


class CarrierAway(Carrier):
    """A carrier that does not answer."""

    def find(self, attempt: CallAttempt) -> Sequence[FoundCall]:
        raise Unavailable("away")


def test_a_carrier_that_is_away_is_asked_again_for_as_long_as_it_takes(world: World) -> None:
    asked = len(world.messages("reconcile"))

    assert [reconcile(world, CarrierAway(), HORIZON) for _ in range(6)] == [Reconciled.CARRIER_AWAY] * 6
    assert len(world.messages("reconcile")) == asked + 6
    assert world.attempt().state is AttemptState.UNKNOWN


def test_a_call_that_the_carrier_has_forgotten_does_not_hold_its_lead_for_ever(world: World) -> None:
    reconcile(world, Carrier(ringing()))

    assert reconcile(world, Carrier(), timedelta(seconds=60)) is Reconciled.NOT_FOUND_YET
    assert reconcile(world, Carrier(), HORIZON) is Reconciled.OVER
    assert (world.attempt().state, world.attempt().provider_result) == (AttemptState.ENDED, "failed")
    assert world.messages("close") == [{"attempt_id": "a1"}]


class RingsMeanwhile(Carrier):
    """A carrier whose callback overtakes its own answer."""

    def __init__(self, world: World, *calls: FoundCall) -> None:
        super().__init__(*calls)
        self.world = world

    def find(self, attempt: CallAttempt) -> Sequence[FoundCall]:
        self.world.calls.move(replace(attempt, state=AttemptState.ANSWERED, provider_sid="CA1", answered_at=NOON))
        return self.calls


def test_a_call_that_moves_on_while_the_carrier_is_asked_is_watched_on(world: World) -> None:
    asked = len(world.messages("reconcile"))

    assert reconcile(world, RingsMeanwhile(world)) is Reconciled.NOT_FOUND_YET
    assert len(world.messages("reconcile")) == asked + 1


def test_a_call_that_rings_after_all_is_not_given_up(world: World) -> None:
    reconcile(world, RingsMeanwhile(world), HORIZON)

    assert world.attempt().state is AttemptState.ANSWERED
    assert world.pending() == Money.usd("0.15")
    assert world.capacity.free() == 4


def test_looks_come_at_twenty_and_forty_five_seconds_and_at_the_horizon(world: World) -> None:
    for after in (20, 45):
        reconcile(world, Carrier(), timedelta(seconds=after))

    due = [each.available_at for each in world.store.messages if each.message.topic == "reconcile"]
    assert due == [NOON + timedelta(seconds=after) for after in (20, 45, 90)]


def test_a_call_that_came_up_after_all_is_hung_up_and_booked(world: World) -> None:
    reconcile(world, Carrier(), HORIZON)
    assert world.store.messages[-1].available_at == NOON + HORIZON + timedelta(minutes=5)
    late = timedelta(minutes=7)

    assert reconcile(world, Carrier(ringing("CA7", after=20)), late) is Reconciled.RANG_LATE
    assert world.telephony.hung_up == ["CA7"]
    assert world.messages("settle") == []

    assert reconcile(world, Carrier(completed("CA7")), late) is Reconciled.RANG_LATE
    attempt = world.attempt()
    assert (attempt.state, attempt.provider_sid, attempt.duration_seconds) == (AttemptState.NOT_PLACED, "CA7", 33)
    assert attempt.has_rung
    assert world.messages("settle") == [{"attempt_id": "a1"}]


def test_a_call_that_never_came_up_is_looked_for_once_more_only(world: World) -> None:
    reconcile(world, Carrier(), HORIZON)
    asked = len(world.messages("reconcile"))

    assert reconcile(world, Carrier(), timedelta(minutes=7)) is Reconciled.OVER
    assert len(world.messages("reconcile")) == asked


def test_the_call_of_another_attempt_is_not_taken(world: World) -> None:
    other = replace(world.attempt(), id=AttemptId("a0"), attempt_no=9, provider_sid="CA1", state=AttemptState.ENDED)
    world.store.attempts["a0"] = replace(other, ended_at=NOON)

    assert reconcile(world, Carrier(completed("CA1"))) is Reconciled.NOT_FOUND_YET
    assert world.attempt().provider_sid is None


def test_a_call_that_could_not_be_taken_back_is_hung_up_again(world: World) -> None:
    world.calls.bind(AttemptId("a1"), "CA1", now=NOON)
    world.calls.move(replace(world.attempt(), end_reason="queued_by_carrier"))

    assert reconcile(world, Carrier(FoundCall(sid="CA1", status="queued"))) is Reconciled.LIVE
    assert world.telephony.hung_up == ["CA1"]


def test_a_call_that_the_carrier_still_lets_wait_is_taken_back(world: World) -> None:
    waiting = FoundCall(sid="CA1", status="queued", created_at=NOON)

    assert reconcile(world, Carrier(waiting), timedelta(seconds=3)) is Reconciled.LIVE
    assert world.telephony.hung_up == []

    assert reconcile(world, Carrier(waiting), timedelta(minutes=2)) is Reconciled.LIVE
    assert world.telephony.hung_up == ["CA1"]
    assert world.attempt().end_reason == "queued_by_carrier"


def test_a_call_that_is_dialled_but_does_not_ring_yet_is_left_alone(world: World) -> None:
    world.calls.move(replace(world.attempt(), state=AttemptState.INITIATED, provider_sid="CA1"))

    assert reconcile(world, Carrier(FoundCall(sid="CA1", status="queued")), timedelta(minutes=2)) is Reconciled.LIVE
    assert world.telephony.hung_up == []


def test_a_late_look_leaves_the_call_of_the_next_attempt_alone(world: World) -> None:
    reconcile(world, Carrier(), HORIZON)
    next_one = ringing("CA8", after=(HORIZON + timedelta(minutes=4)).total_seconds())

    assert reconcile(world, Carrier(next_one), timedelta(minutes=7)) is Reconciled.OVER
    assert world.telephony.hung_up == []
    assert world.attempt().provider_sid is None


def test_a_call_that_the_carrier_made_beside_ours_is_hung_up(world: World) -> None:
    assert reconcile(world, Carrier(ringing("CA1"))) is Reconciled.LIVE
    other = make_event("a1", "ringing", 22, sid="CA2")
    opened = MemoryCallFolds(world.store).open([], came=[other])
    so_far = len(world.messages("reconcile"))

    fold_opened(opened, folds=MemoryCallFolds(world.store), capacity=world.capacity)

    assert len(world.messages("reconcile")) == so_far + 1
    reconcile(world, Carrier(), timedelta(seconds=23))
    assert world.telephony.hung_up == ["CA2"]
    world.calls.receive(make_event("a1", "canceled", 24, sid="CA2"))
    reconcile(world, Carrier(), timedelta(seconds=25))
    assert world.telephony.hung_up == ["CA2"]
