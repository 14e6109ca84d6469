"""What clients get back about campaigns and our own numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from functions.api.answers import Shown
from shared.campaigns import BreakerLimits, CallCounts, Campaign, CampaignMove, OwnNumber, RateLimit
from shared.campaigns.own_number import NumberStats
from shared.campaigns.plan_json import cadence_as_json, plan_as_json
from shared.campaigns.queue_order import wish_of
from shared.reports.campaign_figures import FirstCalls, LeadLook, Promises, VariantFigures


class CampaignShown(Shown):
    """A campaign; ``plan`` and ``cadence`` are how it rings."""

    id: str
    seller_id: str
    name: str
    script: str
    voice: str
    caller_id: str
    state: str
    paused_reason: str | None
    paused_because: str | None
    moved_at: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    priority: int
    max_concurrency: int
    created_at: datetime
    cadence: dict[str, Any]
    plan: dict[str, Any]

    @classmethod
    def of(cls, campaign: Campaign) -> "CampaignShown":
        """The campaign as a client sees it."""
        names = cls.model_fields.keys() - {"state", "paused_reason", "cadence", "plan"}
        return cls(
            **{name: getattr(campaign, name) for name in names},
            state=campaign.state.value,
            paused_reason=campaign.paused_reason.value if campaign.paused_reason else None,
            cadence=cadence_as_json(campaign.cadence),
            plan=plan_as_json(campaign.plan),
        )


class LeadShown(Shown):
    """A lead and where it stands; ``last_attempt_id`` leads to its latest call."""

    id: str
    name: str
    phone: str
    status: str
    disposition: str | None
    score: int | None
    attempts: int
    priority: int
    variant: str | None
    next_attempt_at: datetime | None
    promised_at: datetime | None
    not_called_because: tuple[str, ...]
    last_attempt_id: str | None

    @classmethod
    def of(cls, look: LeadLook) -> "LeadShown":
        """The lead, with what the latest decision had against ringing it."""
        lead = look.lead
        names = ("id", "phone", "disposition", "score", "attempts", "variant", "next_attempt_at", "promised_at")
        return cls(
            **{name: getattr(lead, name) for name in names},
            name=f"{lead.first_name} {lead.last_name}".strip(),
            status=lead.status.value,
            priority=wish_of(lead),
            not_called_because=look.decision.reasons if look.decision else (),
            last_attempt_id=look.last.id if look.last else None,
        )


class LeadPage(Shown):
    """Some leads in the order they came; ask again ``after`` the place, as long as there is one."""

    leads: tuple[LeadShown, ...]
    after: int | None

    @classmethod
    def of(cls, looks: Sequence[LeadLook], *, limit: int) -> "LeadPage":
        """The page; one that is full may be followed by another."""
        return cls(
            leads=tuple(LeadShown.of(look) for look in looks), after=looks[-1].place if len(looks) == limit else None
        )


class Progress(LeadPage):
    """A campaign, how its leads are spread over their statuses, how many calls are live, and its first leads."""

    campaign: CampaignShown
    leads_by_status: dict[str, int]
    live_calls: int


class RateShown(Shown):
    """How far a limit of the breaker is used: ``bad`` calls of all that count, within the window."""

    bad: int
    of: int
    most: float
    at_least: int
    window_minutes: float

    @classmethod
    def of_limit(cls, limit: RateLimit, bad: int, of: int) -> "RateShown":
        """The limit beside what happened."""
        minutes = limit.window.total_seconds() / 60
        return cls(bad=bad, of=of, most=limit.most, at_least=limit.at_least, window_minutes=minutes)


class FiguresShown(Shown):
    """A campaign in figures. ``first_calls`` is the speed to lead of the last 30 days."""

    first_calls: dict[str, Any]
    promises: dict[str, int]
    variants: tuple[dict[str, Any], ...]
    breaker: dict[str, RateShown]
    moves: tuple[dict[str, Any], ...]


class NumberShown(Shown):
    """One of our numbers, how it fares, and what its last 24 hours were like."""

    phone: str
    seller_id: str
    campaign_id: str | None
    standing: str
    authorisation: str
    added_at: datetime
    cooled_until: datetime | None
    cooled_because: str | None
    retired_at: datetime | None
    most_dials: int | None
    dials: int
    answered: int
    short: int
    blocked: int

    @classmethod
    def of(cls, number: OwnNumber, stats: NumberStats, *, now: datetime) -> "NumberShown":
        """The number as a client sees it."""
        names = cls.model_fields.keys() & set(OwnNumber.__dataclass_fields__)
        counts = ("dials", "answered", "short", "blocked")
        return cls(
            **{name: getattr(number, name) for name in names},
            **{name: getattr(stats, name) for name in counts},
            standing=_standing(number, now),
            most_dials=number.most_dials(now),
        )


def _standing(number: OwnNumber, now: datetime) -> str:
    if number.retired_at is not None:
        return "retired"
    if number.is_cooling(now):
        return "resting"
    return "ready" if number.most_dials(now) is None else "warming_up"


def first_calls_shown(figures: FirstCalls) -> dict[str, Any]:
    """The speed to lead as JSON values."""
    return {
        "within_seconds": figures.within.total_seconds(),
        "arrived": figures.arrived,
        "allowed": figures.allowed,
        "in_time": figures.in_time,
        "share": figures.share,
        "p50_seconds": figures.p50_seconds,
        "p95_seconds": figures.p95_seconds,
    }


def promises_shown(promises: Promises) -> dict[str, int]:
    """The promised call-backs as JSON values."""
    return asdict(promises)


def variant_shown(figures: VariantFigures) -> dict[str, Any]:
    """A variant's figures, with the share of conversations that qualified."""
    return asdict(figures) | {
        "qualified_share": figures.qualified / figures.conversations if figures.conversations else None
    }


def move_shown(move: CampaignMove) -> dict[str, Any]:
    """A move of the campaign as JSON values."""
    reason = move.reason.value if move.reason else None
    return {"at": move.at, "state": move.state.value, "reason": reason, "because": move.because}


def breaker_shown(limits: BreakerLimits, counts: Mapping[timedelta, CallCounts]) -> dict[str, RateShown]:
    """Each limit of the breaker beside what happened in its window."""
    failure, abandonment = counts[limits.failure.window], counts[limits.abandonment.window]
    complaint = counts[limits.complaint.window]
    return {
        "failure": RateShown.of_limit(limits.failure, failure.failed, failure.dials),
        "abandonment": RateShown.of_limit(limits.abandonment, abandonment.abandoned, abandonment.answered),
        "complaint": RateShown.of_limit(limits.complaint, complaint.complaints, complaint.answered),
    }
