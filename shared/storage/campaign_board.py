"""Campaigns in figures, counted in PostgreSQL; nothing here reads more rows than it shows or counts."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, RowMapping, Select, func, select, true
from sqlalchemy.dialects.postgresql import distinct_on

from shared.calls import CallAttempt, Permission
from shared.kernel.ids import CampaignId
from shared.leads import LeadStatus
from shared.reports.campaign_figures import QUALIFIED, FirstCalls, LeadLook, Promises, VariantFigures
from shared.storage.calls.attempts import attempt_of
from shared.storage.calls.permissions import permission_of
from shared.storage.engine import reading
from shared.storage.first_calls import first_calls
from shared.storage.leads import lead_of
from shared.storage.tables import call_attempts, leads, permissions, reports

attempt = call_attempts.c


class SqlCampaignBoard:
    """``CampaignBoard`` over ``leads``, ``call_attempts``, ``permissions`` and ``reports``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def leads_by_status(self, campaign_id: CampaignId) -> Mapping[str, int]:
        query = select(leads.c.status, func.count().label("number")).where(leads.c.campaign_id == campaign_id)
        with reading(self._engine) as db:
            counts = {row["status"]: row["number"] for row in db.execute(query.group_by(leads.c.status)).mappings()}
        return dict(sorted(counts.items()))

    def leads(
        self, campaign_id: CampaignId, *, status: LeadStatus | None = None, after: int = 0, limit: int
    ) -> Sequence[LeadLook]:
        wanted = (leads.c.campaign_id == campaign_id) & (leads.c.seq > after)
        page = select(leads).where(wanted, leads.c.status == status if status else true())
        with reading(self._engine) as db:
            rows = db.execute(page.order_by(leads.c.seq).limit(limit)).mappings().all()
            ids = [row["id"] for row in rows]
            calls = {row["lead_id"]: attempt_of(row) for row in db.execute(_latest_calls(ids)).mappings()}
            decisions = {row["lead_id"]: permission_of(row) for row in db.execute(_latest_decisions(ids)).mappings()}
        return [_look(row, calls, decisions) for row in rows]

    def by_variant(self, campaign_id: CampaignId) -> Sequence[VariantFigures]:
        of_campaign = leads.c.campaign_id == campaign_id
        people = select(leads.c.variant, func.count().label("leads")).where(of_campaign).group_by(leads.c.variant)
        with reading(self._engine) as db:
            counts = {row["variant"]: dict(row) for row in db.execute(people).mappings()}
            for row in db.execute(_calls_by_variant(campaign_id)).mappings():
                counts[row["variant"]] = counts.get(row["variant"], {"leads": 0}) | dict(row)
        return [VariantFigures(**counts[name]) for name in sorted(counts, key=lambda name: (name is None, name or ""))]

    def first_calls(self, campaign_id: CampaignId, *, within: timedelta, since: datetime, now: datetime) -> FirstCalls:
        with reading(self._engine) as db:
            return first_calls(db, campaign_id, within=within, since=since, now=now)

    def promises(self, campaign_id: CampaignId, now: datetime) -> Promises:
        waits = (leads.c.campaign_id == campaign_id) & leads.c.promised_at.is_not(None) & (leads.c.status == "ready")
        late = func.count().filter(leads.c.next_attempt_at <= now)
        made = (attempt.campaign_id == campaign_id) & (attempt.purpose == "callback")
        with reading(self._engine) as db:
            waiting, overdue = db.execute(select(func.count(), late).where(waits)).one()
            rung = db.execute(select(func.count()).where(made, attempt.dial_started_at.is_not(None))).scalar_one()
        return Promises(waiting=waiting, overdue=overdue, rung=rung)


def _latest_calls(lead_ids: Sequence[str]) -> Select[Any]:
    theirs = select(call_attempts).where(attempt.lead_id.in_(lead_ids))
    latest = theirs.ext(distinct_on(attempt.lead_id))
    return latest.order_by(attempt.lead_id, attempt.planned_at.desc(), attempt.id.desc())


def _latest_decisions(lead_ids: Sequence[str]) -> Select[Any]:
    theirs = select(permissions).where(permissions.c.lead_id.in_(lead_ids))
    latest = theirs.ext(distinct_on(permissions.c.lead_id))
    return latest.order_by(permissions.c.lead_id, permissions.c.id.desc())


def _look(row: RowMapping, calls: Mapping[str, CallAttempt], decisions: Mapping[str, Permission]) -> LeadLook:
    lead = lead_of(row)
    return LeadLook(place=row["seq"], lead=lead, last=calls.get(lead.id), decision=decisions.get(lead.id))


def _calls_by_variant(campaign_id: CampaignId) -> Select[Any]:
    talked = select(reports.c.attempt_id).where(
        reports.c.attempt_id == attempt.id, reports.c.body["heard"].astext == "human"
    )
    is_talk = attempt.answered_at.is_not(None) & talked.exists()
    ours = (attempt.campaign_id == campaign_id) & (attempt.direction == "outbound")

    def ended_as(*dispositions: str) -> ColumnElement[int]:
        return func.count().filter(is_talk & attempt.disposition.in_(dispositions))

    return (
        select(
            attempt.variant,
            func.count().label("dials"),
            func.count().filter(is_talk).label("conversations"),
            ended_as(*QUALIFIED).label("qualified"),
            ended_as("appointment_set").label("appointments"),
            ended_as("opted_out").label("opt_outs"),
        )
        .where(ours, attempt.provider_sid.is_not(None))
        .group_by(attempt.variant)
    )
