"""Settle a call: what it used becomes cost lines, the held money becomes spent money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shared.costs.alert import Alert, Level
from shared.costs.booking import Account, Booking, settling
from shared.costs.ports import AlertRepository, CostRepository
from shared.costs.price_table import PriceTable
from shared.costs.pricing import CARRIER, CARRIER_INBOUND, price_known
from shared.costs.usage import Component, CostLine, Unit, Usage
from shared.kernel.ids import AttemptId, new_id
from shared.kernel.money import ZERO
from shared.kernel.outbox import NewMessage

# What the node counts; the rest is the carrier's count or ours, whatever a report says.
COUNTED_BY_NODE = frozenset(
    {
        Component.MEDIA_STREAM,
        Component.SPEECH_TO_TEXT,
        Component.TEXT_TO_SPEECH,
        Component.LANGUAGE_MODEL,
        Component.COMPUTE,
        Component.RECORDING,
    }
)
MOST_USED = 100_000_000
"""More than one call uses of everything together, in whatever units."""


@dataclass(frozen=True, kw_only=True)
class CallCharges:
    """What is known of an ended call when its money is settled.

    ``was_placed`` says whether the carrier took the call; ``duration_seconds`` is the carrier's count from the answer;
    ``usages`` is what the node reported, all parts of its report together.
    """

    was_placed: bool
    was_answered: bool
    was_streamed: bool
    duration_seconds: int = 0
    is_inbound: bool = False
    usages: tuple[Usage, ...] = ()

    @property
    def basis(self) -> int:
        """How much is known, in a number that only grows: a settlement never gives way to one that knows less."""
        told = sum((self.was_placed, self.was_answered, self.was_streamed, self.duration_seconds > 0))
        used = int(sum((usage.quantity for usage in self.usages), Decimal(0)))
        return told * MOST_USED + min(used, MOST_USED - 1)


@dataclass(frozen=True, kw_only=True)
class CallBooks:
    """Where calls are booked, and where it is told when one costs more than it may."""

    costs: CostRepository
    alerts: AlertRepository


def usages_of(charges: CallCharges) -> tuple[Usage, ...]:
    """Everything the call pays for; a call that nobody answered pays its overhead alone."""
    overhead = Usage(component=Component.OVERHEAD, vendor="installation", quantity=Decimal(1), unit=Unit.CALL)
    if not charges.was_answered:
        return (overhead,)
    seconds = max(charges.duration_seconds, 1)  # an answer begins a minute
    of_carrier = _inbound(seconds) if charges.is_inbound else _outbound(seconds)
    of_node = tuple(usage for usage in charges.usages if usage.component in COUNTED_BY_NODE and usage.quantity)
    counted = {usage.component for usage in of_node}
    if charges.was_streamed and Component.MEDIA_STREAM not in counted:
        of_node += (_seconds(Component.MEDIA_STREAM, CARRIER, seconds),)
    if charges.was_streamed and Component.COMPUTE not in counted:
        of_node += (_seconds(Component.COMPUTE, "local", seconds),)
    return (*of_carrier, *of_node, overhead)


def settle_call(
    attempt_id: AttemptId,
    *,
    charges: CallCharges,
    books: CallBooks,
    prices: PriceTable,
    now: datetime,
    messages: Sequence[NewMessage] = (),
) -> bool:
    """Spend what the call cost and let the rest of its reservation go; whether this call booked anything.

    Safe to repeat, with the same knowledge or with more: what was learned later books only the difference. A call that
    the carrier never took costs nothing: its reservation is void; should it turn out that the carrier had it, it is
    booked all the same. The prices are those of the day on which the money was held, so that a new price never takes
    more than that. What costs more than was held is booked, because it is a fact, and an alert is raised. What the
    price table lacks is left out, and an alert says so: the rest goes free; settling again books the difference.

    Args:
        attempt_id: The attempt of the call.
        charges: What is known of the call by now.
        books: Where it is booked and alerts are kept.
        prices: The price table.
        now: The moment of the booking.
        messages: Written with the booking when the carrier's price is still to be asked for.

    Raises:
        NotFound: Nothing was ever reserved for the attempt.
    """
    reservation = books.costs.reservation(attempt_id)
    if not charges.was_placed:
        return books.costs.void(attempt_id, now=now)
    lines, unpriced = price_known(usages_of(charges), prices, on=reservation.made_at.date())
    _tell_of_unpriced(unpriced, attempt_id, books, now)

    def decide(account: Account) -> Booking | None:
        return settling(account, lines, basis=charges.basis, now=now)

    booking = books.costs.book(attempt_id, decide, *(messages if charges.was_answered else ()))
    if booking is None:
        return False
    _tell_of_excess(booking, lines, books, now)
    return True


def _tell_of_excess(booking: Booking, lines: Sequence[CostLine], books: CallBooks, now: datetime) -> None:
    """Raise an alert when the call cost more than its reservation."""
    reservation = booking.reservation
    cost = sum((line.amount for line in lines), ZERO)
    if cost <= reservation.amount:
        return
    alert = Alert(
        id=new_id(),
        key=f"excess:{reservation.attempt_id}",
        level=Level.WARNING,
        kind="excess",
        at=now,
        reason=f"a call cost {cost}, more than the {reservation.amount} that were held for it",
        evidence={
            "attempt_id": reservation.attempt_id,
            "cost_micro_usd": cost.micro_usd,
            "held_micro_usd": reservation.amount.micro_usd,
        },
    )
    books.alerts.add(alert)


def _tell_of_unpriced(unpriced: Sequence[Usage], attempt_id: AttemptId, books: CallBooks, now: datetime) -> None:
    """Raise an alert, once a day, for each thing that the price table lacks."""
    for usage in unpriced:
        thing = f"{usage.component.value} by {usage.vendor} per {usage.unit.value}"
        alert = Alert(
            id=new_id(),
            key=f"unpriced:{thing}:{now.date()}",
            level=Level.WARNING,
            kind="unpriced",
            at=now,
            reason=f"the price table lacks {thing}: calls that used it are booked without it",
            evidence={"attempt_id": attempt_id, "quantity": str(usage.quantity)},
        )
        books.alerts.add(alert)


def _inbound(seconds: int) -> tuple[Usage, ...]:
    """Whoever rings us is a person: nothing listens for a machine."""
    return (_seconds(Component.CARRIER_VOICE, CARRIER_INBOUND, seconds),)


def _outbound(seconds: int) -> tuple[Usage, ...]:
    detection = Usage(component=Component.MACHINE_DETECTION, vendor=CARRIER, quantity=Decimal(1), unit=Unit.CALL)
    return (_seconds(Component.CARRIER_VOICE, CARRIER, seconds), detection)


def _seconds(component: Component, vendor: str, seconds: int) -> Usage:
    return Usage(component=component, vendor=vendor, quantity=Decimal(seconds), unit=Unit.SECOND)
