"""Room for calls, by the leases that voice workers keep fresh."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from redis import Redis

from shared.adapters.redis import keys, scripts
from shared.adapters.redis.connect import in_our_words
from shared.calls.ports import Lease
from shared.kernel.ids import AttemptId


class RedisCapacity:
    """``Capacity`` in Redis. When Redis is away every question raises ``Unavailable``, so nobody dials."""

    def __init__(self, client: Redis) -> None:
        self._redis = client
        self._free = client.register_script(scripts.FREE)
        self._acquire = client.register_script(scripts.ACQUIRE)
        self._lease_of = client.register_script(scripts.LEASE_OF)
        self._release = client.register_script(scripts.RELEASE)

    def free(self) -> int:
        with in_our_words():
            return int(self._free(keys=[keys.WORKERS]))

    def acquire(
        self, attempt_id: AttemptId, *, hold_for: timedelta, leave_free: int = 0, worker: str | None = None
    ) -> Lease | None:
        wish: list[str | int] = [attempt_id, keys.milliseconds(hold_for), leave_free, worker or ""]
        with in_our_words():
            return _lease(self._acquire(keys=[keys.WORKERS], args=wish))

    def lease_of(self, worker: str) -> Lease | None:
        with in_our_words():
            return _lease(self._lease_of(keys=[keys.WORKERS], args=[worker]))

    def release(self, attempt_id: AttemptId, *, worker: str) -> None:
        with in_our_words():
            self._release(keys=[keys.lease(worker)], args=[worker, attempt_id])


def _lease(told: Sequence[Any] | None) -> Lease | None:
    if told is None:
        return None
    worker, epoch, url, slots, live, ready, load = told
    return Lease(
        worker=worker, epoch=epoch, url=url, slots=int(slots), live=int(live), ready=ready == "1", load=float(load)
    )
