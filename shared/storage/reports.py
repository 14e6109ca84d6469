"""What the voice node tells of its calls, in PostgreSQL."""

from typing import Any

from sqlalchemy import Engine, insert, select

from shared.conversation import CallReport, SpokenTurn
from shared.kernel.ids import AttemptId
from shared.storage.rows import add_once
from shared.storage.tables import reports, turns


class SqlReportRepository:
    """``ReportRepository`` over ``reports`` and ``turns``. One method, one transaction.

    The database itself asks for the closing of the call when a report arrives. Adding needs no right to read, so
    the voice node's role may do it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, report: CallReport) -> None:
        row = {
            "attempt_id": report.attempt_id,
            "worker": report.worker,
            "epoch": report.epoch,
            "started_at": report.started_at,
            "ended_at": report.ended_at,
            "body": report.model_dump(mode="json", exclude={"turns"}),
        }
        with self._engine.begin() as db:
            if add_once(db, reports, row) and report.turns:
                db.execute(insert(turns), [_turn_row(report.attempt_id, turn) for turn in report.turns])

    def get(self, attempt_id: AttemptId) -> CallReport | None:
        columns = [column for column in turns.c if column.name != "attempt_id"]
        spoken = select(*columns).where(turns.c.attempt_id == attempt_id).order_by(turns.c.number)
        with self._engine.connect() as db:
            body = db.execute(select(reports.c.body).where(reports.c.attempt_id == attempt_id)).scalar_one_or_none()
            if body is None:
                return None
            rows = [dict(row) for row in db.execute(spoken).mappings()]
        return CallReport.model_validate({**body, "turns": rows})


def _turn_row(attempt_id: AttemptId, turn: SpokenTurn) -> dict[str, Any]:
    return {"attempt_id": attempt_id, **turn.model_dump(exclude={"version"})}
