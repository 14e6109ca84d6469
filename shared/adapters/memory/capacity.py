"""Voice workers with room, in memory."""

from datetime import timedelta
from threading import Lock

from shared.calls.ports import Lease
from shared.kernel.ids import AttemptId


class MemoryCapacity:
    """``Capacity`` over a fixed set of workers, whose leases never lapse and whose slots are held until released."""

    def __init__(self, *leases: Lease) -> None:
        self._leases = {lease.worker: lease for lease in leases}
        self._held: dict[AttemptId, str] = {}
        self._lock = Lock()

    def free(self) -> int:
        with self._lock:
            return sum(self._room(lease) for lease in self._leases.values())

    def acquire(self, attempt_id: AttemptId, *, hold_for: timedelta) -> Lease | None:
        with self._lock:
            if attempt_id in self._held:
                return self._leases[self._held[attempt_id]]
            roomiest = max(self._leases.values(), key=self._room, default=None)
            if roomiest is None or self._room(roomiest) <= 0:
                return None
            self._held[attempt_id] = roomiest.worker
            return roomiest

    def lease_of(self, worker: str) -> Lease | None:
        return self._leases.get(worker)

    def release(self, attempt_id: AttemptId, *, worker: str) -> None:
        with self._lock:
            if self._held.get(attempt_id) == worker:
                del self._held[attempt_id]

    def _room(self, lease: Lease) -> int:
        held = sum(worker == lease.worker for worker in self._held.values())
        return max(0, lease.slots - lease.live - held) if lease.ready else 0
