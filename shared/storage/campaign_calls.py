"""What became of campaigns' calls, counted in PostgreSQL: each attempt once."""

from datetime import datetime

from sqlalchemy import ColumnElement, Engine, and_, bindparam, case, func, literal, or_, select

from shared.campaigns import CallCounts
from shared.campaigns.breaker import FIRST_WORDS_WITHIN, MOST_CALLS_COUNTED, NOT_PEOPLE, OUR_STOPS, QUICK_SECONDS
from shared.kernel.ids import CampaignId
from shared.storage.engine import reading
from shared.storage.tables import call_attempts, reports

latest = (
    select(call_attempts)
    .where(
        call_attempts.c.campaign_id == bindparam("campaign"),
        call_attempts.c.dial_started_at >= bindparam("since"),
        call_attempts.c.direction == "outbound",
        call_attempts.c.ended_at.is_not(None),
    )
    .order_by(call_attempts.c.dial_started_at.desc())
    .limit(MOST_CALLS_COUNTED)
    .subquery("latest")
)
call = latest.c
report = (
    select(
        func.min(reports.c.body["heard"].astext).label("heard"),
        func.min(reports.c.body["first_audio_ms"].as_float()).label("first_audio_ms"),
    )
    .where(reports.c.attempt_id == call.id, reports.c.part == 0)
    .lateral("report")
)


class SqlCampaignCalls:
    """``CampaignCalls`` over ``call_attempts`` and ``reports``. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def counts(self, campaign_id: CampaignId, since: datetime) -> CallCounts:
        counted = select(
            func.count().label("dials"),
            func.count().filter(_has_failed()).label("failed"),
            func.count().filter(_is_person()).label("answered"),
            func.count().filter(_is_person() & _is_abandoned()).label("abandoned"),
            func.count().filter(_is_person() & (call.disposition == "opted_out")).label("complaints"),
        ).select_from(latest.outerjoin(report, literal(True)))
        with reading(self._engine) as db:
            row = db.execute(counted, {"campaign": campaign_id, "since": since}).mappings().one()
        return CallCounts(**row)

    def live(self, campaign_id: CampaignId) -> int:
        ours = call_attempts.c
        query = select(func.count()).where(ours.campaign_id == campaign_id, ours.ended_at.is_(None))
        with reading(self._engine) as db:
            return db.execute(query).scalar_one()


def _has_failed() -> ColumnElement[bool]:
    is_ours = func.coalesce(call.end_reason, "").in_(OUR_STOPS)
    unclosed = call.disposition.is_(None) & call.state.in_(("rejected", "not_placed"))
    return or_(call.disposition == "failed_technical", unclosed) & ~is_ours


def _is_person() -> ColumnElement[bool]:
    by_machine = call.answered_by.like("machine%") | (call.answered_by == "fax")
    heard = func.coalesce(report.c.heard, case((by_machine, "voicemail"), else_="human"))
    return and_(call.answered_at.is_not(None), heard.not_in(NOT_PEOPLE))


def _is_abandoned() -> ColumnElement[bool]:
    """Nobody spoke to them in time; who hung up within a blink left by themselves."""
    stayed = func.coalesce(call.duration_seconds, QUICK_SECONDS + 1) > QUICK_SECONDS
    late = func.coalesce(report.c.first_audio_ms, FIRST_WORDS_WITHIN + 1) > FIRST_WORDS_WITHIN
    return late & stayed
