"""The relay looks again and again until its time is up; beside a second one it loses and doubles nothing."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine

from functions.cloud import Relaying
from functions.relay_outbox import PAUSE, handle
from shared.adapters.aws.sqs import SqsPublisher
from shared.adapters.memory import MemoryOutbox
from shared.kernel.outbox import NewMessage
from shared.kernel.relay import BATCH
from shared.storage.engine import make_engine
from shared.storage.outbox import SqlOutbox
from tests.amazon import NewClient
from tests.functions.desk import StoppedClock
from tests.shared.calls.world import NOON
from tests.shared.kernel.test_relay import Broker


class Watch:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.wakes: list[Any] = []

    def elapsed(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        if self.wakes:
            self.wakes.pop(0)()


def relaying(outbox: MemoryOutbox, broker: Broker, watch: Watch) -> Relaying:
    return Relaying(outbox=outbox, publisher=broker, clock=StoppedClock(), elapsed=watch.elapsed, sleep=watch.sleep)


def test_a_message_written_while_it_runs_leaves_at_the_next_look() -> None:
    outbox, broker, watch = MemoryOutbox(), Broker(), Watch()
    watch.wakes = [lambda: outbox.put([NewMessage(topic="dial", body={"name": "a"})], NOON)]

    done = handle({"runs_for_seconds": 10}, relaying(outbox, broker, watch))

    assert done == {"published": 1, "postponed": 0, "laid_aside": 0}
    assert watch.seconds == pytest.approx(10, abs=PAUSE.total_seconds())


def test_it_runs_until_its_successor_has_begun() -> None:
    watch = Watch()

    handle({"source": "aws.scheduler"}, relaying(MemoryOutbox(), Broker(), watch))

    assert 60 < watch.seconds < 90


def test_a_backlog_is_brought_without_a_pause() -> None:
    outbox, broker, watch = MemoryOutbox(), Broker(), Watch()
    outbox.put([NewMessage(topic="dial", body={"name": str(n)}) for n in range(3 * BATCH)], NOON)

    done = handle({"runs_for_seconds": PAUSE.total_seconds()}, relaying(outbox, broker, watch))

    assert done["published"] == 3 * BATCH


def test_two_relays_over_one_database_bring_each_message_once(database_url: str, amazon: NewClient) -> None:
    engine: Engine = make_engine(database_url, pool_size=2)
    outbox, sqs = SqlOutbox(engine), amazon("sqs")
    url = sqs.create_queue(QueueName="dial")["QueueUrl"]
    outbox.put([NewMessage(topic="dial", body={"n": n}) for n in range(250)], NOON)
    both = Relaying(outbox=outbox, publisher=SqsPublisher(sqs, {"dial": url}), clock=StoppedClock())

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: handle({"runs_for_seconds": 0.1}, both), range(2)))

    while handle({"runs_for_seconds": 0}, both)["published"]:
        pass  # what a slow machine left over
    engine.dispose()
    came: list[int] = []
    while more := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        came += [json.loads(each["Body"])["n"] for each in more]
    assert sorted(came) == list(range(250))
    assert sum(each["published"] for each in done) <= 250
