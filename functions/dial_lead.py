"""Ring one planned attempt, at most once.

Trigger: a message ``{"attempt_id"}`` that was written with the plan. Answer: what became of it, for the log.
"""

from typing import Any

from functions.bootstrap import Services
from functions.entry import entry
from shared.calls.dial import Dialler, dial_attempt
from shared.kernel.ids import AttemptId


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Dial the attempt."""
    dialler = Dialler(sources=services.sources, telephony=services.telephony)
    result = dial_attempt(AttemptId(event["attempt_id"]), dialler=dialler, now=services.clock.now())
    return {"attempt": event["attempt_id"], "result": result.value}


lambda_handler = entry(handle)
