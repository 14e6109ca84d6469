"""Ask the books whether everything holds that must always hold.

Trigger: every five minutes, about the calls of the last day. Answer: how many invariants are broken, for the
log; each of them is an error line and a count that raises an alarm.
"""

from datetime import timedelta
from typing import Any

from functions.entry import entry
from functions.log import logger
from functions.services import Services
from shared.metrics import Metric, count

LOOK_BACK = timedelta(days=1)


def handle(_event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Check them all."""
    broken = services.invariants.violations(services.clock.now(), look_back=LOOK_BACK)
    for violation in broken:
        count(Metric.BROKEN_INVARIANTS, len(violation.ids), invariant=violation.invariant)
        logger.error(
            "invariant broken",
            extra={"invariant": violation.invariant, "meaning": violation.meaning, "rows": list(violation.ids)},
        )
    return {"broken": {violation.invariant: len(violation.ids) for violation in broken}}


lambda_handler = entry(handle)
