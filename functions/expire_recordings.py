"""Every night: delete the recordings that were kept long enough, and write down each.

Trigger: a schedule. Answer: how many, for the log.
"""

from typing import Any

from functions.entry import entry
from functions.services import Services
from shared.calls.recording_care import expire_recordings


def handle(_event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Delete what is old."""
    kept = services.recordings
    if kept is None or kept.store is None:
        return {"recordings": "none are kept"}
    return {"expired": expire_recordings(kept, now=services.clock.now())}


lambda_handler = entry(handle)
