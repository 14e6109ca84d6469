"""Settle a call: what it used becomes cost lines, the held money becomes spent money."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shared.costs.budget import BudgetExhausted, ReservationState
from shared.costs.ledger import settlement
from shared.costs.ports import CostRepository
from shared.costs.price_table import PriceTable
from shared.costs.pricing import CARRIER, CARRIER_INBOUND, price
from shared.costs.usage import Component, Unit, Usage
from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId

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


class Overspent(Unavailable):
    """The call cost more than was held for it and its budget lacks the rest; it settles once the budget is raised."""


@dataclass(frozen=True, kw_only=True)
class CallCharges:
    """What is known of an ended call when its money is settled.

    ``was_placed`` says whether the carrier took the call; ``duration_seconds`` is the carrier's count from the answer;
    ``usages`` is what the node reported.
    """

    was_placed: bool
    was_answered: bool
    was_streamed: bool
    duration_seconds: int = 0
    is_inbound: bool = False
    usages: tuple[Usage, ...] = ()


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
    attempt_id: AttemptId, *, charges: CallCharges, costs: CostRepository, prices: PriceTable, now: datetime
) -> bool:
    """Spend what the call cost and let the rest of its reservation go; whether this call did it. Safe to repeat.

    A call that the carrier never took costs nothing: its reservation is void. The prices are those of the day on which
    the money was held, so that a new price never takes more than that.

    Raises:
        NotFound: Nothing was ever reserved for the attempt.
        NoPrice: The price table lacks something the call used; nothing is settled.
        Overspent: The budget lacks what the call cost beyond its reservation; nothing is settled.
    """
    reservation = costs.reservation(attempt_id)
    if reservation.state is not ReservationState.HELD:
        return False
    if not charges.was_placed:
        return costs.void(attempt_id)
    lines = price(usages_of(charges), prices, on=reservation.made_at.date())
    try:
        return costs.settle(attempt_id, lines, settlement(attempt_id, reservation.budget_id, lines, now))
    except BudgetExhausted as error:
        raise Overspent(f"attempt {attempt_id} cost more than was held and its budget has") from error


def _inbound(seconds: int) -> tuple[Usage, ...]:
    """Whoever rings us is a person: nothing listens for a machine."""
    return (_seconds(Component.CARRIER_VOICE, CARRIER_INBOUND, seconds),)


def _outbound(seconds: int) -> tuple[Usage, ...]:
    detection = Usage(component=Component.MACHINE_DETECTION, vendor=CARRIER, quantity=Decimal(1), unit=Unit.CALL)
    return (_seconds(Component.CARRIER_VOICE, CARRIER, seconds), detection)


def _seconds(component: Component, vendor: str, seconds: int) -> Usage:
    return Usage(component=component, vendor=vendor, quantity=Decimal(seconds), unit=Unit.SECOND)
