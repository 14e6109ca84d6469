"""Alerts about money in memory, and where they are sent in tests."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shared.adapters.memory.store import MemoryStore
from shared.costs import Alert
from shared.kernel.errors import Unavailable


class MemoryAlertRepository:
    """``AlertRepository`` in memory."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def add(self, alert: Alert) -> bool:
        with self._store.lock:
            return self._store.alerts.setdefault(alert.key, alert) is alert

    def known(self, keys: Sequence[str]) -> frozenset[str]:
        return frozenset(key for key in keys if key in self._store.alerts)

    def unsent(self) -> Sequence[Alert]:
        with self._store.lock:
            waiting = [alert for alert in self._store.alerts.values() if alert.sent_at is None]
        return sorted(waiting, key=lambda alert: alert.at)

    def mark_sent(self, alert_id: str, *, now: datetime) -> None:
        with self._store.lock:
            for key, alert in self._store.alerts.items():
                if alert.id == alert_id:
                    self._store.alerts[key] = replace(alert, sent_at=now)

    def since(self, moment: datetime) -> Sequence[Alert]:
        with self._store.lock:
            found = [alert for alert in self._store.alerts.values() if alert.at >= moment]
        return sorted(found, key=lambda alert: (alert.at, alert.id), reverse=True)


class MemoryAlertSink:
    """``AlertSink`` that remembers what it was told; with ``is_away`` it fails."""

    def __init__(self) -> None:
        self.told: list[Alert] = []
        self.is_away = False

    def send(self, alert: Alert) -> None:
        if self.is_away:
            raise Unavailable("nobody can be told")
        self.told.append(alert)
