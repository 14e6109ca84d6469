"""The report of a campaign: a line per lead, and the totals; JSON-able as it stands."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from shared.conversation.report import ScoreReason
from shared.kernel.ids import AgentId, AttemptId, CampaignId, LeadId
from shared.kernel.money import ZERO, Money


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Percentiles(_Part):
    """Milliseconds; ``None`` where nothing was measured."""

    p50: float | None = None
    p95: float | None = None
    count: int = 0

    @classmethod
    def of(cls, values: Sequence[float]) -> "Percentiles":
        """The percentiles by nearest rank: each is a value that was measured."""
        ordered = sorted(values)
        if not ordered:
            return cls()
        return cls(p50=rank(ordered, 50), p95=rank(ordered, 95), count=len(ordered))


def rank(ordered: Sequence[float], percent: int) -> float:
    """The value at ``percent`` of values that are in order, by nearest rank; there is at least one."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


class AppointmentLine(_Part):
    """An appointment that stands; ``timezone`` is the one it was agreed in."""

    agent_id: AgentId
    starts_at: datetime
    ends_at: datetime
    timezone: str


class LeadLine(_Part):
    """One lead: how its last attempt ended, what follows, what it took. Money in whole micro-dollars."""

    lead_id: LeadId
    name: str
    status: str
    disposition: str | None
    score: int | None
    score_reasons: tuple[ScoreReason, ...]
    appointment: AppointmentLine | None
    next_action: str
    next_attempt_at: datetime | None
    attempts: int
    attempt_ids: tuple[AttemptId, ...]
    call_seconds: int
    cost_by_component: dict[str, int]
    cost_micro_usd: int
    refused_because: tuple[str, ...] = ()


class Totals(_Part):
    """The whole campaign. A dial is an attempt the carrier took, a connected call one that a person answered.

    ``per_dial`` and ``per_appointment`` divide the cost of all attempts; ``per_connected_call`` is the mean own cost
    of connected calls, ``per_conversation`` carries the failed attempts too. ``None`` where there was none to divide
    by.
    """

    leads: int
    dials: int
    connected_calls: int
    appointments: int
    dispositions: dict[str, int]
    call_seconds: int
    cost_micro_usd: int
    cost_by_component: dict[str, int]
    per_dial_micro_usd: int | None
    per_connected_call_micro_usd: int | None
    per_conversation_micro_usd: int | None
    per_appointment_micro_usd: int | None
    first_audio_ms: Percentiles
    turn_ms: Percentiles


class CampaignReport(_Part):
    """What a campaign did until ``at``."""

    version: Literal[1] = 1
    campaign_id: CampaignId
    name: str
    state: str
    at: datetime
    leads: tuple[LeadLine, ...]
    totals: Totals


def share(total: Money, count: int) -> int | None:
    """The total divided by ``count``, in whole micro-dollars; ``None`` when there is nothing to divide by."""
    return total.times(Decimal(1) / count).micro_usd if count else None


def summed(amounts: Sequence[Money]) -> Money:
    """Their sum."""
    return sum(amounts, ZERO)
