"""An engine that fails is left alone, and one request finds out whether it is well again."""

import pytest

from voice_node.breaker import FAILURES, LONG_REST_SECONDS, REST_SECONDS, Breaker


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rested(clock: Clock) -> Breaker:
    """A breaker that has opened and rested."""
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        breaker.failed()
    clock.seconds += REST_SECONDS
    return breaker


def test_it_opens_after_failures_in_a_row(clock: Clock) -> None:
    breaker = Breaker(clock, after=2, rests_seconds=10)
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.allows()
    breaker.failed()
    assert breaker.is_open
    assert not breaker.allows()
    clock.seconds += 10
    assert not breaker.is_open
    assert breaker.allows()


def test_one_request_is_let_through_after_a_rest_and_closes_it_when_it_succeeds(rested: Breaker) -> None:
    assert [rested.allows(), rested.allows()] == [True, False]
    assert rested.is_open
    rested.succeeded()
    assert [rested.allows(), rested.allows()] == [True, True]


def test_one_that_fails_begins_the_rest_anew(clock: Clock, rested: Breaker) -> None:
    rested.allows()
    clock.seconds += 5
    rested.failed()
    clock.seconds += REST_SECONDS - 1
    assert not rested.allows()
    clock.seconds += 1
    assert rested.allows()


def test_after_one_that_was_abandoned_the_next_may_try(rested: Breaker) -> None:
    rested.allows()
    rested.abandoned()
    assert [rested.allows(), rested.allows()] == [True, False]


def test_one_that_never_tells_keeps_the_others_away_for_another_rest_only(clock: Clock, rested: Breaker) -> None:
    rested.allows()
    clock.seconds += REST_SECONDS
    assert [rested.allows(), rested.allows()] == [True, False]


def test_what_was_asked_before_does_not_end_the_rest_by_being_abandoned(clock: Clock) -> None:
    breaker = Breaker(clock)
    breaker.failed(rests_seconds=LONG_REST_SECONDS)
    breaker.abandoned()
    assert breaker.is_open


def test_a_failure_that_lasts_opens_it_at_once_and_for_long(clock: Clock) -> None:
    breaker = Breaker(clock)
    breaker.failed(rests_seconds=LONG_REST_SECONDS)
    for _ in range(FAILURES):
        breaker.failed()
    clock.seconds += REST_SECONDS
    assert not breaker.allows()
    clock.seconds += LONG_REST_SECONDS
    assert breaker.allows()
