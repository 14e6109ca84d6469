"""How well scores foretold what came of the calls, and which threshold would have served."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import Literal, Protocol

from shared.conversation.score_history import ScoreBook
from shared.kernel.ids import CampaignId, SellerId

WIDTH, STEP, HIGHEST = 10, 5, 100
LEAST_CALLS, LEAST_OF_EACH = 30, 5
"""Fewer calls, or fewer of either outcome, say nothing about a threshold."""
LEAST_MARKED = 30
Z = 1.959963984540054
"""The 97.5th percentile of the normal distribution: intervals are of 95 %."""
Outcome = Literal["set", "kept"]


@dataclass(frozen=True, kw_only=True)
class ScoreQuery:
    """Which calls: planned from ``since`` on and before ``until``, of one seller or campaign where it is given."""

    since: datetime
    until: datetime
    campaign_id: CampaignId | None = None
    seller_id: SellerId | None = None


@dataclass(frozen=True, kw_only=True)
class ScoreCount:
    """What came of the calls with so many points.

    ``qualified`` are by their disposition, in which the score itself has a part; ``appointments`` were made in the
    call, whatever became of them, ``kept`` and ``missed`` are those of which a person has said so.
    """

    points: int
    calls: int
    qualified: int = 0
    appointments: int = 0
    kept: int = 0
    missed: int = 0


class ScoreOutcomes(Protocol):
    """Where scores and outcomes are brought together."""

    def counts(self, query: ScoreQuery) -> Sequence[ScoreCount]:
        """One for each score that a call has, by points; of several scores of a call the newest counts."""
        ...


class Scores(ScoreBook, ScoreOutcomes, Protocol):
    """Where scores are kept, and what came of the calls."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """So many of so many, and between which shares the true one lies with a confidence of 95 % (Wilson).

    Without any there is no share, and it may be anything.
    """

    count: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """The share itself."""
        return self.count / self.of if self.of else None


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """The calls from ``first`` to ``last`` points."""

    first: int
    last: int
    calls: int
    qualified: Share
    appointments: Share
    kept: Share


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """What calling everybody hot from so many points on would have meant.

    ``hit`` of those who made (or kept) an appointment lie above it; of those above it ``right`` made (or kept) one.
    ``merit`` is Youden's: the share of the ones above it less the share of the others; 0 is chance, 1 is perfect.
    """

    points: int
    hit: Share
    right: Share
    merit: float


@dataclass(frozen=True, kw_only=True)
class Recalibration:
    """The scores of some calls beside their outcomes. ``by`` is the outcome that the thresholds are judged by.

    ``served`` is the threshold with the most merit, the one nearest to the ``present`` where several have it; ``None``
    where there are too few calls of either outcome to tell.
    """

    calls: int
    by: Outcome
    buckets: tuple[Bucket, ...]
    present: Threshold
    served: Threshold | None


def recalibrated(counts: Sequence[ScoreCount], *, hot_from: int) -> Recalibration:
    """Bring scores and outcomes together; the same counts give the same answer.

    Appointments that were kept are what counts, once enough of them are marked; until then those that were made.
    """
    by: Outcome = "kept" if sum(each.kept + each.missed for each in counts) >= LEAST_MARKED else "set"
    calls = sum(_judged(each, by) for each in counts)
    good = sum(_good(each, by) for each in counts)
    may_tell = calls >= LEAST_CALLS and min(good, calls - good) >= LEAST_OF_EACH
    candidates = [_threshold(counts, points, by) for points in range(STEP, HIGHEST, STEP)] if may_tell else []
    best = max(candidates, key=lambda each: (round(each.merit, 9), -abs(each.points - hot_from)), default=None)
    return Recalibration(
        calls=sum(each.calls for each in counts),
        by=by,
        buckets=tuple(_bucket(counts, first) for first in range(0, HIGHEST, WIDTH)),
        present=_threshold(counts, hot_from, by),
        served=best,
    )


def wilson(count: int, of: int) -> Share:
    """The share with its interval by Wilson's formula, which holds for few and for extreme shares too."""
    if of == 0:
        return Share(count=0, of=0, low=0.0, high=1.0)
    share, square = count / of, Z * Z / of
    middle = (share + square / 2) / (1 + square)
    reach = Z * sqrt(share * (1 - share) / of + square / (4 * of)) / (1 + square)
    return Share(count=count, of=of, low=max(middle - reach, 0.0), high=min(middle + reach, 1.0))


def _bucket(counts: Sequence[ScoreCount], first: int) -> Bucket:
    last = first + WIDTH - 1 if first + WIDTH < HIGHEST else HIGHEST
    inside = [each for each in counts if first <= each.points <= last]
    calls = sum(each.calls for each in inside)
    kept = sum(each.kept for each in inside)
    return Bucket(
        first=first,
        last=last,
        calls=calls,
        qualified=wilson(sum(each.qualified for each in inside), calls),
        appointments=wilson(sum(each.appointments for each in inside), calls),
        kept=wilson(kept, kept + sum(each.missed for each in inside)),
    )


def _threshold(counts: Sequence[ScoreCount], points: int, by: Outcome) -> Threshold:
    above = [each for each in counts if each.points >= points]
    good, good_above = sum(_good(each, by) for each in counts), sum(_good(each, by) for each in above)
    judged, judged_above = sum(_judged(each, by) for each in counts), sum(_judged(each, by) for each in above)
    bad, bad_above = judged - good, judged_above - good_above
    merit = good_above / good - bad_above / bad if good and bad else 0.0
    return Threshold(points=points, hit=wilson(good_above, good), right=wilson(good_above, judged_above), merit=merit)


def _good(count: ScoreCount, by: Outcome) -> int:
    return count.kept if by == "kept" else count.appointments


def _judged(count: ScoreCount, by: Outcome) -> int:
    """Of how many calls the outcome is known: whose appointment nobody has spoken of is left out of those kept."""
    return count.calls - (count.appointments - count.kept - count.missed) if by == "kept" else count.calls
