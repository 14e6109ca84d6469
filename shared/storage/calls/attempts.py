"""Rows of ``call_attempts`` as attempts, and which of them are live."""

from collections.abc import Mapping
from typing import Any

from shared.calls import AttemptState, CallAttempt, Direction, Purpose
from shared.storage.rows import noun_of
from shared.storage.tables import call_attempts

IS_LIVE = call_attempts.c.ended_at.is_(None)


def attempt_of(row: Mapping[Any, Any]) -> CallAttempt:
    """The attempt that a row tells of."""
    words = {
        "state": AttemptState(row["state"]),
        "direction": Direction(row["direction"]),
        "purpose": Purpose(row["purpose"]),
    }
    return noun_of(row, CallAttempt, words)
