"""What is found out about calls behind them, in PostgreSQL."""

from sqlalchemy import Engine, select

from shared.conversation.after.analysis import CallAnalysis
from shared.kernel.ids import AttemptId
from shared.storage.engine import reading
from shared.storage.rows import add_once
from shared.storage.tables import call_analyses


class SqlAnalysisRepository:
    """``AnalysisRepository`` over ``call_analyses``. Adding needs no right to read, so the node's role may do it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, analysis: CallAnalysis) -> None:
        row = {
            "attempt_id": analysis.attempt_id,
            "analysed_at": analysis.analysed_at,
            "by": analysis.by,
            "body": analysis.model_dump(mode="json"),
        }
        with self._engine.begin() as db:
            add_once(db, call_analyses, row)

    def newest(self, attempt_id: AttemptId) -> CallAnalysis | None:
        query = select(call_analyses.c.body).where(call_analyses.c.attempt_id == attempt_id)
        query = query.order_by(call_analyses.c.analysed_at.desc()).limit(1)
        with reading(self._engine) as db:
            body = db.execute(query).scalar_one_or_none()
        return None if body is None else CallAnalysis.model_validate(body)
