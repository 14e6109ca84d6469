"""A lead: one person, one phone number, one place in the journey."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from shared.kernel.errors import Refused
from shared.kernel.ids import CampaignId, LeadId, SellerId
from shared.kernel.week import Week


class LeadKind(StrEnum):
    """What the person wants from us."""

    SELLER = "seller"
    BUYER = "buyer"
    RENTER = "renter"


class LeadStatus(StrEnum):
    """Where a lead stands. ``opted_out`` is absorbing and beats everything."""

    NEW = "new"
    READY = "ready"
    CLAIMED = "claimed"
    IN_CALL = "in_call"
    QUALIFIED = "qualified"
    NOT_QUALIFIED = "not_qualified"
    NOT_INTERESTED = "not_interested"
    OPTED_OUT = "opted_out"
    UNREACHABLE = "unreachable"
    INVALID = "invalid"
    BLOCKED = "blocked"
    EXHAUSTED = "exhausted"


PLACE = ("status", "attempts", "next_attempt_at", "promised_at")
"""The fields of a lead that say where it stands; whoever moves it must have read them as they are."""


class OptedOut(Refused):
    """The person asked not to be called again."""

    def __init__(self, lead_id: LeadId) -> None:
        super().__init__(f"lead {lead_id} has opted out")


@dataclass(frozen=True, kw_only=True)
class Lead:
    """One person we might call.

    ``phone`` is E.164. ``timezone`` (IANA) and ``state`` (two letters) are the person's own where known;
    ``subject`` is what they asked about, ``source`` where, ``asked_at`` when. ``next_attempt_at`` is aware UTC,
    or ``None`` when no attempt is planned. ``priority`` is rung first where it is higher. ``hours`` are those of the
    person's own clock at which they want to be rung. ``promised_at`` is the call-back they were promised, until it is
    made. ``variant`` is what the campaign's experiment gave them, for good. ``zone_confirmed_at`` is when they told us
    themselves where they are; ``spoken_at`` when we last talked with them. Every change but ``claimed`` leaves a lead
    that has opted out as it is.
    """

    id: LeadId
    seller_id: SellerId
    campaign_id: CampaignId | None = None
    phone: str
    first_name: str
    last_name: str = ""
    email: str | None = None
    kind: LeadKind = LeadKind.SELLER
    subject: str = ""
    source: str = ""
    asked_at: datetime | None = None
    timezone: str | None = None
    state: str | None = None
    postal_code: str | None = None
    status: LeadStatus = LeadStatus.NEW
    attempts: int = 0
    next_attempt_at: datetime | None = None
    priority: int = 0
    hours: Week = ()
    promised_at: datetime | None = None
    variant: str | None = None
    zone_confirmed_at: datetime | None = None
    spoken_at: datetime | None = None
    score: int | None = None
    disposition: str | None = None
    created_at: datetime

    def claimed(self) -> "Lead":
        """The lead while an attempt to ring it is planned, that attempt counted.

        Raises:
            OptedOut: The person asked not to be called again.
        """
        if self.status is LeadStatus.OPTED_OUT:
            raise OptedOut(self.id)
        return replace(self, status=LeadStatus.CLAIMED, attempts=self.attempts + 1, next_attempt_at=None)

    def postponed_to(self, moment: datetime) -> "Lead":
        """The lead, ready again from ``moment`` (aware UTC) on."""
        return self._moved(LeadStatus.READY, next_attempt_at=moment)

    def opted_out(self) -> "Lead":
        """The lead after the person asked not to be called again, for good."""
        return replace(self, status=LeadStatus.OPTED_OUT, next_attempt_at=None)

    def after_call(self, status: LeadStatus, *, disposition: str, score: int | None, at: datetime | None) -> "Lead":
        """The lead after an attempt that ended as ``disposition``; ``at`` is the next attempt, if there is one.

        An earlier score stands when the call gave none.
        """
        moved = self._moved(status, next_attempt_at=at)
        return replace(moved, disposition=disposition, score=self.score if score is None else score)

    def _moved(self, status: LeadStatus, next_attempt_at: datetime | None = None) -> "Lead":
        if self.status is LeadStatus.OPTED_OUT:
            return self
        return replace(self, status=status, next_attempt_at=next_attempt_at)
