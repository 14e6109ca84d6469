"""When a phone may ring, written down a second time: the judge of the dialler must not ask its rules.

Each place is a kind of lead: what its number and its record say, and the hours that every law concerned leaves open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

NOBODY_ASKED_CAP = 99
SUNDAY = 6


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a person is. ``zones`` are all clocks that count, hours are whole and local, ``opens`` inclusive.

    No zone at all means that nobody may ever ring there. ``timezone`` and ``state`` are what the lead's record says.
    """

    name: str
    area_code: str
    timezone: str | None
    state: str | None
    zones: Sequence[str]
    opens: int = 8
    closes: int = 21
    opens_sunday: int = 8
    most_a_day: int = NOBODY_ASKED_CAP

    def allows(self, at: datetime) -> bool:
        """Whether a phone may ring there at that moment."""
        return bool(self.zones) and all(self._is_open(at.astimezone(ZoneInfo(zone))) for zone in self.zones)

    def _is_open(self, local: datetime) -> bool:
        opens = self.opens_sunday if local.weekday() == SUNDAY else self.opens
        return opens <= local.hour < self.closes


CENTRAL, EASTERN, MOUNTAIN = "America/Chicago", "America/New_York", "America/Denver"
PLACES: Sequence[Place] = (
    Place(name="Austin", area_code="512", timezone=CENTRAL, state="TX", zones=[CENTRAL], opens=9, opens_sunday=12),
    Place(name="Denver", area_code="303", timezone=MOUNTAIN, state="CO", zones=[MOUNTAIN]),
    Place(name="Phoenix", area_code="602", timezone="America/Phoenix", state="AZ", zones=["America/Phoenix"]),
    Place(name="Chicago", area_code="312", timezone=CENTRAL, state="IL", zones=[CENTRAL]),
    Place(name="Miami", area_code="305", timezone=EASTERN, state="FL", zones=[EASTERN], closes=20, most_a_day=3),
    Place(
        name="a county of two zones",
        area_code="850",
        timezone=None,
        state="FL",
        zones=[CENTRAL, EASTERN],
        closes=20,
        most_a_day=3,
    ),
    Place(
        name="moved from Miami to Denver",
        area_code="305",
        timezone=MOUNTAIN,
        state="CO",
        zones=[MOUNTAIN, EASTERN],
        closes=20,
        most_a_day=3,
    ),
    Place(name="California", area_code="415", timezone="America/Los_Angeles", state="CA", zones=[]),
    Place(name="an area code that nobody knows", area_code="222", timezone=None, state=None, zones=[]),
)
HOW_MANY = (20, 12, 8, 10, 12, 8, 8, 2, 4)
"""How often each place comes up."""


def may_ring(place: Place, at: datetime, *, grace: timedelta = timedelta(0)) -> bool:
    """Whether a phone may ring at that moment, or might have so shortly before."""
    return place.allows(at) or place.allows(at - grace)
