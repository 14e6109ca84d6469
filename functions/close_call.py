"""Give an ended call its disposition, its lead the next step, and its money to the settlement.

Trigger: a message ``{"attempt_id"}``: the carrier said that the call is over, or the voice node's report came; the
later of the two closes it. What is told of a call that is closed already still has to be paid: it is settled again,
which books the difference. Answer: the disposition, for the log.
"""

from typing import Any

from functions.bootstrap import Services
from functions.entry import entry
from shared.kernel.ids import AttemptId
from shared.kernel.outbox import NewMessage
from shared.outcomes.close import close_call


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Close the call, if it is time."""
    attempt_id = AttemptId(event["attempt_id"])
    was_closed = services.calls.disposition(attempt_id) is not None
    disposition = close_call(attempt_id, closing=services.closing, now=services.clock.now())
    if was_closed:
        services.costs.ask_later(NewMessage(topic="settle", body={"attempt_id": attempt_id}))
    return {"attempt": event["attempt_id"], "disposition": disposition.value if disposition else "not yet"}


lambda_handler = entry(handle)
