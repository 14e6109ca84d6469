"""Hang up what rings, because a stop switch was thrown.

Trigger: a message ``{"scope", "target"}`` that was written with the switch, and again while calls are left. Answer:
how many calls were hung up, for the log.
"""

from dataclasses import asdict
from typing import Any

from functions.bootstrap import Services
from functions.entry import entry
from shared.calls.silence import silence
from shared.calls.stops import StopScope


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Hang up what the switch reaches."""
    done = silence(
        StopScope(event["scope"]),
        event.get("target"),
        calls=services.calls,
        campaigns=services.campaigns,
        stops=services.stops,
        telephony=services.telephony,
        horizons=services.horizons,
        now=services.clock.now(),
    )
    return {"scope": event["scope"], **asdict(done)}


lambda_handler = entry(handle)
