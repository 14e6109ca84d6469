"""Scores: how each came about, how well they foretold what came of the calls, and what became of appointments."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from functions.api.access import Reach
from functions.api.answers import Shown
from functions.api.bodies import Body
from shared.appointments import Appointment, AppointmentStatus
from shared.campaigns.score_cuts import ScoreCuts
from shared.conversation.report import ScoreReason
from shared.conversation.score_history import GivenScore
from shared.kernel.ids import AppointmentId, AttemptId, CampaignId, LeadId, SellerId
from shared.reports.score_report import Bucket, Outcome, Recalibration, ScoreQuery, Share, Threshold, recalibrated

router = APIRouter(prefix="/v1", tags=["scores"])
LOOK_BACK = timedelta(days=90)
MOST_UNMARKED = 20
Most = Annotated[int, Query(ge=1, le=500)]


class ScoreShown(Shown):
    """A score that a call was given, with what it rests on."""

    source: str
    at: datetime
    points: int
    rules: str
    reasons: tuple[ScoreReason, ...]

    @classmethod
    def of(cls, given: GivenScore) -> "ScoreShown":
        """The score, as it is shown."""
        return cls(**{name: getattr(given, name) for name in cls.model_fields})


class ShareShown(Shown):
    """So many of so many, with its interval of 95 %; ``value`` is null where there are none."""

    count: int
    of: int
    value: float | None
    low: float
    high: float

    @classmethod
    def shown(cls, share: Share) -> "ShareShown":
        """The share, as it is shown."""
        return cls(count=share.count, of=share.of, value=share.value, low=share.low, high=share.high)


class BucketShown(Shown):
    """The calls from ``first`` to ``last`` points."""

    first: int
    last: int
    calls: int
    qualified: ShareShown
    appointments: ShareShown
    kept: ShareShown

    @classmethod
    def shown(cls, bucket: Bucket) -> "BucketShown":
        """The bucket, as it is shown."""
        shares = {name: ShareShown.shown(getattr(bucket, name)) for name in ("qualified", "appointments", "kept")}
        return cls(first=bucket.first, last=bucket.last, calls=bucket.calls, **shares)


class ThresholdShown(Shown):
    """What calling everybody hot from so many points on would have meant."""

    points: int
    hit: ShareShown
    right: ShareShown
    merit: float

    @classmethod
    def shown(cls, threshold: Threshold) -> "ThresholdShown":
        """The threshold, as it is shown."""
        hit, right = ShareShown.shown(threshold.hit), ShareShown.shown(threshold.right)
        return cls(points=threshold.points, hit=hit, right=right, merit=threshold.merit)


class AppointmentShown(Shown):
    """An appointment, and whether it was kept."""

    id: AppointmentId
    lead_id: LeadId
    starts_at: datetime
    timezone: str
    status: AppointmentStatus

    @classmethod
    def of(cls, appointment: Appointment) -> "AppointmentShown":
        """The appointment, as it is shown."""
        return cls(**{name: getattr(appointment, name) for name in cls.model_fields})


class ScoresShown(Shown):
    """Scores beside outcomes. ``served`` is the threshold that would have served, null where nobody can tell.

    ``unmarked`` are past appointments of which nobody has said whether they were kept.
    """

    since: datetime
    until: datetime
    calls: int
    by: Outcome
    buckets: tuple[BucketShown, ...]
    present: ThresholdShown
    served: ThresholdShown | None
    unmarked: tuple[AppointmentShown, ...]

    @classmethod
    def shown(cls, query: ScoreQuery, found: Recalibration, unmarked: tuple[Appointment, ...]) -> "ScoresShown":
        """The report, as it is shown."""
        return cls(
            since=query.since,
            until=query.until,
            calls=found.calls,
            by=found.by,
            buckets=tuple(map(BucketShown.shown, found.buckets)),
            present=ThresholdShown.shown(found.present),
            served=ThresholdShown.shown(found.served) if found.served else None,
            unmarked=tuple(map(AppointmentShown.of, unmarked)),
        )


class BecameBody(Body):
    """What became of an appointment."""

    became: Literal["kept", "missed"] = Field(examples=["kept"])


@router.get("/scores")
def show_scores(
    services: Reach,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    campaign_id: CampaignId | None = None,
    seller_id: SellerId | None = None,
) -> ScoresShown:
    """How well scores foretold appointments, in the last ninety days unless told otherwise.

    The present threshold is the campaign's, without one the usual. Qualified shares follow from the score in part;
    thresholds are judged by appointments that were made, or kept once enough of them are marked.
    """
    now = services.clock.now()
    query = ScoreQuery(
        since=_aware(since) or now - LOOK_BACK, until=_aware(until) or now, campaign_id=campaign_id, seller_id=seller_id
    )
    cuts = services.campaigns.get(campaign_id).plan.cuts if campaign_id else ScoreCuts()
    found = recalibrated(services.scores.counts(query), hot_from=cuts.hot_from)
    unmarked = services.appointments.unmarked(ended_before=now, limit=MOST_UNMARKED)
    return ScoresShown.shown(query, found, tuple(unmarked))


@router.get("/calls/{attempt_id}/scores")
def show_history(attempt_id: AttemptId, services: Reach) -> list[ScoreShown]:
    """Every score that a call was given, the first one first."""
    services.calls.get(attempt_id)
    return [ScoreShown.of(given) for given in services.scores.of_call(attempt_id)]


@router.get("/appointments/unmarked")
def list_unmarked(services: Reach, most: Most = MOST_UNMARKED) -> list[AppointmentShown]:
    """Past appointments of which nobody has said whether they were kept, the latest first."""
    found = services.appointments.unmarked(ended_before=services.clock.now(), limit=most)
    return [AppointmentShown.of(each) for each in found]


@router.post("/appointments/{appointment_id}")
def mark(appointment_id: AppointmentId, body: BecameBody, services: Reach) -> AppointmentShown:
    """Say whether an appointment was kept or missed."""
    return AppointmentShown.of(services.appointments.mark(appointment_id, AppointmentStatus(body.became)))


def _aware(moment: datetime | None) -> datetime | None:
    """A moment without an offset is UTC."""
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment
