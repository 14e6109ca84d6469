"""What nobody could handle is counted, shown and offered again, wherever it lies."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.stub import Stubber

from shared.adapters.aws.dead_letters import SqsDeadLetters
from shared.adapters.memory import MemoryOutbox
from shared.kernel.dead_letters import DeadLetters
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.outbox import NewMessage
from shared.storage.dead_letters import OutboxDeadLetters
from tests.amazon import NewClient

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """Dead letters, and how a message of the topic ``dial`` dies there."""

    dead_letters: DeadLetters
    kill: Callable[[dict[str, Any]], None]


def outbox_place() -> Place:
    outbox = MemoryOutbox()

    def kill(body: dict[str, Any]) -> None:
        outbox.put([NewMessage(topic="dial", body=body)], NOON)
        [leased] = outbox.lease(topic="dial", now=NOON, lease_for=timedelta(seconds=1), limit=1)
        outbox.failed(leased.id, now=NOON, retry_in=timedelta(0), max_receives=1, error="poison")

    return Place(OutboxDeadLetters(outbox), kill)


def queues(sqs: Any) -> dict[str, str]:
    dead = sqs.create_queue(QueueName="dial-dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": "1"})
    attributes = {"RedrivePolicy": policy, "VisibilityTimeout": "0"}
    return {"dial": sqs.create_queue(QueueName="dial", Attributes=attributes)["QueueUrl"]}


def sqs_place(sqs: Any) -> Place:
    urls = queues(sqs)

    def kill(body: dict[str, Any]) -> None:
        sqs.send_message(QueueUrl=urls["dial"], MessageBody=json.dumps(body))
        for _ in range(2):  # the second look lays it aside
            sqs.receive_message(QueueUrl=urls["dial"])

    return Place(SqsDeadLetters(sqs, urls), kill)


@pytest.fixture(params=["outbox", "sqs"])
def place(request: pytest.FixtureRequest, amazon: NewClient) -> Place:
    return outbox_place() if request.param == "outbox" else sqs_place(amazon("sqs"))


def test_where_nothing_died_there_is_nothing(place: Place) -> None:
    assert place.dead_letters.topics().get("dial", 0) == 0
    assert list(place.dead_letters.look("dial")) == []
    assert place.dead_letters.redrive("dial") == 0


def test_the_dead_are_counted_and_shown_without_being_taken(place: Place) -> None:
    place.kill({"attempt_id": "a1"})

    for _ in range(2):
        assert place.dead_letters.topics() == {"dial": 1}
        [dead] = place.dead_letters.look("dial")
        assert (dead.message.topic, dead.message.body) == ("dial", {"attempt_id": "a1"})
        assert dead.message.receives >= 1
        time.sleep(0.01)
        if isinstance(place.dead_letters, SqsDeadLetters):
            break  # it stays hidden for a moment after a look


def test_the_dead_of_the_outbox_come_again(place: Place) -> None:
    place = outbox_place()
    place.kill({"attempt_id": "a1"})

    assert place.dead_letters.redrive("dial") == 1
    assert place.dead_letters.topics() == {}


def test_sqs_is_asked_to_move_them_itself(amazon: NewClient) -> None:
    sqs = amazon("sqs")
    place = sqs_place(sqs)
    place.kill({"attempt_id": "a1"})
    arn = "arn:aws:sqs:us-east-1:123456789012:dial-dead"

    with Stubber(sqs) as stub:
        for attributes in ({"RedrivePolicy": json.dumps({"deadLetterTargetArn": arn})},):
            stub.add_response("get_queue_attributes", {"Attributes": attributes})
        stub.add_response("get_queue_url", {"QueueUrl": "http://queue"})
        stub.add_response("get_queue_attributes", {"Attributes": {"ApproximateNumberOfMessages": "1"}})
        stub.add_response("start_message_move_task", {"TaskHandle": "h"}, {"SourceArn": arn})

        assert place.dead_letters.redrive("dial") == 1
        stub.assert_no_pending_responses()


def test_two_do_not_move_the_same_queue_at_once(amazon: NewClient) -> None:
    sqs = amazon("sqs")
    place = sqs_place(sqs)
    arn = "arn:aws:sqs:us-east-1:123456789012:dial-dead"

    with Stubber(sqs) as stub:
        stub.add_response(
            "get_queue_attributes", {"Attributes": {"RedrivePolicy": json.dumps({"deadLetterTargetArn": arn})}}
        )
        stub.add_response("get_queue_url", {"QueueUrl": "http://queue"})
        stub.add_response("get_queue_attributes", {"Attributes": {"ApproximateNumberOfMessages": "1"}})
        stub.add_client_error("start_message_move_task", "AWS.SimpleQueueService.UnsupportedOperation")

        with pytest.raises(Conflict, match="already"):
            place.dead_letters.redrive("dial")


def test_a_topic_that_does_not_exist_is_said_so(amazon: NewClient) -> None:
    with pytest.raises(NotFound, match="no topic nonsense"):
        sqs_place(amazon("sqs")).dead_letters.look("nonsense")


def test_what_is_no_json_is_shown_as_it_is(amazon: NewClient) -> None:
    sqs = amazon("sqs")
    urls = queues(sqs)
    sqs.send_message(QueueUrl=urls["dial"], MessageBody="not json")
    for _ in range(2):
        sqs.receive_message(QueueUrl=urls["dial"])

    [dead] = SqsDeadLetters(sqs, urls).look("dial")

    assert dead.message.body == {"unreadable": "not json"}
