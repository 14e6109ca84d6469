"""Where a call stands is one hash in Redis, each part in a field of its own, and gone after an hour."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from shared.adapters.redis import keys
from shared.adapters.redis.connect import make_bytes_redis
from shared.adapters.redis.saved_calls import RedisSavedCalls
from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId

CALL = AttemptId("0195a000-0000-7000-8000-000000000001")


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = make_bytes_redis(redis_url)
    yield client
    await client.aclose()


async def test_the_newest_record_of_each_part_is_kept(redis: Redis) -> None:
    calls = RedisSavedCalls(redis)
    await calls.put(CALL, 0, b"one")
    await calls.put(CALL, 0, b"two")
    await calls.put(CALL, 1, b"\x00\xff")

    assert [await calls.get(CALL, part) for part in range(3)] == [b"two", b"\x00\xff", None]


async def test_a_call_is_forgotten_whole_or_after_an_hour(redis: Redis) -> None:
    calls = RedisSavedCalls(redis)
    await calls.put(CALL, 0, b"one")
    await calls.put(CALL, 1, b"two")
    left = await redis.pttl(keys.saved_call(CALL))

    assert 0 < left <= keys.milliseconds(keys.SAVED_FOR)
    await calls.forget(CALL)
    assert await calls.get(CALL, 0) is None
    assert await calls.get(CALL, 1) is None


async def test_a_redis_that_is_away_is_said_so() -> None:
    calls = RedisSavedCalls(make_bytes_redis("redis://127.0.0.1:1/0"))

    with pytest.raises(Unavailable):
        await calls.get(CALL, 0)
    with pytest.raises(Unavailable):
        await calls.put(CALL, 0, b"one")
    with pytest.raises(Unavailable):
        await calls.forget(CALL)
