"""The inbox of the carrier's callbacks in memory."""

from dataclasses import replace

from shared.adapters.memory.calls import MemoryCallRepository
from shared.adapters.memory.store import MemoryStore
from shared.calls.inbox import TOPIC, Receipt
from shared.calls.provider_event import BY_CALL, ProviderEvent
from shared.kernel.errors import NotFound
from shared.kernel.outbox import NewMessage


class MemoryCallInbox:
    """``CallInbox`` in memory. Share the store with the other twins."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._calls = MemoryCallRepository(store)

    def receive(self, callback: ProviderEvent) -> Receipt:
        if callback.attempt_id == BY_CALL:
            found = self._store.attempts.where("sid", callback.sid)
            callback = replace(callback, attempt_id=next((each.id for each in found), BY_CALL))
        folding = NewMessage(topic=TOPIC, body={"attempt_id": callback.attempt_id})
        try:
            return Receipt.NEW if self._calls.receive(callback, folding) else Receipt.KNOWN
        except NotFound:
            return Receipt.UNKNOWN
