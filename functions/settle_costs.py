"""Turn what a call used into cost lines and ledger entries, and let the rest of its reservation go.

Trigger: a message ``{"attempt_id"}`` that was written with the closing. Answer: whether this run settled, for the log.
"""

from typing import Any

from functions.bootstrap import Services
from functions.entry import entry
from shared.calls import CallAttempt, Direction
from shared.conversation import CallReport
from shared.costs import Usage
from shared.costs.settle import CallCharges, settle_call
from shared.kernel.ids import AttemptId


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Settle the call."""
    attempt = services.calls.get(AttemptId(event["attempt_id"]))
    is_settled = settle_call(
        attempt.id,
        charges=_charges(attempt, services.reports.get(attempt.id)),
        costs=services.costs,
        prices=services.prices,
        now=services.clock.now(),
    )
    return {"attempt": attempt.id, "settled_now": is_settled}


def _charges(attempt: CallAttempt, report: CallReport | None) -> CallCharges:
    used = report.usage if report else ()
    was_answered = attempt.answered_at is not None or attempt.provider_result == "completed"
    return CallCharges(
        was_placed=attempt.provider_sid is not None,
        was_answered=was_answered,
        was_streamed=attempt.streamed_at is not None,
        duration_seconds=attempt.duration_seconds or 0,
        is_inbound=attempt.direction is Direction.INBOUND,
        usages=tuple(
            Usage(component=each.component, vendor=each.vendor, quantity=each.quantity, unit=each.unit) for each in used
        ),
    )


lambda_handler = entry(handle)
