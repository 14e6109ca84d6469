"""Hold our sums of a day against the carrier's, category by category, and name the calls that make a gap."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from shared.costs.alert import Alert, Level
from shared.costs.carrier_usage import CarrierBooks, CarrierUsage
from shared.costs.ports import AlertRepository
from shared.costs.pricing import CARRIER, CARRIER_INBOUND
from shared.costs.usage import Component
from shared.kernel.errors import NotFound
from shared.kernel.ids import new_id
from shared.kernel.money import ZERO, Money

TOLERANCE = Decimal("0.005")
MOST_ASKED = 200
"""Calls of one category and day whose price the carrier is asked for when the sums differ."""

Billed = tuple[Component, str]
"""What a cost line pays for, and whom."""
CATEGORIES: Mapping[str, Billed] = {
    "calls-outbound": (Component.CARRIER_VOICE, CARRIER),
    "calls-inbound": (Component.CARRIER_VOICE, CARRIER_INBOUND),
    "calls-media-stream-minutes": (Component.MEDIA_STREAM, CARRIER),
    "answering-machine-detection": (Component.MACHINE_DETECTION, CARRIER),
    "calls-recordings": (Component.RECORDING, CARRIER),
    "lookups": (Component.NUMBER_LOOKUP, CARRIER),
}
"""Our cost lines by the carrier's name for them; categories with sums of others are left out."""


@dataclass(frozen=True, kw_only=True)
class BookedUsage:
    """What we booked for one kind of thing on one day: for how many calls or look-ups, and how much."""

    billed: Billed
    count: int
    amount: Money


@dataclass(frozen=True, kw_only=True)
class CallGap:
    """One call whose price is not what we booked; ``theirs`` is ``None`` while the carrier has not said it."""

    sid: str
    ours: Money
    theirs: Money | None


@dataclass(frozen=True, kw_only=True)
class UsageCheck:
    """One category of one day (UTC): what we booked, what the carrier bills, and the calls that explain a gap."""

    day: date
    category: str
    our_count: int
    ours: Money
    their_count: int
    theirs: Money
    at: datetime
    gaps: tuple[CallGap, ...] = ()

    @property
    def share(self) -> Decimal:
        """The gap as a share of the carrier's sum; ``1`` when only we have one."""
        gap = abs(self.ours.micro_usd - self.theirs.micro_usd)
        if not gap:
            return Decimal(0)
        return Decimal(gap) / self.theirs.micro_usd if self.theirs else Decimal(1)

    @property
    def holds(self) -> bool:
        """Whether the two agree within the tolerance."""
        return self.share <= TOLERANCE


class UsageBook(Protocol):
    """Our side of the comparison, and where its results are kept."""

    def booked(self, day: date) -> Sequence[BookedUsage]:
        """What was booked for the calls that ended on that day (UTC), and for the look-ups made on it."""
        ...

    def booked_calls(self, day: date, billed: Billed, *, limit: int) -> Sequence[tuple[str, Money]]:
        """Those calls one by one, dearest first: the carrier's id and what we booked."""
        ...

    def keep(self, checks: Sequence[UsageCheck]) -> None:
        """Keep the results of a day, over those of an earlier comparison."""
        ...

    def checks(self, since: date) -> Sequence[UsageCheck]:
        """The results from that day on, newest first."""
        ...


def reconcile_usage(
    day: date, *, book: UsageBook, carrier: CarrierBooks, alerts: AlertRepository, now: datetime
) -> tuple[UsageCheck, ...]:
    """Compare one day (UTC) and keep the result; what does not agree raises an alert. Safe to repeat.

    Raises:
        Refused: The carrier does not show its books.
        Unavailable: The carrier failed.
    """
    theirs = {used.category: used for used in carrier.usage(day, day) if used.day == day}
    ours = {used.billed: used for used in book.booked(day)}
    checks = tuple(_checks(day, ours, theirs, book=book, carrier=carrier, now=now))
    book.keep(checks)
    for check in checks:
        if not check.holds:
            alerts.add(_alert(check))
    return checks


def _checks(
    day: date,
    ours: Mapping[Billed, BookedUsage],
    theirs: Mapping[str, CarrierUsage],
    *,
    book: UsageBook,
    carrier: CarrierBooks,
    now: datetime,
) -> Iterator[UsageCheck]:
    for category, billed in CATEGORIES.items():
        own, used = ours.get(billed), theirs.get(category)
        if own is None and used is None:
            continue
        check = UsageCheck(
            day=day,
            category=category,
            our_count=own.count if own else 0,
            ours=own.amount if own else ZERO,
            their_count=used.count if used else 0,
            theirs=used.price if used else ZERO,
            at=now,
        )
        if not check.holds and billed[0] is Component.CARRIER_VOICE:
            gaps = tuple(_gaps(book.booked_calls(day, billed, limit=MOST_ASKED), carrier))
            check = replace(check, gaps=gaps)
        yield check


def _gaps(calls: Sequence[tuple[str, Money]], carrier: CarrierBooks) -> Iterator[CallGap]:
    """The calls that the carrier prices otherwise; one that it does not have costs nothing there."""
    for sid, booked in calls:
        try:
            price = carrier.price_of(sid)
        except NotFound:
            price = ZERO
        if price != booked:
            yield CallGap(sid=sid, ours=booked, theirs=price)


def _alert(check: UsageCheck) -> Alert:
    reason = (
        f"{check.category} of {check.day}: we booked {check.ours}, the carrier bills {check.theirs} ({check.share:.1%})"
    )
    return Alert(
        id=new_id(),
        key=f"usage:{check.day}:{check.category}",
        level=Level.WARNING,
        kind="usage",
        at=check.at,
        reason=reason,
        evidence={"ours_micro_usd": check.ours.micro_usd, "theirs_micro_usd": check.theirs.micro_usd},
    )
