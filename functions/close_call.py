"""Give an ended call its disposition, its lead the next step, and its money to the settlement.

Trigger: a message ``{"attempt_id"}``: the carrier said that the call is over, or the voice node's report came; the
later of the two closes it. What is told of a call that is closed already still has to be paid: it is settled again,
which books the difference. Whoever spoke in the call is analysed behind it, by the voice node. Answer: the disposition,
for the log.
"""

from contextlib import suppress
from typing import Any

from functions.bootstrap import Services
from functions.entry import entry
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId
from shared.kernel.outbox import NewMessage
from shared.outcomes.close import close_call
from shared.outcomes.order_analysis import analysis_order


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Close the call, if it is time."""
    attempt_id = AttemptId(event["attempt_id"])
    was_closed = services.calls.disposition(attempt_id) is not None
    disposition = close_call(attempt_id, closing=services.closing, now=services.clock.now())
    if disposition is not None:
        with suppress(NotFound):  # nobody spoke, or the script that was spoken is gone
            services.costs.ask_later(analysis_order(attempt_id, closing=services.closing, scripts=services.scripts))
    if was_closed:
        services.costs.ask_later(NewMessage(topic="settle", body={"attempt_id": attempt_id}))
    return {"attempt": event["attempt_id"], "disposition": disposition.value if disposition else "not yet"}


lambda_handler = entry(handle)
