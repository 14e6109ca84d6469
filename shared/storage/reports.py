"""What the voice node tells of its calls, in PostgreSQL."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Engine, insert, select

from shared.conversation import CallReport, SpokenTurn
from shared.conversation.parts import merged
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
            "part": report.part,
            "worker": report.worker,
            "epoch": report.epoch,
            "started_at": report.started_at,
            "ended_at": report.ended_at,
            "body": report.model_dump(mode="json", exclude={"turns"}),
        }
        with self._engine.begin() as db:
            if add_once(db, reports, row) and report.turns:
                db.execute(insert(turns), [_turn_row(report, turn) for turn in report.turns])

    def get(self, attempt_id: AttemptId) -> CallReport | None:
        told = select(reports.c.part, reports.c.body).where(reports.c.attempt_id == attempt_id)
        spoken = select(turns).where(turns.c.attempt_id == attempt_id).order_by(turns.c.part, turns.c.number)
        with self._engine.connect() as db:
            bodies = db.execute(told).all()
            rows = defaultdict(list)
            for row in db.execute(spoken).mappings() if bodies else ():
                kept = dict(row)
                del kept["attempt_id"]
                rows[kept.pop("part")].append(kept)
        return merged([CallReport.model_validate({**body, "turns": rows[part]}) for part, body in bodies])


def _turn_row(report: CallReport, turn: SpokenTurn) -> dict[str, Any]:
    return {"attempt_id": report.attempt_id, "part": report.part, **turn.model_dump(exclude={"version"})}
