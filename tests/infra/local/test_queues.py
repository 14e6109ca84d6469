"""Messages reach their functions as SQS would bring them, and are settled as SQS would settle them."""

import hashlib
import json
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from infra.local.queues import QueueRunner
from infra.local.runner import Runner
from infra.local.sqs_events import failed_ids
from tests.infra.local import handlers
from tests.infra.local.stack import MemoryOutbox, SettableClock, eventually, small_stack


@pytest.fixture
def outbox() -> MemoryOutbox:
    handlers.seen.clear()
    handlers.gate.clear()
    return MemoryOutbox()


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


def runner_over(outbox: MemoryOutbox, clock: SettableClock, *, rate: float = 1) -> QueueRunner:
    template = small_stack()
    wake = threading.Event()
    return QueueRunner(
        template,
        store=outbox,
        runner=Runner(template.functions.values(), after=wake.set),
        clock=clock,
        wake=wake,
        rate=rate,
    )


@pytest.fixture
def queues(outbox: MemoryOutbox, clock: SettableClock) -> Iterator[QueueRunner]:
    runner = runner_over(outbox, clock)
    runner.start()
    yield runner
    handlers.gate.set()
    runner.stop()


@pytest.mark.usefixtures("queues")
def test_a_message_arrives_as_an_sqs_record(outbox: MemoryOutbox) -> None:
    outbox.write("dial", "m1", group="seller-1", note="hello")

    assert eventually(lambda: outbox.finished == ["m1"])
    (record,) = handlers.seen[0]["Records"]
    assert json.loads(record["body"]) == {"note": "hello"}
    assert record["messageId"] == "m1"
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"].endswith(":DialQueue")
    assert record["md5OfBody"] == hashlib.md5(record["body"].encode(), usedforsecurity=False).hexdigest()
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["attributes"]["MessageGroupId"] == "seller-1"
    assert record["attributes"]["SentTimestamp"].isdigit()


def test_a_batch_is_no_larger_than_the_template_says(outbox: MemoryOutbox, clock: SettableClock) -> None:
    for number in range(7):
        outbox.write("dial", f"m{number}")
    queues = runner_over(outbox, clock)
    queues.start()

    assert eventually(lambda: len(outbox.finished) == 7)
    queues.stop()
    assert sorted(len(event["Records"]) for event in handlers.seen) == [1, 3, 3]


@pytest.mark.usefixtures("queues")
def test_a_message_that_nobody_can_read_is_laid_aside_at_once(outbox: MemoryOutbox) -> None:
    outbox.write("dial", "m1", note="gibberish")
    outbox.write("dial", "m2", note="hello")

    assert eventually(lambda: outbox.laid_aside == {"m1": "malformed"} and outbox.finished == ["m2"])
    assert len(handlers.seen) == 1


@pytest.mark.usefixtures("queues")
def test_only_what_is_given_back_is_tried_again(outbox: MemoryOutbox, clock: SettableClock) -> None:
    outbox.write("dial", "good")
    outbox.write("dial", "bad", note="poison")

    assert eventually(lambda: outbox.finished == ["good"] and outbox.retries == [timedelta(seconds=1)])
    clock.moment += timedelta(seconds=1)
    assert eventually(lambda: outbox.retries == [timedelta(seconds=1), timedelta(seconds=2)])


@pytest.mark.usefixtures("queues")
def test_a_message_that_keeps_failing_is_laid_aside_with_the_reason(outbox: MemoryOutbox) -> None:
    outbox.write("settle", "m1")

    assert eventually(lambda: "m1" in outbox.laid_aside)
    assert "the handler is broken" in outbox.laid_aside["m1"]


@pytest.mark.usefixtures("queues")
def test_a_slow_function_does_not_stall_another_queue(outbox: MemoryOutbox) -> None:
    for number in range(8):
        outbox.write("crm", f"slow{number}")
    outbox.write("dial", "quick")

    assert eventually(lambda: outbox.finished == ["quick"])
    handlers.gate.set()
    assert eventually(lambda: len(outbox.finished) == 9)


@pytest.mark.usefixtures("queues")
def test_polling_survives_a_database_that_went_away(outbox: MemoryOutbox) -> None:
    outbox.breaks_once = True
    outbox.write("dial", "m1")

    assert eventually(lambda: outbox.finished == ["m1"])


def test_stopping_finishes_what_is_in_hand(outbox: MemoryOutbox, clock: SettableClock) -> None:
    outbox.write("crm", "m1")
    queues = runner_over(outbox, clock)
    queues.start()
    assert eventually(lambda: bool(outbox.leases))
    handlers.gate.set()
    queues.stop()

    assert outbox.finished == ["m1"]


def test_a_lease_lasts_the_visibility_timeout_of_the_machines_time(outbox: MemoryOutbox, clock: SettableClock) -> None:
    outbox.write("dial", "m1")
    queues = runner_over(outbox, clock, rate=60)
    queues.start()
    assert eventually(lambda: outbox.finished == ["m1"])
    queues.stop()

    assert outbox.leases == [timedelta(seconds=90 * 60)]


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        (None, set()),
        ({}, set()),
        ({"batchItemFailures": []}, set()),
        ({"batchItemFailures": None}, set()),
        ({"batchItemFailures": [{"itemIdentifier": "a"}]}, {"a"}),
        ({"batchItemFailures": [{"itemIdentifier": "unknown"}]}, {"a", "b"}),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, {"a", "b"}),
        ({"batchItemFailures": ["a"]}, {"a", "b"}),
        ("done", {"a", "b"}),
    ],
)
def test_an_answer_that_makes_no_sense_fails_the_whole_batch(answer: object, failed: set[str]) -> None:
    assert failed_ids(answer, ["a", "b"]) == failed
