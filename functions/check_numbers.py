"""Ask the networks about a number: what kind of line it is, and whether it changed hands.

Trigger: a message ``{"phone", "since"}`` that a decision wrote which lacked the answer; ``since`` (a date) may be
missing. Answer: what is known now, for the log. A number that changed hands is suppressed for good and its consents
are taken back: whoever has it now gave none.
"""

from datetime import date
from typing import Any

from functions.bootstrap import Services
from functions.entry import entry
from shared.leads.check_number import check_number


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Ask, unless a fresh answer is there."""
    since = date.fromisoformat(event["since"]) if event.get("since") else None
    check = check_number(
        event["phone"],
        since=since,
        checks=services.number_checks,
        lookup=services.number_lookup,
        suppressions=services.suppressions,
        consents=services.consents,
        now=services.clock.now(),
    )
    return {"line_type": check.line_type.value, "reassigned": check.reassigned.value if check.reassigned else None}


lambda_handler = entry(handle)
