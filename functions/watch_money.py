"""Every minute: look at limits, burn rate and books; warn, hold back, or stop everything. See ``shared.costs.watch``.

Calls that turned out to have taken place after their hold was let go are booked here, too.
Trigger: a schedule. Answer: what was found, for the log.
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from functions.entry import entry
from functions.log import logger
from functions.services import Services
from functions.settle_costs import settle
from shared.calls.stops import StopScope, StopSwitch
from shared.costs.watch import Watch, watch_money
from shared.kernel.errors import Malformed, NotFound
from shared.kernel.ids import SellerId

LATE = timedelta(days=2)
AT_ONCE = 100


def handle(_event: dict[str, Any], services: Services) -> dict[str, Any]:
    """One look at the money."""
    now = services.clock.now()

    def stop(seller_id: SellerId | None, reason: str, *, now: datetime) -> None:
        scope = StopScope.SELLER if seller_id else StopScope.ALL
        services.stops.throw(StopSwitch(scope=scope, target=seller_id, at=now, by="money", reason=reason))
        logger.error("money stopped the calls", extra={"scope": scope.value, "reason": reason})

    watch = Watch(
        costs=services.costs,
        alerts=services.alerts,
        sink=services.alert_sink,
        brake=stop,
        levels=services.levels,
    )
    seen = watch_money(watch=watch, now=now)
    return {**asdict(seen), "booked_late": _book_late(services, since=now - LATE)}


def _book_late(services: Services, *, since: datetime) -> int:
    """Book what rang after it was given up; how many calls that were."""
    booked = 0
    for attempt_id in services.costs.unbooked(since=since, limit=AT_ONCE):
        try:
            booked += settle(attempt_id, services)
        except (Malformed, NotFound):
            logger.exception("a late call cannot be booked", extra={"attempt": attempt_id})
    return booked


lambda_handler = entry(handle)
