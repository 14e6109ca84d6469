"""``CallFolds`` in PostgreSQL: a batch is one transaction of four statements, however many attempts it is about."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from shared.calls import CallAttempt
from shared.calls.folding import Join
from shared.calls.provider_event import ProviderEvent
from shared.kernel.errors import Conflict
from shared.kernel.ids import AttemptId
from shared.storage.calls.attempts import attempt_of
from shared.storage.outbox import put_messages
from shared.storage.rows import row_of, values_of
from shared.storage.tables import call_attempts, call_events

TOLD = (
    "state",
    "provider_sid",
    "answered_at",
    "streamed_at",
    "ended_at",
    "answered_by",
    "provider_result",
    "sip_code",
    "duration_seconds",
)
"""What a fold changes, and nothing else."""
KEY = (call_events.c.attempt_id, call_events.c.kind, call_events.c.dedupe_key)
CHANGE = (
    update(call_attempts)
    .where(call_attempts.c.id == bindparam("this"))
    .values({name: bindparam(f"new_{name}") for name in TOLD})
)


class SqlCallFolds:
    """``CallFolds`` over ``call_attempts`` and ``call_events``. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, events: Sequence[ProviderEvent]) -> Sequence[ProviderEvent]:
        ids = {event.attempt_id for event in events}
        with self._engine.begin() as db:
            known = set(db.execute(select(call_attempts.c.id).where(call_attempts.c.id.in_(ids))).scalars())
            rows = [row_of(event) for event in sorted(events, key=_key) if event.attempt_id in known]
            if not rows:
                return []
            add = insert(call_events).on_conflict_do_nothing().returning(*KEY)
            new = {tuple(row) for row in db.execute(add, rows)}
        return [event for event in {_key(event): event for event in events}.values() if _key(event) in new]

    def fold(self, attempt_ids: Iterable[AttemptId], join: Join) -> Sequence[CallAttempt]:
        ids = list(attempt_ids)
        try:
            with self._engine.begin() as db:
                attempts = _locked(db, ids)
                inboxes = _inboxes(db, ids)
                results = [(attempt, join(attempt, inboxes[attempt.id])) for attempt in attempts]
                changes = [_change(result.attempt) for attempt, result in results if result.attempt != attempt]
                if changes:
                    db.execute(CHANGE, changes)
                put_messages(db, [message for _, result in results for message in result.messages])
        except IntegrityError as error:
            raise Conflict("a call belongs to another attempt") from error
        return [result.attempt for _, result in results]


def _key(event: ProviderEvent) -> tuple[str, str, str]:
    return event.attempt_id, event.kind, event.dedupe_key


def _locked(db: Connection, ids: Sequence[str]) -> list[CallAttempt]:
    """The attempts, held until the transaction ends; in one order, so that two batches never wait for each other."""
    query = select(call_attempts).where(call_attempts.c.id.in_(ids)).order_by(call_attempts.c.id)
    return [attempt_of(row) for row in db.execute(query.with_for_update()).mappings()]


def _inboxes(db: Connection, ids: Sequence[str]) -> dict[str, list[ProviderEvent]]:
    """Each attempt's callbacks in the order of arrival."""
    found: dict[str, list[ProviderEvent]] = defaultdict(list)
    query = select(call_events).where(call_events.c.attempt_id.in_(ids)).order_by(call_events.c.seq)
    for row in db.execute(query).mappings():
        found[row["attempt_id"]].append(ProviderEvent(**values_of(row, ProviderEvent)))
    return found


def _change(attempt: CallAttempt) -> dict[str, Any]:
    return {"this": attempt.id, **{f"new_{name}": getattr(attempt, name) for name in TOLD}}
