"""Give an ended call its disposition, its lead the next step, and its money to the settlement.

Trigger: a message ``{"attempt_id"}``: the carrier said that the call is over, or the voice node's report came; the
later of the two closes it. Answer: the disposition, for the log.
"""

from typing import Any

from functions.bootstrap import Services
from functions.entry import entry
from shared.kernel.ids import AttemptId
from shared.outcomes.close import close_call


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Close the call, if it is time."""
    disposition = close_call(AttemptId(event["attempt_id"]), closing=services.closing, now=services.clock.now())
    return {"attempt": event["attempt_id"], "disposition": disposition.value if disposition else "not yet"}


lambda_handler = entry(handle)
