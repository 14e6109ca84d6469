"""Ring one planned attempt, at most once.

Trigger: a message ``{"attempt_id"}`` that was written with the plan, or by a dial that found no room; another one at
the deadline ends what was not dialled. Answer: what became of it, for the log.
"""

from typing import Any

from functions.bootstrap import Services
from functions.entry import entry
from shared.calls.dial import dial_attempt
from shared.kernel.ids import AttemptId
from shared.metrics import Metric, count


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Dial the attempt."""
    result = dial_attempt(AttemptId(event["attempt_id"]), dialler=services.dialler, now=services.clock.now())
    count(Metric.DIALS, result=result.value)
    return {"attempt": event["attempt_id"], "result": result.value}


lambda_handler = entry(handle)
