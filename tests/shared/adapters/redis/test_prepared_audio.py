"""Prepared speech in Redis: bytes come back as they went, for a while."""

import pytest

from shared.adapters.redis import keys
from shared.adapters.redis.connect import make_bytes_redis
from shared.adapters.redis.prepared_audio import LARGEST, RedisAudio
from shared.kernel.errors import Malformed, Unavailable

SOUND = bytes(range(256)) * 4


async def test_sound_comes_back_and_is_forgotten_in_the_end(redis_url: str) -> None:
    async with make_bytes_redis(redis_url) as client:
        shelf = RedisAudio(client)
        assert await shelf.get("k") is None
        await shelf.put("k", SOUND)
        assert await shelf.get("k") == SOUND
        assert await client.ttl(keys.prepared_audio("k")) > 0


async def test_what_is_too_large_is_not_kept(redis_url: str) -> None:
    async with make_bytes_redis(redis_url) as client:
        await RedisAudio(client).put("big", bytes(LARGEST + 1))
        assert await RedisAudio(client).get("big") is None


async def test_redis_that_is_away_is_unavailable() -> None:
    async with make_bytes_redis("redis://127.0.0.1:1/0") as client:
        with pytest.raises(Unavailable):
            await RedisAudio(client).get("k")


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(Malformed, match="REDIS_URL"):
        make_bytes_redis("not an address")
