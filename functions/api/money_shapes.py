"""What clients send and get back about money; amounts in whole micro-dollars."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import Field, model_validator

from functions.api.answers import Shown
from functions.api.bodies import Body
from shared.costs import Alert, Budget, Component, Period, Scope
from shared.costs.forecast import Forecast
from shared.costs.levels import Levels
from shared.costs.reconcile_usage import UsageCheck
from shared.kernel.money import Money
from shared.reports.cost_report import CostQuery, CostRow


class LimitBody(Body):
    """A limit by period; without ``limit_usd`` there is none any more."""

    scope: Scope = Field(description="seller or installation")
    period: Period = Field(description="day, week or month")
    seller_id: str | None = None
    limit_usd: Decimal | None = Field(default=None, gt=0, le=1_000_000)

    @model_validator(mode="after")
    def _has_an_owner(self) -> "LimitBody":
        if self.scope not in (Scope.SELLER, Scope.INSTALLATION) or self.period is Period.TOTAL:
            raise ValueError("a limit is a seller's or the installation's, for a day, a week or a month")
        if (self.scope is Scope.SELLER) != (self.seller_id is not None):
            raise ValueError("a seller's limit names the seller, the installation's none")
        return self


class DayBody(Body):
    """A day (UTC); without one, the day before."""

    day: date | None = None


class CostRowShown(Shown):
    """The costs and results of some calls. What nothing can be divided by is ``null``."""

    key: str
    label: str
    attempts: int
    dials: int
    connected: int
    qualified: int
    appointments: int
    call_seconds: int
    cost_micro_usd: int
    per_dial_micro_usd: int | None
    per_connected_call_micro_usd: int | None
    per_conversation_micro_usd: int | None
    per_qualified_lead_micro_usd: int | None
    per_appointment_micro_usd: int | None

    @classmethod
    def of(cls, row: CostRow) -> "CostRowShown":
        """The row as a client sees it."""
        return cls(
            key=row.key,
            label=row.label,
            attempts=row.attempts,
            dials=row.dials,
            connected=row.connected,
            qualified=row.qualified,
            appointments=row.appointments,
            call_seconds=row.call_seconds,
            cost_micro_usd=row.cost.micro_usd,
            per_dial_micro_usd=_micro(row.per_dial),
            per_connected_call_micro_usd=_micro(row.per_connected_call),
            per_conversation_micro_usd=_micro(row.per_conversation),
            per_qualified_lead_micro_usd=_micro(row.per_qualified_lead),
            per_appointment_micro_usd=_micro(row.per_appointment),
        )


class CostsShown(Shown):
    """The costs of the attempts planned from ``since`` on and before ``until``, laid out and by what was paid for."""

    since: datetime
    until: datetime
    by: str
    rows: tuple[CostRowShown, ...]
    by_component: dict[str, int]

    @classmethod
    def of(cls, query: CostQuery, rows: tuple[CostRow, ...], components: dict[Component, Money]) -> "CostsShown":
        """The answer to a query."""
        return cls(
            since=query.since,
            until=query.until,
            by=query.by.value,
            rows=tuple(CostRowShown.of(row) for row in rows),
            by_component={component.value: amount.micro_usd for component, amount in components.items()},
        )


class LimitShown(Shown):
    """A budget as it stands; without a limit ``limit_micro_usd`` and ``headroom_micro_usd`` are ``null``."""

    id: str
    name: str
    scope: str
    period: str
    seller_id: str | None
    campaign: str | None
    period_start: date | None
    limit_micro_usd: int | None
    posted_micro_usd: int
    pending_micro_usd: int
    headroom_micro_usd: int | None
    overdrawn_micro_usd: int
    level: str | None

    @classmethod
    def of(cls, budget: Budget, levels: Levels, *, campaign: str | None = None) -> "LimitShown":
        """The budget as a client sees it, with the name of its campaign if it is one's."""
        level = levels.of(budget)
        return cls(
            id=budget.id,
            name=budget.name,
            scope=budget.scope.value,
            period=budget.period.value,
            seller_id=budget.seller_id,
            campaign=campaign,
            period_start=budget.period_start,
            limit_micro_usd=budget.limit.micro_usd if budget.is_limited else None,
            posted_micro_usd=budget.posted.micro_usd,
            pending_micro_usd=budget.pending.micro_usd,
            headroom_micro_usd=budget.headroom.micro_usd if budget.is_limited else None,
            overdrawn_micro_usd=budget.overdrawn.micro_usd,
            level=level.value if level else None,
        )


class ForecastShown(Shown):
    """Where a period will end. Four of five such periods end between ``low`` and ``high``."""

    budget: LimitShown
    ends_at: datetime
    expected_micro_usd: int
    low_micro_usd: int
    high_micro_usd: int
    confidence: str
    burn_per_hour_micro_usd: int
    days_left: float | None
    runs_out_at: datetime | None

    @classmethod
    def of(cls, found: Forecast, levels: Levels) -> "ForecastShown":
        """The forecast as a client sees it."""
        return cls(
            budget=LimitShown.of(found.budget, levels),
            ends_at=found.ends_at,
            expected_micro_usd=found.expected.micro_usd,
            low_micro_usd=found.low.micro_usd,
            high_micro_usd=found.high.micro_usd,
            confidence=found.confidence.value,
            burn_per_hour_micro_usd=found.burn_per_hour.micro_usd,
            days_left=found.days_left,
            runs_out_at=found.runs_out_at,
        )


class AlertShown(Shown):
    """An alert; ``sent_at`` is when people were told."""

    id: str
    level: str
    kind: str
    at: datetime
    reason: str
    seller_id: str | None
    evidence: dict[str, Any]
    sent_at: datetime | None

    @classmethod
    def of(cls, alert: Alert) -> "AlertShown":
        """The alert as a client sees it."""
        return cls(
            id=alert.id,
            level=alert.level.value,
            kind=alert.kind,
            at=alert.at,
            reason=alert.reason,
            seller_id=alert.seller_id,
            evidence=dict(alert.evidence),
            sent_at=alert.sent_at,
        )


class GapShown(Shown):
    """One call whose price is not what was booked."""

    sid: str
    ours_micro_usd: int
    theirs_micro_usd: int | None


class UsageCheckShown(Shown):
    """One category of one day beside the carrier's."""

    day: date
    category: str
    our_count: int
    ours_micro_usd: int
    their_count: int
    theirs_micro_usd: int
    gap_share: float
    holds: bool
    gaps: tuple[GapShown, ...]

    @classmethod
    def of(cls, check: UsageCheck) -> "UsageCheckShown":
        """The comparison as a client sees it."""
        gaps = (
            GapShown(sid=gap.sid, ours_micro_usd=gap.ours.micro_usd, theirs_micro_usd=_micro(gap.theirs))
            for gap in check.gaps
        )
        return cls(
            day=check.day,
            category=check.category,
            our_count=check.our_count,
            ours_micro_usd=check.ours.micro_usd,
            their_count=check.their_count,
            theirs_micro_usd=check.theirs.micro_usd,
            gap_share=float(check.share),
            holds=check.holds,
            gaps=tuple(gaps),
        )


def _micro(money: Money | None) -> int | None:
    return None if money is None else money.micro_usd
