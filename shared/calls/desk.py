"""A seller's desk for people who call: when it is open, and whom they can be put through to."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from shared.kernel.ids import SellerId
from shared.kernel.week import Week

DAYS_AHEAD = 8


@dataclass(frozen=True, kw_only=True)
class InboundDesk:
    """How one seller takes calls. ``hours`` are on the seller's clock (``timezone``, IANA); none mean always.

    ``transfer_to`` (E.164) is a person of the seller's, whom callers are put through to during these hours.
    """

    seller_id: SellerId
    hours: Week = ()
    timezone: str = "UTC"
    transfer_to: str | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether a call that comes at ``now`` is talked to."""
        if not self.hours:
            return True
        local = now.astimezone(ZoneInfo(self.timezone))
        return any(
            hours.weekday == local.weekday() and hours.opens <= local.time() < hours.closes for hours in self.hours
        )

    def next_opening(self, now: datetime) -> datetime:
        """The moment from which somebody can call back (aware UTC): ``now`` while it is open."""
        if self.is_open(now):
            return now
        zone = ZoneInfo(self.timezone)
        today = now.astimezone(zone).date()
        openings = (
            datetime.combine(today + timedelta(days=ahead), hours.opens, zone).astimezone(UTC)
            for ahead in range(DAYS_AHEAD)
            for hours in self.hours
            if hours.weekday == (today + timedelta(days=ahead)).weekday()
        )
        return min(opening for opening in openings if opening > now)


class DeskRepository(Protocol):
    """Where desks are kept."""

    def desk(self, seller_id: SellerId) -> InboundDesk:
        """The seller's desk; one that was never set is always open and puts nobody through."""
        ...

    def save_desk(self, desk: InboundDesk) -> None:
        """Keep a new or changed desk."""
        ...
