"""Every Capacity keeps the same promises: in memory, and in Redis from leases that workers publish."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from redis.asyncio import Redis as AsyncRedis

from shared.adapters.memory import MemoryCapacity
from shared.adapters.redis.capacity import RedisCapacity
from shared.adapters.redis.connect import make_async_redis, make_redis
from shared.adapters.redis.worker_lease import WorkerLease
from shared.calls.ports import Capacity, Lease
from shared.kernel.ids import AttemptId

HOLD = timedelta(seconds=55)
A, B, C, D = (AttemptId(name) for name in "abcd")


def lease(worker: str, slots: int, load: float = 0.0) -> Lease:
    return Lease(worker=worker, epoch="e1", url="wss://node", slots=slots, live=0, ready=True, load=load)


@pytest.fixture(params=["memory", "redis"])
async def capacity(request: pytest.FixtureRequest) -> AsyncIterator[Capacity]:
    if request.param == "memory":
        yield MemoryCapacity(lease("w1", 2), lease("w2", 1))
        return
    url = request.getfixturevalue("redis_url")
    workers: AsyncRedis = make_async_redis(url)
    client = make_redis(url)
    for name, slots in (("w1", 2), ("w2", 1)):
        await WorkerLease(workers, worker=name, epoch="e1", url="wss://node", slots=slots).beat(ready=True)
    yield RedisCapacity(client)
    client.close()
    await workers.aclose()


@pytest.fixture(params=["memory", "redis"])
async def uneven(request: pytest.FixtureRequest) -> AsyncIterator[Capacity]:
    """Two workers with three slots each, of which one uses its core to the half."""
    if request.param == "memory":
        yield MemoryCapacity(lease("busy", 3, load=0.5), lease("calm", 3))
        return
    url = request.getfixturevalue("redis_url")
    async with make_async_redis(url) as workers:
        for name, load in (("busy", 0.5), ("calm", 0.0)):
            worker = WorkerLease(workers, worker=name, epoch="e1", url="wss://node", slots=3)
            worker.load = load
            await worker.beat(ready=True)
        with make_redis(url) as client:
            yield RedisCapacity(client)


async def test_the_less_a_worker_has_to_do_the_sooner_it_gets_a_call(uneven: Capacity) -> None:
    held = [uneven.acquire(attempt, hold_for=HOLD) for attempt in (A, B, C)]

    assert [each.worker for each in held if each] == ["calm", "calm", "busy"]
    assert uneven.lease_of("busy") == lease("busy", 3, load=0.5)


async def test_slots_are_held_until_none_is_left(capacity: Capacity) -> None:
    assert capacity.free() == 3

    held = [capacity.acquire(attempt, hold_for=HOLD) for attempt in (A, B, C)]

    assert sorted(each.worker for each in held if each) == ["w1", "w1", "w2"]
    assert capacity.free() == 0
    assert capacity.acquire(D, hold_for=HOLD) is None


async def test_acquiring_again_gives_the_same_slot(capacity: Capacity) -> None:
    first = capacity.acquire(A, hold_for=HOLD)

    assert capacity.acquire(A, hold_for=HOLD) == first
    assert capacity.free() == 2


async def test_a_released_slot_is_free_again(capacity: Capacity) -> None:
    held = capacity.acquire(A, hold_for=HOLD)
    assert held is not None

    for _ in range(2):
        capacity.release(A, worker=held.worker)
    assert capacity.free() == 3


async def test_releasing_at_the_wrong_worker_changes_nothing(capacity: Capacity) -> None:
    held = capacity.acquire(A, hold_for=HOLD)
    assert held is not None
    capacity.release(A, worker="w2" if held.worker == "w1" else "w1")

    assert capacity.free() == 2


async def test_a_lease_tells_of_its_worker(capacity: Capacity) -> None:
    assert capacity.lease_of("w2") == lease("w2", 1)
    assert capacity.lease_of("nobody") is None


async def test_slots_that_are_left_free_are_not_given(capacity: Capacity) -> None:
    assert capacity.acquire(A, hold_for=HOLD, leave_free=1) is not None
    assert capacity.acquire(B, hold_for=HOLD, leave_free=1) is not None
    assert capacity.acquire(C, hold_for=HOLD, leave_free=1) is None
    assert capacity.acquire(A, hold_for=HOLD, leave_free=1) is not None  # holds one already
    assert capacity.acquire(C, hold_for=HOLD) is not None


async def test_a_slot_is_held_where_it_is_wanted_while_there_is_one(capacity: Capacity) -> None:
    wanted = capacity.acquire(A, hold_for=HOLD, worker="w2")
    elsewhere = capacity.acquire(B, hold_for=HOLD, worker="w2")

    assert (wanted and wanted.worker, elsewhere and elsewhere.worker) == ("w2", "w1")
