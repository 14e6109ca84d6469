"""One voice worker's side of the lease: what it says of itself, and its last word on who gets in."""

import logging

from redis import RedisError
from redis.asyncio import Redis

from shared.adapters.redis import keys, scripts
from shared.adapters.redis.connect import in_our_words
from shared.kernel.ids import AttemptId

logger = logging.getLogger(__name__)


class WorkerLease:
    """Publishes the worker's slots and live calls; ``beat`` it every ``keys.BEAT_EVERY``.

    Admission is decided here and works without Redis: Redis is only told. What it was not told in time, the next
    beat repeats.

    Args:
        worker: The worker's name, as it stands in its address.
        epoch: Names this life of the worker; a restarted worker has another.
        url: Where media sockets reach the node, without the path of the worker (``wss://node.example``).
        slots: How many calls it can hold.

    ``load`` (cores in use) and ``lag_ms`` (how late its event loop runs) are whatever was set last before a beat.
    """

    def __init__(self, client: Redis, *, worker: str, epoch: str, url: str, slots: int) -> None:
        self.worker = worker
        self.epoch = epoch
        self.slots = slots
        self.load = 0.0
        self.lag_ms = 0.0
        self._url = url
        self._redis = client
        self._live: set[AttemptId] = set()
        self._has_beaten = False
        self._beat = client.register_script(scripts.BEAT)

    @property
    def live(self) -> frozenset[AttemptId]:
        """The attempts that are being talked to."""
        return frozenset(self._live)

    async def beat(self, *, ready: bool) -> None:
        """Renew the lease and the slots of the live calls. A worker that drains beats on, not ready.

        Raises:
            Unavailable: Redis is away; calls go on, and no new ones come.
        """
        spans = (keys.LEASE_FOR, keys.LIVE_FOR, keys.WARM_UP)
        about: list[str | int] = [self.worker, self.epoch, self._url, self.slots, int(ready), int(not self._has_beaten)]
        about += [str(self.load), str(self.lag_ms)]
        with in_our_words():
            await self._beat(
                keys=[keys.lease(self.worker), keys.WORKERS, keys.slots(self.worker, self.epoch)],
                args=[*about, *(keys.milliseconds(span) for span in spans), *sorted(self._live)],
            )
        self._has_beaten = True

    def admit(self, attempt_id: AttemptId) -> bool:
        """Let a call in, if there is room for it. An attempt that is live already gets no second socket."""
        if attempt_id in self._live or len(self._live) >= self.slots:
            return False
        self._live.add(attempt_id)
        return True

    async def release(self, attempt_id: AttemptId) -> None:
        """The call is over. Should Redis be away, the slot's hold ends by itself."""
        self._live.discard(attempt_id)
        try:
            await self._redis.zrem(keys.slots(self.worker, self.epoch), attempt_id)
        except (RedisError, OSError) as error:
            logger.warning("slot not released", extra={"attempt_id": attempt_id, "error": type(error).__name__})

    async def give_up(self) -> None:
        """Withdraw the lease, so that nobody dials for a worker that is gone.

        Raises:
            Unavailable: Redis is away; the lease ends by itself.
        """
        with in_our_words():
            await self._redis.zrem(keys.WORKERS, self.worker)
            await self._redis.delete(keys.lease(self.worker), keys.slots(self.worker, self.epoch))
