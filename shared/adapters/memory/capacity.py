"""Voice workers with room, in memory."""

from collections import Counter
from datetime import timedelta
from threading import Lock

from shared.calls.ports import Lease
from shared.kernel.ids import AttemptId


class MemoryCapacity:
    """``Capacity`` over a fixed set of workers, whose leases never lapse and whose slots are held until released."""

    def __init__(self, *leases: Lease) -> None:
        self._leases = {lease.worker: lease for lease in leases}
        self._held: dict[AttemptId, str] = {}
        self._count: Counter[str] = Counter()
        self._lock = Lock()

    def free(self) -> int:
        with self._lock:
            return sum(self._room(lease) for lease in self._leases.values())

    def acquire(
        self, attempt_id: AttemptId, *, hold_for: timedelta, leave_free: int = 0, worker: str | None = None
    ) -> Lease | None:
        with self._lock:
            if attempt_id in self._held:
                return self._leases[self._held[attempt_id]]
            rooms = {worker: self._room(lease) for worker, lease in self._leases.items()}
            if sum(rooms.values()) <= max(0, leave_free):
                return None
            chosen = worker if worker and rooms.get(worker) else max(rooms, key=self._weight)
            self._held[attempt_id] = chosen
            self._count[chosen] += 1
            return self._leases[chosen]

    def lease_of(self, worker: str) -> Lease | None:
        return self._leases.get(worker)

    def release(self, attempt_id: AttemptId, *, worker: str) -> None:
        with self._lock:
            if self._held.get(attempt_id) == worker:
                del self._held[attempt_id]
                self._count[worker] -= 1

    def _room(self, lease: Lease) -> int:
        return max(0, lease.slots - lease.live - self._count[lease.worker]) if lease.ready else 0

    def _weight(self, worker: str) -> float:
        lease = self._leases[worker]
        return self._room(lease) * (1.05 - min(lease.load, 1.0))
