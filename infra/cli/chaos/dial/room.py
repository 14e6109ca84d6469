"""Voice workers in virtual time: slots that are held, live, or run out by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from infra.cli.chaos.dial.timeline import Timeline
from shared.calls.ports import Lease
from shared.kernel.ids import AttemptId


@dataclass(frozen=True)
class _Slot:
    worker: str
    until: datetime


class SimulatedRoom:
    """``Capacity`` over workers that can die and come back with another epoch."""

    def __init__(self, leases: Sequence[Lease], timeline: Timeline) -> None:
        self._leases = {lease.worker: lease for lease in leases}
        self._slots: dict[str, _Slot] = {}
        self._timeline = timeline
        self.most_over = 0

    def free(self) -> int:
        """Slots that are neither held nor live."""
        return sum(self._room(lease) for lease in self._leases.values())

    def acquire(
        self, attempt_id: AttemptId, *, hold_for: timedelta, leave_free: int = 0, worker: str | None = None
    ) -> Lease | None:
        """Hold a slot for the attempt, the one it has if it has one."""
        now = self._timeline.now()
        held = self._slots.get(attempt_id)
        if held is not None and held.until > now:
            self._slots[attempt_id] = _Slot(held.worker, max(held.until, now + hold_for))
            return self._leases[held.worker]
        if self.free() <= leave_free:
            return None
        wanted = self._leases.get(worker or "")
        chosen = wanted if wanted and self._room(wanted) > 0 else max(self._leases.values(), key=self._room)
        if self._room(chosen) <= 0:
            return None
        self._slots[attempt_id] = _Slot(chosen.worker, now + hold_for)
        return chosen

    def lease_of(self, worker: str) -> Lease | None:
        """The worker's lease while it lives."""
        lease = self._leases.get(worker)
        return lease if lease and lease.ready else None

    def release(self, attempt_id: AttemptId, *, worker: str) -> None:
        """Let go of the slot."""
        held = self._slots.get(attempt_id)
        if held and held.worker == worker:
            del self._slots[attempt_id]

    def goes_live(self, attempt_id: str, worker: str, until: datetime) -> None:
        """The worker talks in this call until then, at most."""
        self._slots[attempt_id] = _Slot(worker, until)
        over = sum(slot.until > self._timeline.now() for slot in self._slots.values() if slot.worker == worker)
        self.most_over = max(self.most_over, over - self._leases[worker].slots)

    def dies(self, worker: str) -> None:
        """The worker's process is gone, with all its slots."""
        self._leases[worker] = replace(self._leases[worker], ready=False)
        self._slots = {attempt: slot for attempt, slot in self._slots.items() if slot.worker != worker}

    def comes_back(self, worker: str) -> None:
        """The worker starts a new life."""
        lease = self._leases[worker]
        self._leases[worker] = replace(lease, ready=True, epoch=f"{lease.epoch}+")

    def held(self) -> list[str]:
        """Attempts that hold a slot now."""
        now = self._timeline.now()
        return [attempt for attempt, slot in self._slots.items() if slot.until > now]

    def _room(self, lease: Lease) -> int:
        if not lease.ready:
            return 0
        now = self._timeline.now()
        return lease.slots - sum(slot.worker == lease.worker and slot.until > now for slot in self._slots.values())
