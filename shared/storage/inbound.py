"""Calls that come to us, in PostgreSQL: desks, the calls themselves, and the tasks they leave."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, RowMapping, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from shared.calls import CallAttempt, Direction
from shared.calls.desk import InboundDesk
from shared.calls.tasks import CallBackTask, TaskReason
from shared.costs import Reservation
from shared.kernel.errors import Conflict
from shared.kernel.ids import SellerId, new_id
from shared.kernel.outbox import NewMessage
from shared.kernel.week import week_as_json, week_of_json
from shared.leads import Lead
from shared.storage.calls.attempts import attempt_of
from shared.storage.calls.dialing import UNANSWERED
from shared.storage.costs import reserve
from shared.storage.engine import reading
from shared.storage.leads import lead_of, put_lead
from shared.storage.outbox import put_messages
from shared.storage.rows import put_row, row_of, values_of
from shared.storage.tables import call_attempts, inbound_desks, leads, tasks


class SqlInboundRepository:
    """``InboundBook`` over desks, attempts, leads and tasks. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def desk(self, seller_id: SellerId) -> InboundDesk:
        with reading(self._engine) as db:
            row = db.execute(select(inbound_desks).where(inbound_desks.c.seller_id == seller_id)).mappings().first()
        return desk_of(row) if row else InboundDesk(seller_id=seller_id)

    def save_desk(self, desk: InboundDesk) -> None:
        with self._engine.begin() as db:
            put_row(db, inbound_desks, row_of(desk) | {"hours": week_as_json(desk.hours)})

    def by_sid(self, sid: str) -> CallAttempt | None:
        with reading(self._engine) as db:
            row = db.execute(select(call_attempts).where(call_attempts.c.provider_sid == sid)).mappings().first()
        return attempt_of(row) if row else None

    def lead_of(self, phone: str, *, seller_id: str) -> Lead | None:
        theirs = select(leads).where(leads.c.phone == phone, leads.c.seller_id == seller_id)
        with reading(self._engine) as db:
            row = db.execute(theirs.order_by(leads.c.seq.desc()).limit(1)).mappings().first()
        return lead_of(row) if row else None

    def admit(
        self,
        attempt: CallAttempt,
        lead: Lead,
        reservation: Reservation,
        *messages: NewMessage,
        task: tuple[TaskReason, datetime] | None = None,
    ) -> CallAttempt:
        earlier = select(func.count()).where(
            call_attempts.c.lead_id == lead.id, call_attempts.c.direction == Direction.INBOUND
        )
        try:
            with self._engine.begin() as db:
                known = db.execute(select(leads).where(leads.c.id == lead.id).with_for_update()).mappings().first()
                # What others changed meanwhile stands: only the promise is new.
                put_lead(db, replace(lead_of(known), promised_at=lead.promised_at) if known else lead)
                admitted = replace(attempt, attempt_no=1 + db.execute(earlier).scalar_one())
                db.execute(insert(call_attempts).values(row_of(admitted)))
                reserve(db, reservation)
                put_messages(db, messages)
                if task is not None:
                    db.execute(insert(tasks).values(_task_row(admitted, *task)))
        except IntegrityError as error:
            raise Conflict(f"call {attempt.provider_sid} is kept already") from error
        return admitted

    def silence(self, phone: str, *, now: datetime) -> Sequence[CallAttempt]:
        ringing = (
            (call_attempts.c.phone == phone)
            & (call_attempts.c.direction == Direction.OUTBOUND)
            & call_attempts.c.state.in_(UNANSWERED)
        )
        until = func.least(func.coalesce(call_attempts.c.talk_until, now), now)
        hushed = update(call_attempts).where(ringing).values(talk_until=until).returning(call_attempts)
        with self._engine.begin() as db:
            return [attempt_of(row) for row in db.execute(hushed).mappings()]


def desk_of(row: RowMapping) -> InboundDesk:
    """The desk that a row of ``inbound_desks`` tells of."""
    return InboundDesk(**values_of(row, InboundDesk) | {"hours": week_of_json(row["hours"])})


def _task_row(attempt: CallAttempt, reason: TaskReason, due_at: datetime) -> dict[str, Any]:
    task = CallBackTask(
        id=new_id(),
        seller_id=attempt.seller_id,
        lead_id=attempt.lead_id,
        attempt_id=attempt.id,
        phone=attempt.phone,
        reason=reason,
        due_at=due_at,
        made_at=attempt.planned_at,
    )
    return row_of(task)
