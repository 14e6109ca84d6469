"""Ask the carrier about an attempt that should be over by now.

Trigger: a message ``{"attempt_id", "look"}`` that was written as it was dialled, due later, and writes itself anew
until the attempt is over. Answer: what became of it, for the log.
"""

from typing import Any

from functions.bootstrap import Services
from functions.entry import entry
from shared.calls.reconcile import reconcile_attempt
from shared.kernel.ids import AttemptId


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Reconcile the attempt."""
    result = reconcile_attempt(
        AttemptId(event["attempt_id"]),
        look=event.get("look"),
        reconciler=services.reconciler,
        now=services.clock.now(),
    )
    return {"attempt": event["attempt_id"], "result": result.value}


lambda_handler = entry(handle)
