"""Our own numbers: whose they are, how they fare, and which of them a lead sees."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from shared.kernel.errors import Refused
from shared.kernel.ids import CampaignId, SellerId
from shared.leads import Lead

RAMP = ((7, 40), (14, 80), (21, 150), (28, 250))
"""Dials a day that a new number may make until it is so many days old."""
BLOCKING = (603, 607, 608)
"""SIP answers: declined (by networks that mean "blocked", too), unwanted, rejected by call analytics."""
SHORT_SECONDS = 6
MOST_COUNTED = 1000


class NotOurs(Refused):
    """The number belongs to another seller, or was given up."""


@dataclass(frozen=True, kw_only=True)
class OwnNumber:
    """A number of ours (E.164): what people see when we call, and where they reach us.

    Without ``campaign_id`` every campaign of the seller may use it. ``authorisation`` says by what right we show it
    (the carrier's bundle, a letter). A number with ``warms_up`` is new to the networks and begins with few dials a
    day. While ``cooled_until`` lies ahead nobody is rung from it; a number that is ``retired_at`` only answers.
    """

    phone: str
    seller_id: SellerId
    campaign_id: CampaignId | None = None
    added_at: datetime
    authorisation: str = ""
    warms_up: bool = False
    cooled_until: datetime | None = None
    cooled_because: str | None = None
    retired_at: datetime | None = None

    def is_cooling(self, now: datetime) -> bool:
        """Whether it rests."""
        return self.cooled_until is not None and now < self.cooled_until

    def is_healthy(self, now: datetime) -> bool:
        """Whether people may be rung from it."""
        return self.retired_at is None and not self.is_cooling(now)

    def may_serve(self, campaign_id: CampaignId | None) -> bool:
        """Whether it may show up in calls of the campaign."""
        return self.campaign_id is None or self.campaign_id == campaign_id

    def most_dials(self, now: datetime) -> int | None:
        """How many dials it may make in 24 hours at its age; ``None`` is no limit of its own."""
        if not self.warms_up:
            return None
        return next((dials for days, dials in RAMP if now < self.added_at + timedelta(days=days)), None)

    def cooled(self, until: datetime, because: str) -> "OwnNumber":
        """The number, at rest."""
        return replace(self, cooled_until=until, cooled_because=because)

    def retired(self, now: datetime) -> "OwnNumber":
        """The number, given up for calling; whoever calls it is still answered."""
        return replace(self, retired_at=self.retired_at or now)


@dataclass(frozen=True, kw_only=True)
class NumberStats:
    """How calls from a number went: ``answered`` by people, ``short`` of these ended within seconds.

    ``blocked`` are those that a network refused for what it thinks of the number (SIP 603, 607, 608).
    """

    dials: int = 0
    answered: int = 0
    short: int = 0
    blocked: int = 0


class OwnNumberRepository(Protocol):
    """Where our numbers are kept."""

    def of_seller(self, seller_id: SellerId) -> Sequence[OwnNumber]:
        """The seller's numbers, the longest kept first, retired ones too."""
        ...

    def all(self) -> Sequence[OwnNumber]:
        """Every number, seller by seller."""
        ...

    def by_phone(self, phone: str) -> OwnNumber | None:
        """The number, if it is ours."""
        ...

    def save(self, number: OwnNumber) -> None:
        """Keep a new or changed number."""
        ...

    def stats(self, phone: str, since: datetime) -> NumberStats:
        """How the calls dialled from it since then went, as far as they are over."""
        ...

    def dials(self, phones: Sequence[str], since: datetime) -> Mapping[str, int]:
        """How often each of the numbers dialled in the 24 hours from ``since`` on, up to ``MOST_COUNTED``."""
        ...


def choose_caller_id(
    lead: Lead,
    numbers: Sequence[OwnNumber],
    *,
    now: datetime,
    dials: Mapping[str, int] | None = None,
    last: str | None = None,
) -> OwnNumber | None:
    """The number that the lead sees, or ``None`` when none of ``numbers`` may be used now.

    ``last`` is the one that they saw before: they see it again while it may be used. Otherwise it is the least used
    by ``dials`` (of the last 24 hours), and among equals always the same one for the same lead.
    """
    made = dials or {}
    fit = [each for each in numbers if _is_fit(each, lead, now, made.get(each.phone, 0))]
    known = next((each for each in fit if each.phone == last), None)
    if known or not fit:
        return known
    return min(fit, key=lambda each: (made.get(each.phone, 0), _draw(lead.phone, each.phone)))


def _is_fit(number: OwnNumber, lead: Lead, now: datetime, dials: int) -> bool:
    most = number.most_dials(now)
    return number.is_healthy(now) and number.may_serve(lead.campaign_id) and (most is None or dials < most)


def _draw(lead_phone: str, number: str) -> bytes:
    return hashlib.sha256(f"{lead_phone}\x00{number}".encode()).digest()
