"""Folding many attempts at once in memory."""

from collections.abc import Iterable, Sequence

from shared.adapters.memory.calls import MemoryCallRepository
from shared.adapters.memory.store import MemoryStore
from shared.calls import CallAttempt
from shared.calls.folding import Inbox, Join, Opened
from shared.calls.provider_event import ProviderEvent
from shared.kernel.errors import Conflict
from shared.kernel.ids import AttemptId


class MemoryCallFolds:
    """``CallFolds`` in memory. Share the store with the other twins."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._calls = MemoryCallRepository(store)

    def open(self, attempt_ids: Iterable[AttemptId], *, came: Sequence[ProviderEvent] = ()) -> Opened:
        with self._store.lock:
            ids = sorted({*attempt_ids, *(event.attempt_id for event in came)})
            inboxes = [self._inbox(self._store.attempts[each]) for each in ids if each in self._store.attempts]
            known = {inbox.attempt.id: {(event.kind, event.dedupe_key) for event in inbox.events} for inbox in inboxes}
            first = {(event.attempt_id, event.kind, event.dedupe_key): event for event in came}
            new = tuple(
                event
                for event in first.values()
                if event.attempt_id in known and (event.kind, event.dedupe_key) not in known[event.attempt_id]
            )
            return Opened(inboxes=tuple(inboxes), new=new)

    def fold(self, opened: Opened, join: Join) -> Sequence[CallAttempt]:
        with self._store.lock:
            for event in opened.new:
                self._calls.receive(event)
            results = [join(inbox.attempt, inbox.events) for inbox in self._as_they_are(opened)]
            sids = [result.attempt.provider_sid for result in results if result.attempt.provider_sid]
            for result in results:
                sid = result.attempt.provider_sid
                others = self._store.attempts.where("sid", sid) if sid else []
                if sids.count(sid or "") > 1 or any(each.id != result.attempt.id for each in others):
                    raise Conflict(f"call {sid} belongs to another attempt")
            for result in results:
                self._store.attempts[result.attempt.id] = result.attempt
                self._store.put_messages(*result.messages)
            return [result.attempt for result in results]

    def _as_they_are(self, opened: Opened) -> Sequence[Inbox]:
        return [self._inbox(self._store.attempts[inbox.attempt.id]) for inbox in opened.inboxes]

    def _inbox(self, attempt: CallAttempt) -> Inbox:
        return Inbox(attempt=attempt, events=tuple(self._calls.events(attempt.id)))
