"""Messages in PostgreSQL: written with a change, leased by whoever carries them, dead when nobody could use them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import (
    Connection,
    Engine,
    func,
    insert,
    or_,
    select,
    update,
)

from shared.kernel.ids import new_id
from shared.kernel.outbox import DeadMessage, NewMessage, OutboxMessage
from shared.storage.engine import reading
from shared.storage.statements import Statements
from shared.storage.tables import outbox

LOOK_AHEAD = 500  # so many waiting messages share a lease's places among their groups

DUE = """
  select t.topic from unnest(%(topics)s::text[]) as t(topic) where exists (
    select from outbox o where o.topic = t.topic and o.dead_at is null
      and (o.available_at is null or o.available_at <= %(now)s) and (o.lease_until is null or o.lease_until <= %(now)s)
  )
"""

# Rows come and go faster than the planner's statistics follow: the shape of the query does not depend on them.
LEASE = """
  with ahead as materialized (
    select id, seq, "group" from outbox
    where topic = %(topic)s and dead_at is null
      and (available_at is null or available_at <= %(now)s) and (lease_until is null or lease_until <= %(now)s)
    order by seq limit %(ahead)s
  ), places as materialized (
    select array_agg(id order by place, seq) as ids from (
      select id, seq, row_number() over (partition by "group" order by seq) as place from ahead
    ) placed
  ), taken as materialized (
    select o.id from places, unnest(places.ids) with ordinality as p(id, place) join outbox o on o.id = p.id
    where o.dead_at is null and (o.lease_until is null or o.lease_until <= %(now)s)
    order by p.place limit %(most)s for update of o skip locked
  )
  update outbox set lease_until = %(until)s, receives = receives + 1
  where id = any(array(select id from taken))
  returning id, seq, topic, "group", body, receives, available_at
"""


PUT = """
  insert into outbox (id, topic, "group", body, available_at)
  select m.id, m.topic, m."group", m.body, m.available_at
  from jsonb_to_recordset(%(messages)s) as m(id uuid, topic text, "group" text, body jsonb, available_at timestamptz)
  returning id
"""
DONE = "delete from outbox where id = any(%(ids)s::uuid[]) returning id"


class SqlOutbox:
    """The ``outbox`` table."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._statements = Statements(engine)

    def put(self, messages: Sequence[NewMessage], now: datetime) -> None:
        """Write messages that follow from no change of data; those without a time are due at ``now``."""
        with self._engine.begin() as db:
            put_messages(db, messages, default=now)

    def due(self, topics: Sequence[str], *, now: datetime) -> frozenset[str]:
        """Those of ``topics`` that have a message to take; one look for all of them."""
        return frozenset(row["topic"] for row in self._statements.rows(DUE, {"topics": list(topics), "now": now}))

    def lease(self, *, topic: str, now: datetime, lease_for: timedelta, limit: int) -> list[OutboxMessage]:
        """Up to ``limit`` due messages, each group's oldest first, hidden from others until ``now + lease_for``.

        Each counts as received once more. Two who lease at the same time never get the same message.
        """
        values = {"topic": topic, "now": now, "until": now + lease_for, "most": limit, "ahead": LOOK_AHEAD}
        rows = sorted(self._statements.rows(LEASE, values), key=lambda row: row["seq"])
        return [_message(row, now) for row in rows]

    def lease_any(
        self, *, topics: Collection[str], now: datetime, lease_for: timedelta, limit: int
    ) -> list[OutboxMessage]:
        """Up to ``limit`` due messages of these topics, oldest first, hidden from others until ``now + lease_for``."""
        taken = (
            select(outbox.c.id)
            .where(
                outbox.c.topic.in_(topics),
                outbox.c.dead_at.is_(None),
                or_(outbox.c.available_at.is_(None), outbox.c.available_at <= now),
                or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= now),
            )
            .order_by(outbox.c.seq)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        lease = (
            update(outbox)
            .where(outbox.c.id.in_(taken.cte("taken").select()))
            .values(lease_until=now + lease_for, receives=outbox.c.receives + 1)
            .returning(outbox)
        )
        with self._engine.begin() as db:
            rows = sorted(db.execute(lease).mappings(), key=lambda row: row["seq"])
        return [_message(row, now) for row in rows]

    def done(self, ids: Sequence[str]) -> None:
        """Forget messages that were dealt with."""
        self._statements.rows(DONE, {"ids": list(ids)})

    def failed(self, message_id: str, *, now: datetime, retry_in: timedelta, max_receives: int, error: str) -> bool:
        """Offer the message again after ``retry_in``, or lay it aside when it was received ``max_receives`` times.

        Returns:
            Whether it was laid aside.
        """
        this = outbox.c.id == message_id
        lay_aside = update(outbox).where(this, outbox.c.dead_at.is_(None), outbox.c.receives >= max_receives)
        lay_aside = lay_aside.values(dead_at=now, last_error=error, lease_until=None)
        offer = update(outbox).where(this, outbox.c.dead_at.is_(None))
        offer = offer.values(available_at=now + retry_in, lease_until=None, last_error=error)
        with self._engine.begin() as db:
            if db.execute(lay_aside).rowcount:
                return True
            db.execute(offer)
            return False

    def dead(self) -> Sequence[DeadMessage]:
        """Every message that was laid aside, oldest first."""
        query = select(outbox).where(outbox.c.dead_at.is_not(None)).order_by(outbox.c.seq)
        with reading(self._engine) as db:
            return [
                DeadMessage(
                    message=_message(row, row["dead_at"]), dead_at=row["dead_at"], error=row["last_error"] or ""
                )
                for row in db.execute(query).mappings()
            ]

    def redrive(self, ids: Sequence[str]) -> int:
        """Offer dead messages again as if they were new; how many there were."""
        again = update(outbox).where(outbox.c.id.in_(list(ids)), outbox.c.dead_at.is_not(None))
        again = again.values(dead_at=None, lease_until=None, available_at=None, receives=0)
        with self._engine.begin() as db:
            return db.execute(again).rowcount

    def waiting(self) -> dict[str, int]:
        """How many messages of each topic are not dealt with yet, the dead left out."""
        query = (
            select(outbox.c.topic, func.count().label("waiting"))
            .where(outbox.c.dead_at.is_(None))
            .group_by(outbox.c.topic)
        )
        with reading(self._engine) as db:
            return {row.topic: row.waiting for row in db.execute(query)}


def put_messages(db: Connection, messages: Sequence[NewMessage], *, default: datetime | None = None) -> None:
    """Write messages inside someone else's transaction; without a time of their own they are due at once."""
    if messages:
        db.execute(insert(outbox), [_row(message, default) for message in messages])


def ask(db: Statements, messages: Sequence[NewMessage]) -> None:
    """Write messages that follow from no change of data; without a time of their own they are due at once."""
    if messages:
        db.rows(PUT, {"messages": Jsonb(told_messages(messages))})


def told_messages(messages: Sequence[NewMessage]) -> list[dict[str, Any]]:
    """Messages as JSON values, for whoever writes them with a statement of their own."""
    return [
        _row(each, None) | {"available_at": each.available_at.isoformat() if each.available_at else None}
        for each in messages
    ]


def _row(message: NewMessage, default: datetime | None) -> dict[str, Any]:
    return {
        "id": new_id(),
        "topic": message.topic,
        "group": message.group,
        "body": message.body,
        "available_at": message.available_at or default,
    }


def _message(row: Mapping[Any, Any], leased_at: datetime) -> OutboxMessage:
    return OutboxMessage(
        id=row["id"],
        topic=row["topic"],
        group=row["group"],
        body=row["body"],
        receives=row["receives"],
        available_at=row["available_at"] or leased_at,
    )
