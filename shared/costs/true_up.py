"""Bring what a call's connection cost to the carrier's own price, once the carrier has said it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.costs.booking import Account, Booking, truing_up
from shared.costs.budget import ReservationState
from shared.costs.carrier_usage import CarrierBooks
from shared.costs.ports import CostRepository
from shared.kernel.ids import AttemptId
from shared.kernel.outbox import NewMessage

TOPIC = "true_up"
DELAYS = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
"""When the carrier is asked after the settlement; it often has no price at first."""


class TrueUp(StrEnum):
    """What became of the question."""

    BOOKED = "booked"
    AS_BOOKED = "as_booked"
    NOT_SETTLED = "not_settled"
    ASKED_AGAIN_LATER = "asked_again_later"
    NEVER_PRICED = "never_priced"


@dataclass(frozen=True, kw_only=True)
class TrueUpOrder:
    """Which call is asked about, for the how-manieth time (from 0)."""

    attempt_id: AttemptId
    sid: str
    round: int = 0


def question(
    attempt_id: AttemptId, *, round: int, now: datetime, delays: Sequence[timedelta] = DELAYS
) -> tuple[NewMessage, ...]:
    """The message that asks for a call's price in its ``round`` (from 0); none when it was asked often enough."""
    if round >= len(delays):
        return ()
    waits = delays[round] - (delays[round - 1] if round else timedelta())
    body = {"attempt_id": attempt_id, "round": round}
    return (NewMessage(topic=TOPIC, body=body, available_at=now + waits),)


def true_up(
    order: TrueUpOrder,
    *,
    costs: CostRepository,
    carrier: CarrierBooks,
    now: datetime,
    delays: Sequence[timedelta] = DELAYS,
) -> TrueUp:
    """Ask for the call's price and book the difference; ask again later while there is none. Safe to repeat.

    Raises:
        NotFound: Nothing was ever reserved for the attempt, or the carrier has no such call.
        Unavailable: The carrier failed; the message may come again.
    """
    price = carrier.price_of(order.sid)
    if price is None:
        again = question(order.attempt_id, round=order.round + 1, now=now, delays=delays)
        costs.ask_later(*again)
        return TrueUp.ASKED_AGAIN_LATER if again else TrueUp.NEVER_PRICED

    def decide(account: Account) -> Booking | None:
        return truing_up(account, price, sid=order.sid, now=now)

    if costs.book(order.attempt_id, decide) is not None:
        return TrueUp.BOOKED
    is_settled = costs.reservation(order.attempt_id).state is ReservationState.SETTLED
    return TrueUp.AS_BOOKED if is_settled else TrueUp.NOT_SETTLED
