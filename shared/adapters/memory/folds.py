"""Folding many attempts at once in memory."""

from collections.abc import Iterable, Sequence

from shared.adapters.memory.calls import MemoryCallRepository
from shared.adapters.memory.store import MemoryStore
from shared.calls import CallAttempt
from shared.calls.folding import Inbox, Join, Opened
from shared.calls.provider_event import ProviderEvent
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import AttemptId


class MemoryCallFolds:
    """``CallFolds`` in memory. Share the store with the other twins."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._calls = MemoryCallRepository(store)

    def open(self, attempt_ids: Iterable[AttemptId], *, came: Sequence[ProviderEvent] = ()) -> Opened:
        with self._store.lock:
            new = tuple(event for event in came if self._is_new(event))
            ids = sorted({*attempt_ids, *(event.attempt_id for event in came)})
            attempts = [self._store.attempts[each] for each in ids if each in self._store.attempts]
            return Opened(inboxes=tuple(self._inbox(attempt) for attempt in attempts), new=new)

    def fold(self, opened: Opened, join: Join) -> Sequence[CallAttempt]:
        with self._store.lock:
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

    def _is_new(self, event: ProviderEvent) -> bool:
        try:
            return self._calls.receive(event)
        except NotFound:
            return False
