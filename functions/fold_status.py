"""Bring an attempt up to date with what the carrier told of it.

Trigger: a message ``{"attempt_id", "dedupe_key"}`` that was written with the callback. Answer: its state, for the log.
"""

from typing import Any

from functions.bootstrap import Services
from functions.entry import entry
from shared.calls.fold import fold_attempt
from shared.kernel.ids import AttemptId


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Fold the attempt's callbacks."""
    attempt = fold_attempt(AttemptId(event["attempt_id"]), calls=services.calls, capacity=services.capacity)
    return {"attempt": attempt.id, "state": attempt.state.value}


lambda_handler = entry(handle)
