"""An attempt whose end nobody told us is asked for, until it is over."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from shared.adapters.memory import MemoryTelephony
from shared.calls import AttemptState, CallAttempt
from shared.calls.dial import dial_attempt
from shared.calls.ports import FoundCall
from shared.calls.reconcile import HORIZON, Reconciled, Reconciler, reconcile_attempt
from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId
from shared.kernel.money import Money
from tests.shared.calls.world import NOON, World, make_event, make_lead


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


def reconcile(world: World, carrier: Carrier, after: timedelta = timedelta(seconds=20)) -> Reconciled:
    reconciler = Reconciler(
        calls=world.calls,
        costs=world.costs,
        capacity=world.capacity,
        lookup=carrier,
        telephony=world.telephony,
    )
    return reconcile_attempt(AttemptId("a1"), reconciler=reconciler, now=NOON + after)


def test_a_call_that_the_carrier_has_is_bound_and_watched(world: World) -> None:
    assert reconcile(world, Carrier(ringing())) is Reconciled.LIVE

    assert (world.attempt().provider_sid, world.attempt().state) == ("CA1", AttemptState.RINGING)
    assert len(world.messages("reconcile")) == 3


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
