"""Call-back tasks in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, RowMapping, func, select, update

from shared.calls.tasks import BY_A_PERSON, CallBackTask, TaskReason
from shared.kernel.errors import NotFound
from shared.kernel.ids import SellerId
from shared.storage.engine import reading
from shared.storage.rows import values_of
from shared.storage.tables import leads, tasks


class SqlTaskRepository:
    """``TaskRepository`` over ``tasks``. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open_tasks(self, seller_id: SellerId | None = None) -> Sequence[CallBackTask]:
        is_person = tasks.c.reason.in_(sorted(BY_A_PERSON))
        have_spoken = func.coalesce(leads.c.spoken_at > tasks.c.made_at, False)
        query = select(tasks).join(leads, leads.c.id == tasks.c.lead_id)
        query = query.where(tasks.c.done_at.is_(None), is_person | ~have_spoken)
        if seller_id is not None:
            query = query.where(tasks.c.seller_id == seller_id)
        with reading(self._engine) as db:
            return [_task(row) for row in db.execute(query.order_by(tasks.c.due_at, tasks.c.id)).mappings()]

    def done(self, task_id: str, *, by: str, now: datetime) -> CallBackTask:
        first = {
            "done_at": func.coalesce(tasks.c.done_at, now),
            "done_by": func.coalesce(tasks.c.done_by, by),
        }
        tick = update(tasks).where(tasks.c.id == task_id).values(first).returning(tasks)
        with self._engine.begin() as db:
            row = db.execute(tick).mappings().one_or_none()
        if row is None:
            raise NotFound(f"no task {task_id}")
        return _task(row)


def _task(row: RowMapping) -> CallBackTask:
    return CallBackTask(**values_of(row, CallBackTask) | {"reason": TaskReason(row["reason"])})
