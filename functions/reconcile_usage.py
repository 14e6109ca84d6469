"""Every morning: hold what we booked for the day before against the carrier's usage records.

Trigger: a schedule, or ``{"day": "2026-11-22"}``. Answer: how many categories there were and which do not agree.
"""

from datetime import UTC, date, timedelta
from typing import Any

from functions.entry import entry
from functions.services import Services
from shared.costs.reconcile_usage import reconcile_usage


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Compare one day (UTC)."""
    now = services.clock.now()
    day = date.fromisoformat(event["day"]) if "day" in event else now.astimezone(UTC).date() - timedelta(days=1)
    checks = reconcile_usage(
        day, book=services.usage_book, carrier=services.carrier_books, alerts=services.alerts, now=now
    )
    differing = [check.category for check in checks if not check.holds]
    return {"day": day.isoformat(), "categories": len(checks), "differing": differing}


lambda_handler = entry(handle)
