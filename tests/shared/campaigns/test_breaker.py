"""The breaker: enough calls, too many bad ones, said in words."""

from collections import defaultdict
from datetime import timedelta

import pytest

from shared.campaigns import BreakerLimits, CallCounts, CallingPlan, RateLimit, VoicemailPolicy
from shared.campaigns.breaker import tripped
from shared.campaigns.plan_json import plan_as_json, plan_of_json
from shared.kernel.errors import Malformed

QUARTER = RateLimit(most=0.25, at_least=8, window=timedelta(minutes=5))
LIMITS = BreakerLimits(
    failure=QUARTER,
    abandonment=RateLimit(most=0.02, at_least=50, window=timedelta(days=30)),
    complaint=RateLimit(most=0.1, at_least=10, window=timedelta(hours=1)),
)


def said(counts: CallCounts) -> list[str]:
    return list(tripped(LIMITS, defaultdict(lambda: counts)))


@pytest.mark.parametrize(
    ("bad", "of", "is_passed"), [(2, 8, False), (3, 8, True), (3, 7, False), (0, 100, False), (26, 100, True)]
)
def test_a_limit_is_passed_by_more_than_its_share_of_enough_calls(bad: int, of: int, is_passed: bool) -> None:
    assert QUARTER.is_passed(bad, of) is is_passed


def test_every_limit_that_is_passed_is_told_in_words() -> None:
    assert said(CallCounts(dials=100, failed=30, answered=60, abandoned=2, complaints=7)) == [
        "30 of 100 calls failed in 5 minutes; at most 25% may",
        "2 of 60 people who answered heard nobody in time in 30 days; at most 2% may",
        "7 of 60 people who answered asked not to be called again in 1 hour; at most 10% may",
    ]


def test_good_calls_trip_nothing() -> None:
    assert said(CallCounts(dials=100, failed=25, answered=60, abandoned=1, complaints=6)) == []


@pytest.mark.parametrize(
    "limit",
    [
        {"most": 1.0, "at_least": 1, "window": timedelta(1)},
        {"most": 0.1, "at_least": 0, "window": timedelta(1)},
        {"most": 0.1, "at_least": 1, "window": timedelta(0)},
    ],
)
def test_a_limit_that_cannot_be_kept_is_refused(limit: dict[str, float]) -> None:
    with pytest.raises(Malformed):
        RateLimit(**limit)  # type: ignore[arg-type]


def test_a_plan_from_before_has_the_defaults_of_today() -> None:
    assert plan_of_json({}) == CallingPlan()
    assert plan_of_json({"version": 1, "calls_per_minute": 3}) == CallingPlan(calls_per_minute=3)
    assert plan_of_json(plan_as_json(CallingPlan(breaker=LIMITS))) == CallingPlan(breaker=LIMITS)
    with pytest.raises(Malformed):
        plan_of_json({"calls_per_minute": "many"})


@pytest.mark.parametrize("number", [None, "+15125550100", "+18995550100", "+1800555010"])
def test_a_voicemail_message_needs_a_toll_free_number_to_opt_out_at(number: str | None) -> None:
    with pytest.raises(Malformed, match="toll-free"):
        CallingPlan(voicemail=VoicemailPolicy.MESSAGE, voicemail_text="Call us.", opt_out_number=number)
    with pytest.raises(Malformed, match="text"):
        CallingPlan(voicemail=VoicemailPolicy.MESSAGE, opt_out_number="+18885550100")
