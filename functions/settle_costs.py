"""Turn what a call used into cost lines and ledger entries, and let the rest of its reservation go.

Trigger: a message ``{"attempt_id"}`` that was written with the closing; again whenever more is learned of the call.
Answer: whether this run booked anything, for the log. The carrier is asked for its own price some minutes later.
"""

from typing import Any

from functions.entry import entry
from functions.services import Services
from shared.calls import CallAttempt, Direction
from shared.conversation import CallReport
from shared.costs import Usage
from shared.costs.settle import CallCharges, settle_call
from shared.costs.true_up import question
from shared.kernel.ids import AttemptId


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Settle the call."""
    is_settled = settle(AttemptId(event["attempt_id"]), services)
    return {"attempt": event["attempt_id"], "settled_now": is_settled}


def settle(attempt_id: AttemptId, services: Services) -> bool:
    """Book the call by what is known of it; whether anything had to be booked."""
    now = services.clock.now()
    return settle_call(
        attempt_id,
        charges=charges(services.calls.get(attempt_id), services.reports.get(attempt_id)),
        books=services.call_books,
        prices=services.prices,
        now=now,
        messages=question(attempt_id, round=0, now=now, delays=services.true_up_delays),
    )


def charges(attempt: CallAttempt, report: CallReport | None) -> CallCharges:
    """What is known of a call by now. One that rang after it was given up is known by what the carrier says of it.

    A report proves that it was streamed, though the carrier has not said so yet.
    """
    used = report.usage if report else ()
    was_answered = attempt.answered_at is not None or attempt.provider_result == "completed"
    return CallCharges(
        was_placed=attempt.provider_sid is not None,
        was_answered=was_answered,
        was_streamed=attempt.streamed_at is not None or report is not None,
        duration_seconds=attempt.duration_seconds or 0,
        is_inbound=attempt.direction is Direction.INBOUND,
        usages=tuple(
            Usage(component=each.component, vendor=each.vendor, quantity=each.quantity, unit=each.unit) for each in used
        ),
    )


lambda_handler = entry(handle)
