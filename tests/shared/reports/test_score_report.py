"""Scores beside outcomes: shares with intervals that hold, and a threshold only where there is something to tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.reports.score_report import ScoreCount, recalibrated, wilson

COUNTS = st.lists(
    st.builds(
        lambda points, calls, booked, kept, missed: ScoreCount(
            points=points,
            calls=calls,
            appointments=min(booked, calls),
            kept=min(kept, booked, calls),
            missed=min(missed, max(min(booked, calls) - kept, 0)),
        ),
        st.integers(0, 100), st.integers(1, 20), st.integers(0, 20), st.integers(0, 20), st.integers(0, 20),
    ),
    max_size=20,
    unique_by=lambda count: count.points,
)  # fmt: skip


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_the_interval_is_wilsons(count: int, of: int, low: float, high: float) -> None:
    share = wilson(count, of)

    assert share.low == pytest.approx(low, abs=1e-4)
    assert share.high == pytest.approx(high, abs=1e-4)


def test_of_nothing_nothing_is_known() -> None:
    assert (wilson(0, 0).value, wilson(0, 0).low, wilson(0, 0).high) == (None, 0.0, 1.0)


def test_every_call_is_in_one_bucket() -> None:
    found = recalibrated([ScoreCount(points=points, calls=1) for points in range(101)], hot_from=70)

    assert [bucket.calls for bucket in found.buckets] == [10] * 9 + [11]
    assert (found.buckets[0].first, found.buckets[-1].last) == (0, 100)


def test_the_threshold_that_tells_the_outcomes_apart_would_have_served() -> None:
    found = recalibrated(
        [ScoreCount(points=40, calls=40, appointments=1), ScoreCount(points=55, calls=20, appointments=18)],
        hot_from=70,
    )

    assert found.served is not None
    assert found.served.points == 55
    assert found.served.merit == pytest.approx(18 / 19 - 2 / 41)
    assert found.present.merit == 0
    assert found.present.hit.count == 0


def test_of_thresholds_as_good_the_one_nearest_to_the_present_is_taken() -> None:
    counts = [ScoreCount(points=20, calls=30), ScoreCount(points=90, calls=30, appointments=30)]

    for present in (35, 60, 85):
        found = recalibrated(counts, hot_from=present)
        assert found.served is not None
        assert found.served.points == present


@pytest.mark.parametrize(
    "counts",
    [
        [],
        [ScoreCount(points=80, calls=29, appointments=10)],
        [ScoreCount(points=80, calls=60, appointments=4)],
        [ScoreCount(points=80, calls=60, appointments=58)],
    ],
)
def test_too_few_calls_tell_nothing(counts: list[ScoreCount]) -> None:
    assert recalibrated(counts, hot_from=70).served is None


def test_kept_appointments_judge_once_enough_are_marked() -> None:
    few = [ScoreCount(points=80, calls=60, appointments=40, kept=15, missed=10)]
    many = [
        ScoreCount(points=50, calls=40, appointments=30, kept=5, missed=25),
        ScoreCount(points=90, calls=40, appointments=30, kept=25, missed=0),
    ]

    assert recalibrated(few, hot_from=70).by == "set"
    found = recalibrated(many, hot_from=70)
    assert found.by == "kept"
    assert found.present.right.of == 35  # five at 90 are not marked yet
    assert found.buckets[5].kept.of == 30


@given(COUNTS, st.integers(0, 100))
def test_shares_lie_within_their_intervals_and_the_same_counts_give_the_same(
    counts: list[ScoreCount], hot_from: int
) -> None:
    found = recalibrated(counts, hot_from=hot_from)
    shares = [share for bucket in found.buckets for share in (bucket.appointments, bucket.kept, bucket.qualified)]

    assert all(0 <= share.low <= share.high <= 1 for share in shares)
    assert all(share.low - 1e-9 <= share.value <= share.high + 1e-9 for share in shares if share.value is not None)
    assert found == recalibrated(counts, hot_from=hot_from)
    assert found.served is None or found.served.merit >= found.present.merit - 1e-9 or hot_from % 5
