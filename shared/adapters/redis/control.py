"""Commands to live calls, such as hanging up: one stream per attempt."""

from collections.abc import AsyncGenerator, Sequence
from typing import Any, cast

from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from shared.adapters.redis import keys
from shared.adapters.redis.connect import in_our_words


class ControlSender:
    """The control plane's end."""

    def __init__(self, client: Redis) -> None:
        self._redis = client

    def send(self, attempt_id: str, command: str) -> None:
        """Leave a command for the call; nobody reads it once the call is over.

        Raises:
            Unavailable: Redis is away.
        """
        key = keys.control(attempt_id)
        with in_our_words(), self._redis.pipeline(transaction=True) as pipe:
            pipe.xadd(key, {"command": command}, maxlen=keys.CONTROL_LENGTH, approximate=True)
            pipe.pexpire(key, keys.milliseconds(keys.CONTROL_FOR))
            pipe.execute()


class ControlReceiver:
    """The voice node's end."""

    def __init__(self, client: AsyncRedis) -> None:
        self._redis = client

    async def commands(self, attempt_id: str, *, block_ms: int = 500) -> AsyncGenerator[str, None]:
        """Every command for the call, from its beginning, for as long as it is asked.

        Raises:
            Unavailable: Redis is away.
        """
        key, last = keys.control(attempt_id), "0-0"
        while True:
            with in_our_words():
                streams = await self._redis.xread({key: last}, block=block_ms)
            for _, found in cast(Sequence[tuple[str, Any]], streams or ()):
                for entry_id, fields in found:
                    last = entry_id
                    yield fields["command"]
