"""Stop switches in memory."""

from collections.abc import Sequence
from datetime import datetime

from shared.adapters.memory.store import MemoryStore
from shared.calls.stops import StopScope, StopSwitch, reaching
from shared.kernel.ids import CampaignId, SellerId


class MemoryStopSwitches:
    """``StopSwitches`` in memory."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def thrown(
        self, *, seller_id: SellerId, campaign_id: CampaignId, kept: Sequence[StopSwitch] | None = None
    ) -> Sequence[StopSwitch]:
        if kept is not None:
            return kept
        with self._store.lock:
            stops = self._store.stops
            return [stops[key] for key in reaching(seller_id, campaign_id) if key in stops] if stops else []

    def throw(self, switch: StopSwitch) -> None:
        with self._store.lock:
            self._store.stops.setdefault((switch.scope, switch.target), switch)
            self._store.put_messages(switch.errand())

    def lift(self, scope: StopScope, target: str | None, *, at: datetime, by: str) -> bool:
        with self._store.lock:
            return self._store.stops.pop((scope, target), None) is not None

    def all(self) -> Sequence[StopSwitch]:
        with self._store.lock:
            return sorted(self._store.stops.values(), key=lambda switch: switch.at)
