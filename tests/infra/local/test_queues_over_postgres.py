"""The queue runner and PostgreSQL's outbox together keep what SQS promises."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from infra.local.queues import QueueRunner
from infra.local.runner import Runner
from shared.kernel.outbox import NewMessage
from shared.storage.engine import make_engine
from shared.storage.outbox import SqlOutbox
from tests.infra.local import handlers
from tests.infra.local.stack import NOON, SettableClock, eventually, small_stack

pytestmark = pytest.mark.real_servers


@pytest.fixture
def outbox(database_url: str) -> Iterator[SqlOutbox]:
    engine = make_engine(database_url)
    yield SqlOutbox(engine)
    engine.dispose()


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture(autouse=True)
def queues(outbox: SqlOutbox, clock: SettableClock) -> Iterator[None]:
    handlers.seen.clear()
    template, wake = small_stack(), threading.Event()
    runner = Runner(template.functions.values(), after=wake.set)
    queues = QueueRunner(template, store=outbox, runner=runner, clock=clock, wake=wake)
    queues.start()
    yield
    handlers.gate.set()
    queues.stop()


def delivered() -> list[str]:
    return [record["body"] for event in handlers.seen for record in event["Records"]]


def test_each_message_is_delivered_once_and_forgotten(outbox: SqlOutbox, clock: SettableClock) -> None:
    outbox.put([NewMessage(topic="dial", body={"number": number}) for number in range(7)], NOON)

    assert eventually(lambda: len(delivered()) == 7)
    clock.moment += timedelta(hours=1)
    outbox.put([NewMessage(topic="dial", body={"number": "last"})], NOON)
    assert eventually(lambda: '{"number":"last"}' in delivered())
    assert len(delivered()) == 8


def test_a_message_waits_for_its_time(outbox: SqlOutbox, clock: SettableClock) -> None:
    later = NewMessage(topic="dial", body={"when": "later"}, available_at=NOON + timedelta(minutes=2))
    outbox.put([later, NewMessage(topic="dial", body={"when": "now"})], NOON)

    assert eventually(lambda: delivered() == ['{"when":"now"}'])
    clock.moment += timedelta(minutes=2)
    assert eventually(lambda: '{"when":"later"}' in delivered())


def test_a_poisoned_message_is_laid_aside_after_its_last_try(outbox: SqlOutbox, clock: SettableClock) -> None:
    outbox.put([NewMessage(topic="dial", body={"note": "poison"})], NOON)

    for tries in range(1, 6):
        assert eventually(lambda tries=tries: len(delivered()) == tries)  # type: ignore[misc] # bound per round
        clock.moment += timedelta(minutes=2)
    assert eventually(lambda: len(outbox.dead()) == 1)
    assert outbox.dead()[0].error == "given back by the function"
