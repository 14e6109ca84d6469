"""Rows of ``call_attempts``: read, claimed, changed, inside someone else's transaction."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select, update

from shared.calls import AttemptState, CallAttempt, Direction, Purpose
from shared.calls.attempt import TURNED_AWAY
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId
from shared.storage.rows import row_of, values_of
from shared.storage.tables import call_attempts

IS_LIVE = call_attempts.c.ended_at.is_(None)
LET_THROUGH = call_attempts.c.answered_at.is_not(None) & func.coalesce(call_attempts.c.end_reason, "").not_in(
    TURNED_AWAY
)
AWAITS_REPORT = (call_attempts.c.streamed_at.is_not(None) | LET_THROUGH) & call_attempts.c.disposition.is_(None)
HOLDS_PHONE = IS_LIVE | AWAITS_REPORT


def attempt_of(row: Mapping[Any, Any]) -> CallAttempt:
    """The attempt that a row tells of."""
    words = {
        "state": AttemptState(row["state"]),
        "direction": Direction(row["direction"]),
        "purpose": Purpose(row["purpose"]),
    }
    return CallAttempt(**values_of(row, CallAttempt) | words)


def locked(db: Connection, attempt_id: AttemptId) -> CallAttempt:
    """The attempt, held until the transaction ends.

    Raises:
        NotFound: There is no such attempt.
    """
    row = db.execute(select(call_attempts).where(call_attempts.c.id == attempt_id).with_for_update()).mappings().first()
    if row is None:
        raise NotFound(f"no attempt {attempt_id}")
    return attempt_of(row)


def write(db: Connection, attempt: CallAttempt) -> None:
    """Keep a changed attempt whose row is locked."""
    db.execute(update(call_attempts).where(call_attempts.c.id == attempt.id).values(row_of(attempt)))
