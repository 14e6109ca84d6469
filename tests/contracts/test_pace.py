"""Every Pacer and every AccountBreaker keeps the same promises: in memory, and in Redis by its own clock."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from shared.adapters.memory.pace import MemoryAccountBreaker, MemoryPacer
from shared.adapters.redis.connect import make_redis
from shared.adapters.redis.pace import RedisAccountBreaker, RedisPacer
from shared.calls.pace import AT_ONCE, AccountBreaker, Pacer
from shared.kernel.errors import Unavailable
from tests.contracts.race import at_once

EVERY = timedelta(milliseconds=200)
OPEN_FOR = timedelta(milliseconds=200)


@dataclass
class Time:
    """A moment that passes when it is told to."""

    moment: datetime = datetime(2026, 3, 4, 18, tzinfo=UTC)

    def passes(self, span: timedelta) -> None:
        self.moment += span


@dataclass(frozen=True, kw_only=True)
class Account:
    """A pacer and a breaker over the same time."""

    pacer: Pacer
    breaker: AccountBreaker
    passes: Callable[[timedelta], None]


@pytest.fixture(params=["memory", "redis"])
def account(request: pytest.FixtureRequest) -> Iterator[Account]:
    if request.param == "memory":
        watch = Time()
        yield Account(
            pacer=MemoryPacer(lambda: watch.moment, every=EVERY),
            breaker=MemoryAccountBreaker(lambda: watch.moment, after=3, open_for=OPEN_FOR),
            passes=watch.passes,
        )
        return
    client = make_redis(request.getfixturevalue("redis_url"))
    yield Account(
        pacer=RedisPacer(client, every=EVERY),
        breaker=RedisAccountBreaker(client, after=3, open_for=OPEN_FOR),
        passes=lambda span: time.sleep(span.total_seconds()),
    )
    client.close()


def test_a_token_is_given_at_once_and_the_next_one_has_to_be_waited_for(account: Account) -> None:
    assert account.pacer.take("AC1") == AT_ONCE

    wait = account.pacer.take("AC1")
    assert AT_ONCE < wait <= EVERY
    assert account.pacer.take("AC2") == AT_ONCE
    account.passes(EVERY)
    assert account.pacer.take("AC1") == AT_ONCE


def test_of_many_who_ask_at_once_one_gets_the_token(account: Account) -> None:
    waits = at_once(32, lambda _: account.pacer.take("AC1"))

    assert waits.count(AT_ONCE) in (1, 2)  # two where asking took longer than the pace


def test_those_who_wait_are_told_turns_of_their_own_further_apart_than_the_pace(account: Account) -> None:
    account.pacer.take("AC1")

    waits = sorted(account.pacer.take("AC1") for _ in range(5))
    apart = [later - earlier for earlier, later in pairwise(waits)]
    assert all(EVERY * 0.5 < each < EVERY * 1.5 for each in apart)
    account.passes(EVERY)
    assert account.pacer.take("AC1") == AT_ONCE  # whoever asks while nobody does


def test_a_healthy_account_may_dial(account: Account) -> None:
    account.breaker.failed("AC1", at_once=False)
    account.breaker.failed("AC1", at_once=False)
    account.breaker.succeeded("AC1")
    account.breaker.failed("AC1", at_once=False)

    assert account.breaker.blocked_for("AC1") == AT_ONCE
    assert account.breaker.admit("AC1") == account.breaker.admit("AC1") == AT_ONCE


@pytest.mark.parametrize("failures", [[True], [False, False, False]])
def test_an_account_that_fails_is_left_alone_and_then_tried_by_one(account: Account, failures: list[bool]) -> None:
    for at_once_failure in failures:
        account.breaker.failed("AC1", at_once=at_once_failure)

    assert AT_ONCE < account.breaker.blocked_for("AC1") <= OPEN_FOR
    assert account.breaker.admit("AC1") > AT_ONCE
    assert account.breaker.admit("AC2") == AT_ONCE
    account.passes(OPEN_FOR)
    assert account.breaker.blocked_for("AC1") == AT_ONCE
    assert account.breaker.admit("AC1") == AT_ONCE
    assert account.breaker.admit("AC1") > AT_ONCE
    assert account.breaker.blocked_for("AC1") > AT_ONCE


def test_the_one_who_tries_decides(account: Account) -> None:
    account.breaker.failed("AC1", at_once=True)
    account.passes(OPEN_FOR)
    account.breaker.admit("AC1")
    account.breaker.failed("AC1", at_once=False)
    assert account.breaker.admit("AC1") > AT_ONCE

    account.passes(OPEN_FOR)
    account.breaker.admit("AC1")
    account.breaker.succeeded("AC1")
    assert account.breaker.admit("AC1") == account.breaker.admit("AC1") == AT_ONCE


def test_one_who_tries_and_is_never_heard_of_again_is_followed_by_another(account: Account) -> None:
    account.breaker.failed("AC1", at_once=True)
    account.passes(OPEN_FOR)
    account.breaker.admit("AC1")
    account.passes(OPEN_FOR)

    assert account.breaker.admit("AC1") == AT_ONCE


def test_one_who_was_let_through_and_asks_nobody_is_followed_at_once(account: Account) -> None:
    account.breaker.withdraw("AC1")
    account.breaker.failed("AC1", at_once=True)
    account.passes(OPEN_FOR)
    account.breaker.admit("AC1")
    account.breaker.withdraw("AC1")

    assert account.breaker.admit("AC1") == AT_ONCE
    assert account.breaker.admit("AC1") > AT_ONCE


def test_without_redis_nobody_dials() -> None:
    away = make_redis("redis://127.0.0.1:1")
    breaker = RedisAccountBreaker(away, after=3, open_for=OPEN_FOR)
    asks: tuple[Callable[[], object], ...] = (
        lambda: RedisPacer(away, every=EVERY).take("AC1"),
        lambda: breaker.blocked_for("AC1"),
        lambda: breaker.admit("AC1"),
        lambda: breaker.withdraw("AC1"),
        lambda: breaker.failed("AC1", at_once=True),
        lambda: breaker.succeeded("AC1"),
    )
    for ask in asks:
        with pytest.raises(Unavailable):
            ask()
