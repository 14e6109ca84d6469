"""Scores in PostgreSQL: every one that was given, and what came of the calls."""

from collections.abc import Sequence

from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError

from shared.conversation.report import ScoreReason
from shared.conversation.score_history import GivenScore
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId
from shared.reports.cost_report import QUALIFIED
from shared.reports.score_report import ScoreCount, ScoreQuery
from shared.storage.engine import constraint, reading
from shared.storage.rows import add_once, row_of, values_of
from shared.storage.tables import scores

NO_CALL = "scores_attempt_id_fkey"
COUNTS = """
with newest as (
  select distinct on (s.attempt_id) s.attempt_id, s.points
  from scores s join call_attempts a on a.id = s.attempt_id
  where a.planned_at >= :since and a.planned_at < :until
    and (cast(:campaign_id as uuid) is null or a.campaign_id = :campaign_id)
    and (cast(:seller_id as uuid) is null or a.seller_id = :seller_id)
  order by s.attempt_id, s.at desc, s.source desc
), met as (
  select p.attempt_id, bool_or(p.status = 'kept') as kept,
    bool_or(p.status in ('missed', 'cancelled')) and not bool_or(p.status in ('kept', 'booked')) as missed
  from appointments p join newest n on n.attempt_id = p.attempt_id group by p.attempt_id
)
select n.points, count(*) as calls, count(*) filter (where a.disposition = any(:qualified)) as qualified,
  count(m.attempt_id) as appointments, count(*) filter (where m.kept) as kept,
  count(*) filter (where m.missed) as missed
from newest n join call_attempts a on a.id = n.attempt_id left join met m on m.attempt_id = n.attempt_id
group by n.points order by n.points
"""


class SqlScoreBook:
    """``ScoreBook`` and ``ScoreOutcomes`` over ``scores``. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, given: GivenScore) -> None:
        row = row_of(given) | {"reasons": [reason.model_dump(mode="json") for reason in given.reasons]}
        try:
            with self._engine.begin() as db:
                add_once(db, scores, row)
        except IntegrityError as error:
            if constraint(error.orig) == NO_CALL:
                raise NotFound(f"no call {given.attempt_id}") from error
            raise

    def of_call(self, attempt_id: AttemptId) -> tuple[GivenScore, ...]:
        query = select(scores).where(scores.c.attempt_id == attempt_id).order_by(scores.c.at, scores.c.source)
        with reading(self._engine) as db:
            rows = db.execute(query).mappings().all()
        return tuple(
            GivenScore(
                **values_of(row, GivenScore)
                | {"reasons": tuple(ScoreReason.model_validate(reason) for reason in row["reasons"])}
            )
            for row in rows
        )

    def counts(self, query: ScoreQuery) -> Sequence[ScoreCount]:
        asked = {
            "since": query.since,
            "until": query.until,
            "campaign_id": query.campaign_id,
            "seller_id": query.seller_id,
            "qualified": sorted(each.value for each in QUALIFIED),
        }
        with reading(self._engine) as db:
            return [ScoreCount(**row) for row in db.execute(text(COUNTS), asked).mappings()]
