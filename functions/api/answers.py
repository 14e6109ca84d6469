"""What clients get back."""

from datetime import datetime, time
from typing import Any

from pydantic import BaseModel, ConfigDict

from shared.appointments import Agent
from shared.campaigns import Seller
from shared.costs import CostLine
from shared.leads.intake import IntakeReport


class Shown(BaseModel):
    """An answer's body."""

    model_config = ConfigDict(frozen=True)


class Created(Shown):
    """The id of what was kept."""

    id: str


class SellerShown(Shown):
    """A seller."""

    id: str
    registered_name: str
    callback_number: str

    @classmethod
    def of(cls, seller: Seller) -> "SellerShown":
        """The seller as a client sees it."""
        return cls(id=seller.id, registered_name=seller.registered_name, callback_number=seller.callback_number)


class HoursShown(Shown):
    """One weekday's hours on the agent's own clock; Monday is 0."""

    weekday: int
    opens: time
    closes: time


class AgentShown(Shown):
    """Somebody who keeps appointments."""

    id: str
    seller_id: str
    name: str
    timezone: str
    hours: tuple[HoursShown, ...]

    @classmethod
    def of(cls, agent: Agent) -> "AgentShown":
        """The agent as a client sees it."""
        hours = tuple(HoursShown(weekday=day.weekday, opens=day.opens, closes=day.closes) for day in agent.hours)
        return cls(id=agent.id, seller_id=agent.seller_id, name=agent.name, timezone=agent.timezone, hours=hours)


class RefusedShown(Shown):
    """A row that was not imported, and why."""

    line: int
    column: str
    reason: str


class IntakeShown(Shown):
    """What became of every row of an import."""

    rows: int
    accepted: int
    refused: tuple[RefusedShown, ...]

    @classmethod
    def of(cls, report: IntakeReport) -> "IntakeShown":
        """The report as a client sees it."""
        refused = tuple(RefusedShown(line=row.line, column=row.column, reason=row.reason) for row in report.refused)
        return cls(rows=report.rows, accepted=len(report.accepted), refused=refused)


class CostLineShown(Shown):
    """One priced usage; money in whole micro-dollars."""

    component: str
    vendor: str
    quantity: str
    unit: str
    unit_price_micro_usd: int
    amount_micro_usd: int
    price_version: str

    @classmethod
    def of(cls, line: CostLine) -> "CostLineShown":
        """The line as a client sees it."""
        return cls(
            component=line.component.value,
            vendor=line.vendor,
            quantity=str(line.quantity),
            unit=line.unit.value,
            unit_price_micro_usd=line.unit_price.micro_usd,
            amount_micro_usd=line.amount.micro_usd,
            price_version=line.price_version,
        )


class AttemptShown(Shown):
    """A call: the attempt, every decision about its lead, the carrier's callbacks, the report, costs, the analysis."""

    attempt: dict[str, Any]
    disposition: str | None
    permissions: tuple[dict[str, Any], ...]
    events: tuple[dict[str, Any], ...]
    report: dict[str, Any] | None
    cost_lines: tuple[CostLineShown, ...]
    analysis: dict[str, Any] | None = None


class Released(Shown):
    """How a call was closed that a person released."""

    id: str
    disposition: str


class FeedShown(Shown):
    """What was said lately; ask again ``after`` the cursor."""

    entries: tuple[dict[str, str], ...]
    cursor: str


class Health(Shown):
    """The API answers, and so does its database; ``free_slots`` is ``None`` when Redis does not answer."""

    status: str
    now: datetime
    free_slots: int | None
