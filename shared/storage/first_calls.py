"""Speed to lead, counted in PostgreSQL: how soon those were rung who arrived while their campaign ran."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, extract, func, literal, select

from shared.kernel.ids import CampaignId
from shared.leads.intake import JUST_ASKED
from shared.reports.campaign_figures import FirstCalls
from shared.storage.tables import call_attempts, campaign_moves, leads, permissions

MOST_COUNTED = 5_000
"""The latest so many who asked tell how soon people are rung; asking stays cheap."""


def first_calls(
    db: Connection, campaign_id: CampaignId, *, within: timedelta, since: datetime, now: datetime
) -> FirstCalls:
    """``CampaignBoard.first_calls``."""
    ran = (
        select(campaign_moves.c.state)
        .where(campaign_moves.c.campaign_id == campaign_id, campaign_moves.c.at <= leads.c.created_at)
        .order_by(campaign_moves.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    rung = (
        select(func.min(call_attempts.c.dial_started_at))
        .where(call_attempts.c.lead_id == leads.c.id, call_attempts.c.direction == "outbound")
        .scalar_subquery()
    )
    arrived = (
        select(leads.c.id, leads.c.created_at, rung.label("rung_at"))
        .where(leads.c.campaign_id == campaign_id, leads.c.created_at >= since, ran == "running")
        .where(leads.c.asked_at >= leads.c.created_at - JUST_ASKED)
        .order_by(leads.c.created_at.desc())
        .limit(MOST_COUNTED)
        .subquery("arrived")
    )
    due_at = arrived.c.created_at + literal(within)
    refused = (
        select(permissions.c.id)
        .where(
            permissions.c.lead_id == arrived.c.id,
            permissions.c.verdict != "allow",
            permissions.c.at <= func.least(func.coalesce(arrived.c.rung_at, due_at), due_at),
        )
        .exists()
    )
    in_time = (arrived.c.rung_at <= due_at) & ~refused
    is_allowed = ~refused & ((arrived.c.rung_at <= due_at) | (due_at <= now))
    seconds = extract("epoch", arrived.c.rung_at - arrived.c.created_at)
    counted = select(
        func.count().label("arrived"),
        func.count().filter(is_allowed).label("allowed"),
        func.count().filter(in_time).label("in_time"),
        func.percentile_disc(0.5).within_group(seconds).label("p50_seconds"),
        func.percentile_disc(0.95).within_group(seconds).label("p95_seconds"),
    ).select_from(arrived)
    row = db.execute(counted).mappings().one()
    p50, p95 = (None if row[name] is None else float(row[name]) for name in ("p50_seconds", "p95_seconds"))
    counts: dict[str, int] = {name: row[name] for name in ("arrived", "allowed", "in_time")}
    return FirstCalls(within=within, p50_seconds=p50, p95_seconds=p95, **counts)
