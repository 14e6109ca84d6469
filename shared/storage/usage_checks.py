"""What we booked for a day's calls, and how it compared with the carrier's books, in PostgreSQL."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, RowMapping, and_, distinct, func, select

from shared.costs import Component
from shared.costs.reconcile_usage import Billed, BookedUsage, CallGap, UsageCheck
from shared.kernel.money import Money
from shared.storage.engine import reading
from shared.storage.rows import put_row
from shared.storage.tables import call_attempts, charges, cost_lines, usage_checks

AMOUNT = func.sum(cost_lines.c.amount_micro_usd)


class SqlUsageBook:
    """``UsageBook`` over ``cost_lines``, ``charges`` and ``usage_checks``. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def booked(self, day: date) -> Sequence[BookedUsage]:
        calls = func.count(distinct(cost_lines.c.attempt_id)).label("calls")
        query = (
            select(cost_lines.c.component, cost_lines.c.vendor, calls, AMOUNT.label("amount"))
            .join(call_attempts, call_attempts.c.id == cost_lines.c.attempt_id)
            .where(_ended_on(day))
            .group_by(cost_lines.c.component, cost_lines.c.vendor)
            .order_by(cost_lines.c.component, cost_lines.c.vendor)
        )
        begins, ends = _bounds(day)
        look_ups = (
            select(
                charges.c.component,
                charges.c.vendor,
                func.count(distinct(charges.c.id)).label("calls"),
                func.sum(charges.c.amount_micro_usd).label("amount"),
            )
            .where(charges.c.at >= begins, charges.c.at < ends)
            .group_by(charges.c.component, charges.c.vendor)
        )
        with reading(self._engine) as db:
            return [
                BookedUsage(
                    billed=(Component(row.component), row.vendor), count=row.calls, amount=Money(int(row.amount))
                )
                for row in (*db.execute(query), *db.execute(look_ups))
            ]

    def booked_calls(self, day: date, billed: Billed, *, limit: int) -> Sequence[tuple[str, Money]]:
        query = (
            select(call_attempts.c.provider_sid, AMOUNT.label("amount"))
            .join(cost_lines, call_attempts.c.id == cost_lines.c.attempt_id)
            .where(_ended_on(day), call_attempts.c.provider_sid.is_not(None))
            .where(cost_lines.c.component == billed[0].value, cost_lines.c.vendor == billed[1])
            .group_by(call_attempts.c.provider_sid)
            .order_by(AMOUNT.desc(), call_attempts.c.provider_sid)
            .limit(limit)
        )
        with reading(self._engine) as db:
            return [(row.provider_sid, Money(int(row.amount))) for row in db.execute(query)]

    def keep(self, checks: Sequence[UsageCheck]) -> None:
        with self._engine.begin() as db:
            for check in checks:
                put_row(db, usage_checks, _row(check))

    def checks(self, since: date) -> Sequence[UsageCheck]:
        query = select(usage_checks).where(usage_checks.c.day >= since)
        with reading(self._engine) as db:
            newest_first = query.order_by(usage_checks.c.day.desc(), usage_checks.c.category)
            return [_check(row) for row in db.execute(newest_first).mappings()]


def _ended_on(day: date) -> ColumnElement[bool]:
    begins, ends = _bounds(day)
    return and_(call_attempts.c.ended_at >= begins, call_attempts.c.ended_at < ends)


def _bounds(day: date) -> tuple[datetime, datetime]:
    begins = datetime.combine(day, time(), UTC)
    return begins, begins + timedelta(days=1)


def _row(check: UsageCheck) -> dict[str, Any]:
    gaps = [
        {"sid": gap.sid, "ours": gap.ours.micro_usd, "theirs": gap.theirs.micro_usd if gap.theirs is not None else None}
        for gap in check.gaps
    ]
    return {
        "day": check.day,
        "category": check.category,
        "our_count": check.our_count,
        "our_micro_usd": check.ours.micro_usd,
        "their_count": check.their_count,
        "their_micro_usd": check.theirs.micro_usd,
        "holds": check.holds,
        "gaps": gaps,
        "at": check.at,
    }


def _check(row: RowMapping) -> UsageCheck:
    gaps = (
        CallGap(
            sid=gap["sid"],
            ours=Money(gap["ours"]),
            theirs=Money(gap["theirs"]) if gap["theirs"] is not None else None,
        )
        for gap in row["gaps"]
    )
    return UsageCheck(
        day=row["day"],
        category=row["category"],
        our_count=row["our_count"],
        ours=Money(row["our_micro_usd"]),
        their_count=row["their_count"],
        theirs=Money(row["their_micro_usd"]),
        at=row["at"],
        gaps=tuple(gaps),
    )
