"""What clients send about campaigns: how they ring, and what should change."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from functions.api.bodies import SHORTEST_RING, Body, HoursBody, Name, Phone, Voice
from shared.campaigns import (
    BreakerLimits,
    Cadence,
    CallingPlan,
    Experiment,
    RateLimit,
    Variant,
    VoicemailPolicy,
)
from shared.campaigns.queue_order import HIGHEST_WISH
from shared.campaigns.score_cuts import ScoreCuts
from shared.kernel.money import Money
from shared.kernel.phone import normalise
from shared.kernel.week import DayHours, Week
from shared.outcomes import Disposition

Wish = Annotated[int, Field(ge=0, le=HIGHEST_WISH)]
Minutes = Annotated[int, Field(ge=1, le=60 * 24 * 30)]

WantedScript = Annotated[
    str,
    Field(
        min_length=1,
        max_length=80,
        examples=["seller_home_value", "seller_home_value@2"],
        description="A name for the newest published version, name@number for that one",
    ),
]


class VariantBody(Body):
    """One way to hold the call; a script or voice that is left out is the campaign's, a prompt the newest one."""

    name: Name
    weight: int = Field(default=1, ge=0, le=1000)
    script: WantedScript | None = None
    voice: Voice | None = None
    prompt: str | None = Field(default=None, max_length=40)


class ExperimentBody(Body):
    """Variants against each other; each contact always gets the same one."""

    name: Name
    variants: tuple[VariantBody, ...] = Field(min_length=1, max_length=20)


class RateBody(Body):
    """A share of calls that may not be passed, asked where there are enough calls in the window."""

    most: float = Field(ge=0, lt=1)
    at_least: int = Field(ge=1)
    window_minutes: Minutes


class PlanBody(Body):
    """How a campaign rings; what is left out stays as it is, or has its default."""

    hours: tuple[HoursBody, ...] | None = None
    calls_per_minute: int | None = Field(default=None, ge=1, le=1800)
    voicemail: VoicemailPolicy | None = None
    voicemail_text: str | None = Field(default=None, max_length=600)
    opt_out_number: Phone | None = None
    experiment: ExperimentBody | None = None
    failure_limit: RateBody | None = None
    abandonment_limit: RateBody | None = None
    complaint_limit: RateBody | None = None
    inbound_reserve: int | None = Field(default=None, ge=0, le=1000)
    first_call_within_seconds: int | None = Field(default=None, ge=1, le=3600)
    call_limit_usd: Decimal | None = Field(default=None, gt=0, le=1000)
    recorded: bool | None = None
    inbound_script: WantedScript | None = None
    hot_from: int | None = Field(default=None, ge=0, le=100)
    nurture_from: int | None = Field(default=None, ge=0, le=100)

    def over(self, plan: CallingPlan) -> CallingPlan:
        """The plan with what is given here; ``null`` takes an experiment or a limit away.

        Raises:
            Malformed: It would be no plan.
        """
        given = self.model_fields_set
        changes: dict[str, Any] = {
            name: getattr(self, name)
            for name in ("calls_per_minute", "voicemail", "voicemail_text", "inbound_reserve", "recorded")
            if getattr(self, name) is not None
        }
        if "hours" in given:
            changes["hours"] = _week(self.hours or ())
        if "opt_out_number" in given:
            changes["opt_out_number"] = normalise(self.opt_out_number) if self.opt_out_number else None
        if "experiment" in given:
            changes["experiment"] = _experiment(self.experiment) if self.experiment else None
        if self.first_call_within_seconds is not None:
            changes["first_call_within"] = timedelta(seconds=self.first_call_within_seconds)
        if "inbound_script" in given:
            changes["inbound_script"] = self.inbound_script or None
        if "call_limit_usd" in given:
            changes["call_limit"] = Money.usd(self.call_limit_usd) if self.call_limit_usd else None
        return replace(plan, **changes, breaker=self._breaker(plan.breaker), cuts=self._cuts(plan.cuts))

    def _cuts(self, cuts: ScoreCuts) -> ScoreCuts:
        given = {"hot_from": self.hot_from, "nurture_from": self.nurture_from}
        return replace(cuts, **{name: points for name, points in given.items() if points is not None})

    def _breaker(self, limits: BreakerLimits) -> BreakerLimits:
        return BreakerLimits(
            failure=_rate(self.failure_limit, limits.failure),
            abandonment=_rate(self.abandonment_limit, limits.abandonment),
            complaint=_rate(self.complaint_limit, limits.complaint),
        )


class CadenceBody(Body):
    """How often and how soon a lead is tried again; ``retry_minutes`` by how the call before ended."""

    max_attempts: int | None = Field(default=None, ge=1, le=20)
    max_attempts_per_day: int | None = Field(default=None, ge=1, le=3)
    retry_minutes: dict[Disposition, Minutes] | None = None

    def over(self, cadence: Cadence) -> Cadence:
        """The cadence with what is given here."""
        retries = self.retry_minutes or {}
        delays = {disposition.value: timedelta(minutes=minutes) for disposition, minutes in retries.items()}
        return Cadence(
            max_attempts=self.max_attempts or cadence.max_attempts,
            max_per_day=self.max_attempts_per_day or cadence.max_per_day,
            delays={**cadence.delays, **delays},
            spread=cadence.spread,
        )


class CampaignBody(CadenceBody):
    """A list of leads to come, and how to ring them. The budget is its own; without a ``voice`` it has the script's."""

    seller_id: str
    name: Name
    script: WantedScript
    voice: Voice | None = None
    caller_id: Phone
    budget_usd: Decimal = Field(gt=0, le=1_000_000)
    max_concurrency: int = Field(default=5, ge=1, le=1000)
    ring_timeout_seconds: int = Field(default=25, ge=SHORTEST_RING, le=60)
    time_limit_seconds: int = Field(default=300, ge=30, le=3600)
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    priority: Wish = 0
    plan: PlanBody = PlanBody()


class CampaignChange(CadenceBody):
    """What should be different; what is left out stays as it is."""

    name: Name | None = None
    script: WantedScript | None = None
    voice: Voice | None = None
    caller_id: Phone | None = None
    max_concurrency: int | None = Field(default=None, ge=1, le=1000)
    ring_timeout_seconds: int | None = Field(default=None, ge=SHORTEST_RING, le=60)
    time_limit_seconds: int | None = Field(default=None, ge=30, le=3600)
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    priority: Wish | None = None
    plan: PlanBody = PlanBody()


class PauseBody(Body):
    """Why a campaign is paused."""

    because: str = Field(default="paused by hand", min_length=1, max_length=200)


class NumberBody(Body):
    """A number of ours. ``authorisation`` is by what right we show it; one that is new to the networks warms up."""

    phone: Phone
    seller_id: str
    campaign_id: str | None = None
    authorisation: str = Field(default="", max_length=500)
    warms_up: bool = True


def _week(hours: tuple[HoursBody, ...]) -> Week:
    return tuple(DayHours(weekday=each.weekday, opens=each.opens, closes=each.closes) for each in hours)


def _experiment(body: ExperimentBody) -> Experiment:
    variants = (
        Variant(name=each.name, weight=each.weight, script=each.script, voice=each.voice, prompt=each.prompt)
        for each in body.variants
    )
    return Experiment(name=body.name, variants=tuple(variants))


def _rate(body: RateBody | None, known: RateLimit) -> RateLimit:
    if body is None:
        return known
    return RateLimit(most=body.most, at_least=body.at_least, window=timedelta(minutes=body.window_minutes))
