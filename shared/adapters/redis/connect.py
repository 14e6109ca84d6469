"""Clients of Redis, and how its failures read in our words."""

from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis, RedisError
from redis.asyncio import Redis as AsyncRedis
from redis.backoff import NoBackoff
from redis.retry import Retry

from shared.kernel.errors import Malformed, Unavailable

TIMEOUT_SECONDS = 2.0


def make_redis(url: str) -> Redis:
    """A client for code that waits; nothing is connected before the first use.

    Raises:
        Malformed: The address cannot be read.
    """
    try:
        return Redis.from_url(
            url,
            decode_responses=True,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 1),
        )
    except ValueError as error:
        raise Malformed("REDIS_URL is not an address: write redis://:password@host:6379/0") from error


def make_async_redis(url: str) -> AsyncRedis:
    """A client for the voice node and the simulated carrier; nothing is connected before the first use.

    Raises:
        Malformed: The address cannot be read.
    """
    try:
        return AsyncRedis.from_url(url, decode_responses=True, socket_connect_timeout=TIMEOUT_SECONDS)
    except ValueError as error:
        raise Malformed("REDIS_URL is not an address: write redis://:password@host:6379/0") from error


def make_bytes_redis(url: str) -> AsyncRedis:
    """A client for the voice node whose answers are bytes, as sound is; its sockets give up soon.

    Raises:
        Malformed: The address cannot be read.
    """
    try:
        return AsyncRedis.from_url(url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS)
    except ValueError as error:
        raise Malformed("REDIS_URL is not an address: write redis://:password@host:6379/0") from error


@contextmanager
def in_our_words() -> Iterator[None]:
    """Raise every failure of Redis as ``Unavailable``."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise Unavailable(f"Redis cannot be used: {type(error).__name__}") from error
