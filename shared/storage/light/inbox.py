"""``CallInbox`` in PostgreSQL: callbacks that arrive together are written together."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from threading import Event, Lock
from uuid import UUID

from shared.calls.inbox import TOPIC, Receipt
from shared.calls.provider_event import BY_CALL, ProviderEvent
from shared.kernel.errors import ReautoError, Unavailable
from shared.kernel.ids import AttemptId, new_id
from shared.storage.light.connections import Connections

MOST_AT_ONCE = 200
PATIENCE_SECONDS = 4.5

# Events and the messages that have them folded, one message an attempt. ``place`` is where an event stands in the list;
# of two alike only one is new.
KEEP = """
with told as (
  select t.* from unnest(%(places)s::int[], %(attempts)s::uuid[], %(kinds)s::text[], %(keys)s::text[],
    %(ats)s::timestamptz[], %(payloads)s::jsonb[]) as t(place, attempt_id, kind, dedupe_key, at, payload)
), known as (
  select t.* from told t where exists (select from call_attempts a where a.id = t.attempt_id)
), kept as (
  insert into call_events (attempt_id, kind, dedupe_key, at, payload)
  select attempt_id, kind, dedupe_key, at, payload from known order by attempt_id, kind, dedupe_key, place
  on conflict do nothing returning attempt_id, kind, dedupe_key
), asked as (
  insert into outbox (id, topic, body)
  select (array_agg(m.id))[1]::uuid, %(topic)s, jsonb_build_object('attempt_id', k.attempt_id)
  from known k join unnest(%(places)s::int[], %(ids)s::text[]) as m(place, id) using (place)
  where exists (select from kept where kept.attempt_id = k.attempt_id)
  group by k.attempt_id
)
select min(k.place) as place, kept.attempt_id is not null as is_new
from known k left join kept using (attempt_id, kind, dedupe_key)
group by k.attempt_id, k.kind, k.dedupe_key, is_new
"""
OF_CALL = "select id from call_attempts where provider_sid = %(sid)s"


@dataclass(eq=False)
class Waiting:
    """A callback and what became of it; ``woken`` when that is known, or when it is its turn to write for all."""

    event: ProviderEvent
    woken: Event = field(default_factory=Event)
    receipt: Receipt | None = None
    error: ReautoError | None = None
    is_writer: bool = False


class SqlCallInbox:
    """``CallInbox`` over ``call_events`` and ``outbox``.

    Whoever comes while others write waits for them to finish, then the first of those who wait writes for all of them.
    Whoever comes alone waits for nobody.
    """

    def __init__(self, connections: Connections, *, writers: int = 2) -> None:
        self._db = connections
        self._lock = Lock()
        self._free = writers
        self._waiting: list[Waiting] = []

    def receive(self, callback: ProviderEvent) -> Receipt:
        if callback.attempt_id == BY_CALL:
            found = self._db.rows(OF_CALL, {"sid": callback.sid})
            callback = replace(callback, attempt_id=AttemptId(str(found[0]["id"]))) if found else callback
        if not _is_id(callback.attempt_id):
            return Receipt.UNKNOWN
        mine = Waiting(callback)
        with self._lock:
            self._waiting.append(mine)
            mine.is_writer = self._free > 0
            self._free -= mine.is_writer
        if self._has_the_turn(mine):
            self._write_waiting(mine)
        if mine.error is not None:
            raise mine.error
        return mine.receipt or Receipt.UNKNOWN

    def _has_the_turn(self, mine: Waiting) -> bool:
        """Wait until it was written, or is to write; whether it is to write."""
        if mine.is_writer or mine.woken.wait(PATIENCE_SECONDS):
            return mine.is_writer
        with self._lock:
            if mine in self._waiting:
                self._waiting.remove(mine)
            if not mine.is_writer and mine.receipt is None:
                mine.error = Unavailable("the callback was not written in time")
            return mine.is_writer

    def _write_waiting(self, mine: Waiting) -> None:
        """Write what waits, then leave the turn to the first who came meanwhile and has no turn yet.

        Whoever has a turn writes their own: nobody may find, when it is their turn, that it is being written.
        """
        with self._lock:
            others = [each for each in self._waiting if not each.is_writer][: MOST_AT_ONCE - 1]
            batch = [mine, *others]
            taken = set(batch)
            self._waiting = [each for each in self._waiting if each not in taken]
        try:
            self._write(batch)
        finally:
            with self._lock:
                heir = next((each for each in self._waiting if not each.is_writer), None)
                if heir is None:
                    self._free += 1
                else:
                    heir.is_writer = True
            if heir is not None:
                heir.woken.set()

    def _write(self, batch: Sequence[Waiting]) -> None:
        try:
            receipts = self._kept([each.event for each in batch])
            for each, receipt in zip(batch, receipts, strict=True):
                each.receipt = receipt
        except ReautoError as error:
            for each in batch:
                each.error = error
        finally:
            for each in batch:
                if each.receipt is None and each.error is None:
                    each.error = Unavailable("the callback could not be written")
                each.woken.set()

    def _kept(self, events: Sequence[ProviderEvent]) -> list[Receipt]:
        values = {
            "places": list(range(len(events))),
            "attempts": [event.attempt_id for event in events],
            "kinds": [event.kind for event in events],
            "keys": [event.dedupe_key for event in events],
            "ats": [event.at for event in events],
            "payloads": [json.dumps(event.payload) for event in events],
            "ids": [new_id() for _ in events],
            "topic": TOPIC,
        }
        firsts = {row["place"]: row["is_new"] for row in self._db.rows(KEEP, values)}
        known = {_key(events[place]) for place in firsts}
        new = {place for place, is_new in firsts.items() if is_new}
        return [
            Receipt.NEW if place in new else Receipt.KNOWN if _key(event) in known else Receipt.UNKNOWN
            for place, event in enumerate(events)
        ]


def _key(event: ProviderEvent) -> tuple[str, str, str]:
    return event.attempt_id, event.kind, event.dedupe_key


def _is_id(text: str) -> bool:
    """Whether it has the form of an id; the database would refuse the whole batch otherwise."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
