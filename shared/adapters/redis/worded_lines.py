"""Lines that a model has worded and that anybody may hear, shared by workers."""

from collections.abc import Sequence
from datetime import timedelta

from redis.asyncio import Redis

from shared.adapters.redis import keys
from shared.adapters.redis.connect import in_our_words

LIFETIME = timedelta(days=7)
LONGEST = 1_000
"""Characters of one answer; a longer one is not kept."""


class RedisWordedLines:
    """``WordedLines`` in Redis: one hash a key, its answers by place, forgotten when none was added for a while.

    Args:
        client: One that gives text.
        kept_for: How long.
    """

    def __init__(self, client: Redis, *, kept_for: timedelta = LIFETIME) -> None:
        self._redis = client
        self._kept_ms = keys.milliseconds(kept_for)

    async def get(self, under: Sequence[str], place: int) -> list[str | None]:
        with in_our_words():
            async with self._redis.pipeline(transaction=False) as pipe:
                for key in under:
                    pipe.hget(keys.worded_lines(key), str(place))
                found = await pipe.execute()
        return [each if isinstance(each, str) else None for each in found]

    async def put(self, under: Sequence[str], place: int, text: str) -> None:
        if len(text) > LONGEST:
            return
        with in_our_words():
            async with self._redis.pipeline(transaction=True) as pipe:
                for key in under:
                    pipe.hset(keys.worded_lines(key), str(place), text)
                    pipe.pexpire(keys.worded_lines(key), self._kept_ms)
                await pipe.execute()
