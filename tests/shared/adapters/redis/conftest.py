"""Clients of a Redis with nothing in it."""

from collections.abc import AsyncIterator, Iterator

import pytest
from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from shared.adapters.redis.connect import make_async_redis, make_redis


@pytest.fixture
def client(redis_url: str) -> Iterator[Redis]:
    with make_redis(redis_url) as opened:
        yield opened


@pytest.fixture
async def async_client(redis_url: str) -> AsyncIterator[AsyncRedis]:
    async with make_async_redis(redis_url) as opened:
        yield opened
