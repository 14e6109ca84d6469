"""What the voice node tells of its calls, in PostgreSQL."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Engine, insert

from shared.conversation import CallReport, SpokenTurn
from shared.conversation.parts import merged
from shared.kernel.ids import AttemptId
from shared.storage.rows import add_once
from shared.storage.statements import Statements
from shared.storage.tables import reports, turns

TOLD = "select part, body from reports where attempt_id = %(attempt)s"
SPOKEN = "select * from turns where attempt_id = %(attempt)s order by part, number"


class SqlReportRepository:
    """``ReportRepository`` over ``reports`` and ``turns``. One method, one transaction.

    The database itself asks for the closing of the call when a report arrives. Adding needs no right to read, so
    the voice node's role may do it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._statements = Statements(engine)

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
        told = self._statements.rows(TOLD, {"attempt": attempt_id})
        rows = defaultdict(list)
        for row in self._statements.rows(SPOKEN, {"attempt": attempt_id}) if told else ():
            del row["attempt_id"]
            rows[row.pop("part")].append(row)
        return merged([CallReport.model_validate({**each["body"], "turns": rows[each["part"]]}) for each in told])


def _turn_row(report: CallReport, turn: SpokenTurn) -> dict[str, Any]:
    return {"attempt_id": report.attempt_id, "part": report.part, **turn.model_dump(exclude={"version"})}
