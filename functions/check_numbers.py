"""Ask the networks about a number: what kind of line it is, and whether it changed hands.

Trigger: a message ``{"phone", "since"}`` that a decision wrote which lacked the answer; ``since`` (a date) may be
missing. Answer: what is known now, for the log. A number that changed hands is suppressed for good and its consents
are taken back: whoever has it now gave none. An answer costs money, which is booked; while a limit of the installation
leaves no room for it nothing is asked, and the next decision writes again.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from functions.bootstrap import Services
from functions.entry import entry
from shared.costs.lookups import book_look_up, check_room
from shared.leads.check_number import check_number
from shared.leads.number_check import NumberCheck


@dataclass(frozen=True, eq=False)
class _Paid:
    """``NumberLookup`` that books what each answer costs."""

    services: Services

    def look_up(self, phone: str, *, last_verified: date | None) -> NumberCheck:
        services = self.services
        check = services.number_lookup.look_up(phone, last_verified=last_verified)
        book_look_up(services.costs, services.prices, with_history=last_verified is not None, now=services.clock.now())
        return check


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Ask, unless a fresh answer is there.

    Raises:
        NoMoneyToAsk: A limit leaves no room.
    """
    check_room(services.costs, services.prices, now=services.clock.now())
    since = date.fromisoformat(event["since"]) if event.get("since") else None
    check = check_number(
        event["phone"],
        since=since,
        checks=services.number_checks,
        lookup=_Paid(services),
        suppressions=services.suppressions,
        consents=services.consents,
        now=services.clock.now(),
    )
    return {"line_type": check.line_type.value, "reassigned": check.reassigned.value if check.reassigned else None}


lambda_handler = entry(handle)
