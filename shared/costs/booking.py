"""What is booked for an attempt, and what has to be booked next: pure, so that repeating it books nothing twice."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from shared.costs.budget import Reservation, ReservationState
from shared.costs.ledger import OWN_PURSE, LedgerTransaction, expense, held, purse, transaction
from shared.costs.usage import Charge, Component, CostLine, Unit
from shared.kernel.money import ZERO, Money

TRUE_UP = "true-up"
"""The price version of lines that come from the carrier's own price, not from a table."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """All that is booked for one attempt: its reservation, and its cost lines as they were written, in order."""

    reservation: Reservation
    lines: tuple[CostLine, ...] = ()

    @property
    def is_trued_up(self) -> bool:
        """Whether the carrier has said its price."""
        return any(line.price_version == TRUE_UP for line in self.lines)

    def spent_on(self, component: Component) -> Money:
        """What one kind of thing has cost so far."""
        return sum((line.amount for line in self.lines if line.component is component), ZERO)


@dataclass(frozen=True, kw_only=True)
class Booking:
    """One step: the reservation as it stands afterwards, the lines to add, and the movement of money."""

    reservation: Reservation
    transaction: LedgerTransaction
    lines: tuple[CostLine, ...] = ()

    @property
    def spent(self) -> Money:
        """What the step spends; below zero when it gives back."""
        return sum((line.amount for line in self.lines), ZERO)


Decide = Callable[[Account], Booking | None]
"""From what is booked to what has to be booked next, or ``None`` when all is in order."""


def holding(reservation: Reservation) -> LedgerTransaction:
    """The transaction that holds a reservation's money."""
    amounts = {held(reservation.purse_id): reservation.amount, purse(reservation.purse_id): -reservation.amount}
    return transaction(f"reserve/{reservation.attempt_id}", "reservation", amounts, reservation.made_at)


def voiding(account: Account, *, now: datetime) -> Booking | None:
    """Let go of what is held, without spending."""
    reservation = account.reservation
    if reservation.state is not ReservationState.HELD:
        return None
    amounts = {held(reservation.purse_id): -reservation.amount, purse(reservation.purse_id): reservation.amount}
    return Booking(
        reservation=replace(reservation, state=ReservationState.VOID),
        transaction=transaction(f"void/{reservation.attempt_id}", "void", amounts, now),
    )


def settling(account: Account, lines: Sequence[CostLine], *, basis: int, now: datetime) -> Booking | None:
    """Spend what the call cost by ``lines``: all of it the first time, later only what differs from what is booked.

    A call whose hold was let go is booked all the same: the carrier will bill it. Lines that rest on less knowledge
    (``basis``) than those booked change nothing. Once the carrier has said its price, our own estimate of it is moot.
    """
    reservation = account.reservation
    is_first = reservation.state is not ReservationState.SETTLED
    if not is_first and basis < reservation.basis:
        return None
    estimates = [line for line in account.lines if line.price_version != TRUE_UP]
    added = _difference(lines, estimates)
    if account.is_trued_up:
        added = tuple(line for line in added if line.component is not Component.CARRIER_VOICE)
    if not is_first and not added:
        return None
    released = reservation.amount if reservation.state is ReservationState.HELD else ZERO
    ref = f"settle/{reservation.attempt_id}" if is_first else f"settle/{reservation.attempt_id}/{len(account.lines)}"
    return Booking(
        reservation=replace(reservation, state=ReservationState.SETTLED, basis=basis),
        lines=added,
        transaction=_spending(ref, "settlement", reservation, added, released=released, now=now),
    )


def truing_up(account: Account, price: Money, *, sid: str, now: datetime) -> Booking | None:
    """Bring what the connection cost to the carrier's ``price``; a price that is as booked is noted, too."""
    reservation = account.reservation
    difference = price - account.spent_on(Component.CARRIER_VOICE)
    if reservation.state is not ReservationState.SETTLED or (account.is_trued_up and not difference):
        return None
    ours = (line.vendor for line in account.lines if line.component is Component.CARRIER_VOICE)
    line = CostLine(
        component=Component.CARRIER_VOICE,
        vendor=next(ours, "carrier"),
        quantity=Decimal(0),
        unit=Unit.CALL,
        unit_price=ZERO,
        amount=difference,
        price_version=TRUE_UP,
    )
    ref = f"trueup:{sid}:{len(account.lines)}"  # a price may come back
    return Booking(
        reservation=reservation,
        lines=(line,),
        transaction=_spending(ref, "true-up", reservation, (line,), released=ZERO, now=now),
    )


def charging(charge: Charge) -> LedgerTransaction:
    """The transaction that spends a charge."""
    amounts = _expenses(charge.lines)
    return transaction(f"charge/{charge.id}", "charge", amounts | {OWN_PURSE: -charge.amount}, charge.at)


def merged(lines: Iterable[CostLine]) -> tuple[CostLine, ...]:
    """The lines with their corrections taken in; what came to nothing is left out."""
    sums: dict[tuple[object, ...], CostLine] = {}
    for line in lines:
        known = sums.get(_priced(line))
        if known:
            line = replace(line, quantity=known.quantity + line.quantity, amount=known.amount + line.amount)
        sums[_priced(line)] = line
    return tuple(line for line in sums.values() if line.amount or line.quantity)


def _difference(lines: Iterable[CostLine], booked: Iterable[CostLine]) -> tuple[CostLine, ...]:
    """What has to be added to the booked lines so that they come to ``lines``."""
    taken_back = (replace(line, quantity=-line.quantity, amount=-line.amount) for line in booked)
    return merged([*lines, *taken_back])


def _priced(line: CostLine) -> tuple[object, ...]:
    return line.component, line.vendor, line.unit, line.unit_price, line.price_version


def _spending(
    ref: str, kind: str, reservation: Reservation, lines: Sequence[CostLine], *, released: Money, now: datetime
) -> LedgerTransaction:
    amounts = _expenses(lines)
    spent = sum(amounts.values(), ZERO)
    amounts |= {held(reservation.purse_id): -released, purse(reservation.purse_id): released - spent}
    return transaction(ref, kind, amounts, now)


def _expenses(lines: Iterable[CostLine]) -> dict[str, Money]:
    """What the lines spend, by the account of its kind."""
    amounts: dict[str, Money] = {}
    for line in lines:
        account = expense(line.component)
        amounts[account] = amounts.get(account, ZERO) + line.amount
    return amounts
