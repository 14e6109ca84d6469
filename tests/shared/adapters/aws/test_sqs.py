"""Messages reach their queue, fairly grouped, and what the queue does not take is told."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import Stubber

from shared.adapters.aws.sqs import MOST_BYTES, SqsPublisher
from shared.kernel.outbox import OutboxMessage
from tests.amazon import NewClient

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def message(
    name: str, *, topic: str = "dial", group: str | None = None, body: dict[str, Any] | None = None
) -> OutboxMessage:
    return OutboxMessage(id=name, topic=topic, group=group, body=body or {"n": name}, receives=1, available_at=NOON)


@pytest.fixture
def sqs(amazon: NewClient) -> Any:
    return amazon("sqs")


@pytest.fixture
def urls(sqs: Any) -> dict[str, str]:
    return {topic: sqs.create_queue(QueueName=topic)["QueueUrl"] for topic in ("dial", "close")}


def received(sqs: Any, url: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while more := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]).get(
        "Messages"
    ):
        found += more
    return found


def test_each_message_reaches_the_queue_of_its_topic(sqs: Any, urls: dict[str, str]) -> None:
    turned = SqsPublisher(sqs, urls).publish([message("a"), message("b", topic="close")])

    assert turned == {}
    assert [json.loads(each["Body"]) for each in received(sqs, urls["dial"])] == [{"n": "a"}]
    assert [json.loads(each["Body"]) for each in received(sqs, urls["close"])] == [{"n": "b"}]


def test_more_than_a_batch_holds_goes_in_several(sqs: Any, urls: dict[str, str]) -> None:
    SqsPublisher(sqs, urls).publish([message(f"m{n}") for n in range(23)])

    assert {json.loads(each["Body"])["n"] for each in received(sqs, urls["dial"])} == {f"m{n}" for n in range(23)}


def test_a_batch_never_grows_beyond_its_size(sqs: Any, urls: dict[str, str]) -> None:
    large = [message(f"m{n}", body={"n": f"m{n}", "ballast": "x" * (MOST_BYTES // 2)}) for n in range(3)]

    assert SqsPublisher(sqs, urls).publish(large) == {}
    assert len(received(sqs, urls["dial"])) == 3


def test_the_group_of_a_message_is_its_tenant(sqs: Any, urls: dict[str, str]) -> None:
    """Moto knows no groups on standard queues, so the request itself is looked at."""
    with Stubber(sqs) as stub:
        stub.add_response(
            "send_message_batch",
            {"Successful": [], "Failed": []},
            {
                "QueueUrl": urls["dial"],
                "Entries": [
                    {"Id": "0", "MessageBody": '{"n":"a"}', "MessageGroupId": "campaign-1"},
                    {"Id": "1", "MessageBody": '{"n":"b"}', "MessageGroupId": "caf_"},
                    {"Id": "2", "MessageBody": '{"n":"c"}'},
                ],
            },
        )
        SqsPublisher(sqs, urls).publish([message("a", group="campaign-1"), message("b", group="café"), message("c")])


def test_what_the_queue_does_not_take_is_told_one_by_one(sqs: Any, urls: dict[str, str]) -> None:
    with Stubber(sqs) as stub:
        stub.add_response(
            "send_message_batch",
            {
                "Successful": [{"Id": "0", "MessageId": "x", "MD5OfMessageBody": "y"}],
                "Failed": [
                    {"Id": "1", "Code": "InternalError", "SenderFault": False},
                    {"Id": "2", "Code": "InvalidMessageContents", "SenderFault": True},
                ],
            },
        )
        turned = SqsPublisher(sqs, urls).publish([message("a"), message("b"), message("c")])

    assert {name: (told.reason, told.is_final) for name, told in turned.items()} == {
        "b": ("InternalError", False),
        "c": ("InvalidMessageContents", True),
    }


def test_a_message_that_no_queue_can_hold_is_final(sqs: Any, urls: dict[str, str]) -> None:
    turned = SqsPublisher(sqs, urls).publish([message("a", body={"x": "x" * MOST_BYTES}), message("b")])

    assert {name: told.is_final for name, told in turned.items()} == {"a": True}
    assert len(received(sqs, urls["dial"])) == 1


def test_a_queue_that_is_gone_holds_up_no_other(sqs: Any, urls: dict[str, str]) -> None:
    sqs.delete_queue(QueueUrl=urls["dial"])

    turned = SqsPublisher(sqs, urls).publish([message("a"), message("b", topic="close")])

    assert list(turned) == ["a"]
    assert not turned["a"].is_final
    assert len(received(sqs, urls["close"])) == 1
