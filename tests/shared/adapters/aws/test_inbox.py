"""On AWS a callback is durable once it is in the queue, whole."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from shared.adapters.aws.inbox import SqsCallInbox
from shared.calls.callback_message import CallbackMessage
from shared.calls.inbox import Receipt
from shared.calls.provider_event import ProviderEvent
from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId
from tests.shared.calls.world import NOON

CALLBACK = ProviderEvent(
    attempt_id=AttemptId("a1"),
    kind="status",
    dedupe_key="status:CA1:ringing:1",
    at=NOON,
    payload={"CallSid": "CA1", "CallStatus": "ringing", "Blank": "", "CalledCity": "Niño"},
)


@pytest.fixture(scope="module")
def sqs() -> Iterator[tuple[str, Any]]:
    """A simulated AWS with one queue: its address and a client of it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        yield endpoint, boto3.client("sqs", endpoint_url=endpoint)
        server.stop()


def test_a_callback_reaches_the_fold_whole(sqs: tuple[str, Any]) -> None:
    endpoint, client = sqs
    url = client.create_queue(QueueName="status")["QueueUrl"]

    assert SqsCallInbox(url, endpoint_url=endpoint).receive(CALLBACK) is Receipt.NEW

    [message] = client.receive_message(QueueUrl=url)["Messages"]
    assert CallbackMessage.model_validate(json.loads(message["Body"])).event() == CALLBACK


def test_a_callback_that_no_queue_took_is_not_accepted(sqs: tuple[str, Any]) -> None:
    endpoint, _ = sqs

    with pytest.raises(Unavailable):
        SqsCallInbox(f"{endpoint}/000000000000/nowhere", endpoint_url=endpoint).receive(CALLBACK)
