"""Alerts about money: what is wrong, how bad, and that it was said once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from shared.kernel.ids import SellerId


class Level(StrEnum):
    """How bad: somebody should know, no new campaign starts, nobody is rung any more."""

    WARNING = "warning"
    CRITICAL = "critical"
    EMERGENCY = "emergency"


@dataclass(frozen=True, kw_only=True)
class Alert:
    """Something about money that a person has to know.

    ``key`` names the trouble, its level and its period: an alert of the same key is raised once. ``seller_id`` is
    ``None`` when it concerns the whole installation. ``reason`` is a plain sentence, ``evidence`` the figures.
    """

    id: str
    key: str
    level: Level
    kind: str
    at: datetime
    reason: str
    seller_id: SellerId | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    sent_at: datetime | None = None


class AlertSink(Protocol):
    """Where alerts are sent: people read it."""

    def send(self, alert: Alert) -> None:
        """Send it; the same one may come again when the first attempt seemed to fail.

        Raises:
            Unavailable: It could not be sent and has to be sent again.
        """
        ...
