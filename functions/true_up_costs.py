"""Ask the carrier what it wants for a call, and book the difference to what we reckoned.

Trigger: a message ``{"attempt_id", "round"}`` that was written with the settlement, due later; it writes itself anew
while the carrier has no price. Answer: what became of the question, for the log.
"""

from typing import Any

from functions.entry import entry
from functions.log import logger
from functions.services import Services
from shared.costs.true_up import TrueUp, TrueUpOrder, true_up
from shared.kernel.ids import AttemptId


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """True the call up."""
    attempt = services.calls.get(AttemptId(event["attempt_id"]))
    if attempt.provider_sid is None:
        return {"attempt": attempt.id, "result": "not_placed"}
    order = TrueUpOrder(attempt_id=attempt.id, sid=attempt.provider_sid, round=int(event.get("round", 0)))
    result = true_up(
        order,
        costs=services.costs,
        carrier=services.carrier_books,
        now=services.clock.now(),
        delays=services.true_up_delays,
    )
    if result is TrueUp.NEVER_PRICED:
        logger.error("the carrier has no price for a call", extra={"attempt": attempt.id, "rounds": order.round + 1})
    return {"attempt": attempt.id, "result": result.value}


lambda_handler = entry(handle)
