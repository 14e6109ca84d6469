"""A call whose stream ended is saved while it can be, and ended decently when it cannot."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.memory import MemoryCapacity, MemoryReportRepository
from shared.adapters.memory.gate import MemoryAnswerGate
from shared.calls import AttemptState
from shared.calls.answer import Connect, Gate, HangUp, answer_call
from shared.calls.gate import Seat
from shared.calls.ports import Capacity, Lease
from shared.calls.recover import CALL_BACK_AFTER, Recovery, recover_call
from shared.conversation import CallReport
from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId
from shared.leads import Suppression, SuppressionReason
from tests.shared.calls.world import LEASE, NOON, World, make_lead

SID = "CA" + "1".zfill(32)
LATER = NOON + timedelta(seconds=12)
OTHER = replace(LEASE, worker="w2", epoch="e7", url="ws://127.0.0.1:10")


@pytest.fixture
def world() -> World:
    """A call in conversation."""
    world = World()
    world.add(make_lead())
    world.ring()
    assert isinstance(answer_call(AttemptId("a1"), SID, gate=gate(world), now=LATER), Connect)
    return world


def gate(world: World) -> Gate:
    return Gate(book=MemoryAnswerGate(world.store), token_secret="a secret of some length")


def recover(
    world: World, *, sid: str = SID, capacity: Capacity | None = None, wait: Callable[[], None] = lambda: None
) -> Connect | HangUp:
    room = capacity or world.capacity
    recovery = Recovery(gate=gate(world), capacity=lambda: room, wait=wait)
    return recover_call(AttemptId("a1"), sid, recovery=recovery, now=LATER)


def hand_in(world: World, ended_by: str, *, part: int = 0) -> None:
    report = CallReport(
        attempt_id=AttemptId("a1"),
        worker="w1",
        epoch="e1",
        part=part,
        started_at=NOON,
        ended_at=LATER,
        ended_by=ended_by,
        end_reason="",
        heard="human",
    )
    MemoryReportRepository(world.store).add(report)


def test_a_broken_stream_is_connected_again_twice_and_then_excused(world: World) -> None:
    first, second, third = recover(world), recover(world), recover(world)

    assert isinstance(first, Connect)
    assert isinstance(second, Connect)
    assert (first.recovered, second.recovered) == (1, 2)
    assert isinstance(third, HangUp)
    assert "We will call you back" in third.sentence
    assert (world.attempt().state, world.attempt().recoveries) == (AttemptState.RECOVERING, 2)
    assert world.attempt().end_reason == "lost_connection"
    assert world.lead().promised_at == LATER + CALL_BACK_AFTER


def test_a_worker_that_lives_keeps_its_call(world: World) -> None:
    decision = recover(world, capacity=MemoryCapacity(LEASE, replace(OTHER, slots=50)))

    assert isinstance(decision, Connect)
    assert decision.url == "ws://127.0.0.1:9/w/w1/a1"


@pytest.mark.parametrize(
    "left", [[OTHER], [OTHER, replace(LEASE, epoch="e2", slots=0)], [OTHER, replace(LEASE, ready=False)]]
)
def test_another_worker_takes_the_call_of_a_dead_one_at_once(world: World, left: list[Lease]) -> None:
    waits: list[int] = []

    decision = recover(world, capacity=MemoryCapacity(*left), wait=lambda: waits.append(1))

    assert isinstance(decision, Connect)
    assert decision.url == "ws://127.0.0.1:10/w/w2/a1"
    assert (world.attempt().worker, world.attempt().slot_epoch) == ("w2", "e7")
    assert waits == []


def test_without_any_room_the_person_is_told_so(world: World) -> None:
    decision = recover(world, capacity=MemoryCapacity())

    assert isinstance(decision, HangUp)
    assert "lost the connection" in decision.sentence


def test_without_redis_the_person_is_told_so(world: World) -> None:
    class Away(MemoryCapacity):
        def lease_of(self, worker: str) -> Lease | None:
            raise Unavailable("away")

        def acquire(
            self, attempt_id: AttemptId, *, hold_for: timedelta, leave_free: int = 0, worker: str | None = None
        ) -> Lease | None:
            raise Unavailable("away")

    decision = recover(world, capacity=Away())

    assert isinstance(decision, HangUp)
    assert "lost the connection" in decision.sentence


@pytest.mark.parametrize("ended_by", ["agent", "caller"])
def test_a_call_that_ended_normally_is_not_recovered(world: World, ended_by: str) -> None:
    hand_in(world, ended_by)

    assert recover(world) == HangUp(reason="ended normally")
    assert world.attempt().recoveries == 0
    assert world.lead().promised_at is None


def test_a_report_that_is_on_its_way_is_waited_for(world: World) -> None:
    waits: list[int] = []

    def wait() -> None:
        waits.append(1)
        if len(waits) == 2:
            hand_in(world, "agent")

    assert recover(world, wait=wait) == HangUp(reason="ended normally")
    assert len(waits) == 2


def test_a_worker_that_says_nothing_is_given_the_call_again(world: World) -> None:
    waits: list[int] = []

    assert isinstance(recover(world, wait=lambda: waits.append(1)), Connect)
    assert len(waits) == 4


def test_a_worker_that_reports_its_own_failure_is_given_the_call_again_at_once(world: World) -> None:
    waits: list[int] = []
    hand_in(world, "error")

    assert isinstance(recover(world, wait=lambda: waits.append(1)), Connect)
    assert waits == []


def test_who_said_stop_is_not_connected_again(world: World) -> None:
    world.suppressions.add(Suppression(phone="+15125550101", reason=SuppressionReason.OPT_OUT, at=LATER))

    assert recover(world) == HangUp(reason="opted out")


def test_a_call_that_is_not_ours_is_hung_up_on(world: World) -> None:
    assert isinstance(recover(world, sid="CA99"), HangUp)
    assert world.attempt().recoveries == 0


def test_a_call_that_is_over_is_hung_up_on(world: World) -> None:
    world.calls.move(replace(world.attempt(), state=AttemptState.ENDED, ended_at=LATER))

    assert recover(world) == HangUp(reason="attempt is over")


def test_two_redirects_at_once_get_the_same_answer_and_count_once(world: World) -> None:
    class Raced(MemoryAnswerGate):
        """Somebody else reconnects the call first."""

        def reconnect(self, attempt_id: AttemptId, seat: Seat, *, recoveries: int) -> bool:
            assert super().reconnect(attempt_id, seat, recoveries=recoveries)
            return super().reconnect(attempt_id, seat, recoveries=recoveries)

    raced = replace(gate(world), book=Raced(world.store))
    recovery = Recovery(gate=raced, capacity=lambda: world.capacity, wait=lambda: None)

    decision = recover_call(AttemptId("a1"), SID, recovery=recovery, now=LATER)

    assert isinstance(decision, Connect)
    assert (decision.recovered, world.attempt().recoveries) == (1, 1)


def test_a_worker_whose_slot_was_given_away_does_not_get_its_call_back(world: World) -> None:
    capacity = MemoryCapacity(LEASE, OTHER)
    for number in range(LEASE.slots):
        capacity.acquire(AttemptId(f"other-{number}"), hold_for=timedelta(minutes=1), worker=LEASE.worker)

    decision = recover(world, capacity=capacity)

    assert isinstance(decision, Connect)
    assert decision.url == "ws://127.0.0.1:10/w/w2/a1"
