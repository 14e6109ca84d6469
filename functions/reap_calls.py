"""Find what a crash left behind: attempts nobody watches, calls nobody closed, money and leads that are held in vain.

Trigger: every minute. Answer: what was set going again, for the log; calls whose report is missing are listed.
"""

from dataclasses import asdict
from typing import Any

from functions.entry import entry
from functions.services import Services
from shared.calls.reap import reap


def handle(_event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Look once."""
    return asdict(reap(reaper=services.reaper, now=services.clock.now()))


lambda_handler = entry(handle)
