"""A worker's lease: who may dial for it, and who gets in."""

from datetime import timedelta

import pytest
from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from shared.adapters.redis import keys
from shared.adapters.redis.capacity import RedisCapacity
from shared.adapters.redis.connect import make_async_redis, make_redis
from shared.adapters.redis.worker_lease import WorkerLease
from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId
from tests.contracts.race import at_once

HOLD = timedelta(seconds=55)
A, B, C = (AttemptId(name) for name in "abc")
NOWHERE = "redis://127.0.0.1:1/0"


def worker(client: AsyncRedis, *, slots: int = 2, epoch: str = "e1", name: str = "w1") -> WorkerLease:
    return WorkerLease(client, worker=name, epoch=epoch, url="wss://node", slots=slots)


async def test_no_lease_no_dial(client: Redis) -> None:
    capacity = RedisCapacity(client)

    assert capacity.free() == 0
    assert capacity.acquire(A, hold_for=HOLD) is None
    assert capacity.lease_of("w1") is None
    capacity.release(A, worker="w1")


async def test_a_lease_that_is_not_renewed_ends(client: Redis, async_client: AsyncRedis) -> None:
    await worker(async_client).beat(ready=True)

    assert 0 < client.pttl(keys.lease("w1")) <= keys.milliseconds(keys.LEASE_FOR)
    client.delete(keys.lease("w1"))  # as its end would
    assert RedisCapacity(client).free() == 0


async def test_a_worker_that_drains_gets_no_calls_but_keeps_its_own(client: Redis, async_client: AsyncRedis) -> None:
    lease, capacity = worker(async_client), RedisCapacity(client)
    await lease.beat(ready=True)
    capacity.acquire(A, hold_for=HOLD)
    lease.admit(A)
    await lease.beat(ready=False)

    told = capacity.lease_of("w1")
    assert (capacity.free(), capacity.acquire(B, hold_for=HOLD)) == (0, None)
    assert told is not None
    assert (told.ready, told.live) == (False, 1)


async def test_a_live_call_takes_the_slot_that_was_held_for_it(client: Redis, async_client: AsyncRedis) -> None:
    lease, capacity = worker(async_client), RedisCapacity(client)
    await lease.beat(ready=True)
    capacity.acquire(A, hold_for=HOLD)

    assert lease.admit(A)
    await lease.beat(ready=True)
    assert capacity.free() == 1

    await lease.release(A)
    await lease.beat(ready=True)
    assert capacity.free() == 2


async def test_the_worker_has_the_last_word(async_client: AsyncRedis) -> None:
    lease = worker(async_client)

    assert [lease.admit(attempt) for attempt in (A, A, B, C)] == [True, False, True, False]
    assert lease.live == {A, B}


async def test_after_redis_forgot_everything_the_live_calls_count_first(
    client: Redis, async_client: AsyncRedis
) -> None:
    lease, capacity = worker(async_client), RedisCapacity(client)
    await lease.beat(ready=True)
    lease.admit(A)
    client.flushall()
    await lease.beat(ready=True)

    assert capacity.free() == 0
    client.hset(keys.lease("w1"), "counts_from", 0)  # as after the warm-up
    assert capacity.free() == 1


async def test_a_restarted_worker_owes_nothing_to_its_former_life(client: Redis, async_client: AsyncRedis) -> None:
    capacity = RedisCapacity(client)
    await worker(async_client).beat(ready=True)
    capacity.acquire(A, hold_for=HOLD)
    await worker(async_client, epoch="e2").beat(ready=True)

    assert capacity.free() == 2


async def test_a_worker_that_gives_up_is_gone_at_once(client: Redis, async_client: AsyncRedis) -> None:
    lease = worker(async_client)
    await lease.beat(ready=True)
    await lease.give_up()

    assert RedisCapacity(client).free() == 0


async def test_many_who_ask_at_once_get_no_more_than_there_is(
    client: Redis, async_client: AsyncRedis, redis_url: str
) -> None:
    await worker(async_client, slots=5).beat(ready=True)
    await worker(async_client, slots=5, name="w2").beat(ready=True)
    capacity = RedisCapacity(client)

    held = at_once(32, lambda number: capacity.acquire(AttemptId(f"attempt-{number}"), hold_for=HOLD))

    assert sum(lease is not None for lease in held) == 10


async def test_without_redis_nobody_dials_and_calls_go_on() -> None:
    with make_redis(NOWHERE) as client:
        capacity = RedisCapacity(client)
        for ask in (capacity.free, lambda: capacity.acquire(A, hold_for=HOLD), lambda: capacity.lease_of("w1")):
            with pytest.raises(Unavailable):
                ask()
    async with make_async_redis(NOWHERE) as absent:
        lease = worker(absent)
        with pytest.raises(Unavailable):
            await lease.beat(ready=True)
        assert lease.admit(A)
        await lease.release(A)
        assert lease.live == frozenset()
