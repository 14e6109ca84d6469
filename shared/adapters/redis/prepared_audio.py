"""Prepared speech that workers share."""

from datetime import timedelta

from redis.asyncio import Redis

from shared.adapters.redis import keys
from shared.adapters.redis.connect import in_our_words

LIFETIME = timedelta(days=7)
LARGEST = 512 * 1024


class RedisAudio:
    """Pieces of speech by their keys, forgotten a week after they were last wanted.

    Args:
        client: One that gives bytes.
    """

    def __init__(self, client: Redis) -> None:
        self._redis = client

    async def get(self, key: str) -> bytes | None:
        with in_our_words():
            found = await self._redis.getex(keys.prepared_audio(key), ex=LIFETIME)
        return bytes(found) if isinstance(found, bytes) else None

    async def put(self, key: str, kept: bytes) -> None:
        if len(kept) <= LARGEST:
            with in_our_words():
                await self._redis.set(keys.prepared_audio(key), kept, ex=LIFETIME)
