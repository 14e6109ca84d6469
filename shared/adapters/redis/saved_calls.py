"""Where live calls stand, for any worker of any node to go on with: one hash a call, one field for each part of it."""

from redis.asyncio import Redis

from shared.adapters.redis import keys
from shared.adapters.redis.connect import in_our_words
from shared.kernel.ids import AttemptId


class RedisSavedCalls:
    """Sealed records by call and part, forgotten an hour after they were last written.

    A part has a field of its own: a worker that was taken for dead never writes over the one that went on.

    Args:
        client: One that gives bytes.
    """

    def __init__(self, client: Redis) -> None:
        self._redis = client

    async def put(self, call: AttemptId, part: int, record: bytes) -> None:
        """Keep the newest record of a part.

        Raises:
            Unavailable: Redis is away.
        """
        key = keys.saved_call(call)
        with in_our_words():
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.hset(key, str(part), record)
                pipe.pexpire(key, keys.milliseconds(keys.SAVED_FOR))
                await pipe.execute()

    async def get(self, call: AttemptId, part: int) -> bytes | None:
        """The newest record of a part.

        Raises:
            Unavailable: Redis is away.
        """
        with in_our_words():
            found = await self._redis.hget(keys.saved_call(call), str(part))
        return bytes(found) if isinstance(found, bytes) else None

    async def forget(self, call: AttemptId) -> None:
        """Delete every part.

        Raises:
            Unavailable: Redis is away.
        """
        with in_our_words():
            await self._redis.delete(keys.saved_call(call))
