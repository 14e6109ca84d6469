"""Settle a call: what it used becomes cost lines, the held money becomes spent money."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shared.costs.budget import ReservationState
from shared.costs.ledger import settlement
from shared.costs.ports import CostRepository
from shared.costs.price_table import PriceTable
from shared.costs.pricing import CARRIER, price
from shared.costs.usage import Component, Unit, Usage
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
    used_machine_detection: bool = True
    usages: tuple[Usage, ...] = ()


def usages_of(charges: CallCharges) -> tuple[Usage, ...]:
    """Everything the call pays for; a call that nobody answered pays its overhead alone."""
    overhead = Usage(component=Component.OVERHEAD, vendor="installation", quantity=Decimal(1), unit=Unit.CALL)
    if not charges.was_answered:
        return (overhead,)
    seconds = max(charges.duration_seconds, 1)  # an answer begins a minute
    voice = _seconds(Component.CARRIER_VOICE, CARRIER, seconds)
    detection = Usage(component=Component.MACHINE_DETECTION, vendor=CARRIER, quantity=Decimal(1), unit=Unit.CALL)
    of_carrier = (voice, detection) if charges.used_machine_detection else (voice,)
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

    A call that the carrier never took costs nothing: its reservation is void.

    Raises:
        NotFound: Nothing was ever reserved for the attempt.
        NoPrice: The price table lacks something the call used; nothing is settled.
    """
    reservation = costs.reservation(attempt_id)
    if reservation.state is not ReservationState.HELD:
        return False
    if not charges.was_placed:
        return costs.void(attempt_id)
    lines = price(usages_of(charges), prices, on=now.date())
    return costs.settle(attempt_id, lines, settlement(attempt_id, reservation.budget_id, lines, now))


def _seconds(component: Component, vendor: str, seconds: int) -> Usage:
    return Usage(component=component, vendor=vendor, quantity=Decimal(seconds), unit=Unit.SECOND)
