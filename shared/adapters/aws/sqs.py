"""``Publisher`` over SQS: standard queues, fair by group, in batches."""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.kernel.outbox import OutboxMessage
from shared.kernel.relay import Turned

MOST_AT_ONCE = 10
MOST_BYTES = 1_048_576  # of a message, and of a batch together
LONGEST_GROUP = 128
NOT_IN_A_GROUP = re.compile(r"[^!-~]")  # SQS allows letters, digits and punctuation


class SqsPublisher:
    """Brings messages to queues.

    Args:
        client: boto3's client of SQS.
        queue_urls: The queue of each topic.
    """

    def __init__(self, client: Any, queue_urls: Mapping[str, str]) -> None:
        self._client = client
        self._urls = queue_urls

    @property
    def topics(self) -> Collection[str]:
        return self._urls.keys()

    def publish(self, messages: Sequence[OutboxMessage]) -> Mapping[str, Turned]:
        turned: dict[str, Turned] = {}
        by_topic: dict[str, list[OutboxMessage]] = defaultdict(list)
        for message in messages:
            if len(_body(message)) > MOST_BYTES:
                turned[message.id] = Turned(reason="longer than a message of SQS may be", is_final=True)
            else:
                by_topic[message.topic].append(message)
        for topic, those in by_topic.items():
            for batch in _batches(those):
                turned.update(self._send(self._urls[topic], batch))
        return turned

    def _send(self, url: str, batch: Sequence[OutboxMessage]) -> dict[str, Turned]:
        """One request; SQS answers for each entry."""
        entries = [_entry(number, message) for number, message in enumerate(batch)]
        try:
            answer = self._client.send_message_batch(QueueUrl=url, Entries=entries)
        except (BotoCoreError, ClientError) as error:
            code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
            return {message.id: Turned(reason=str(code)) for message in batch}
        return {
            batch[int(entry["Id"])].id: Turned(reason=entry["Code"], is_final=entry["SenderFault"])
            for entry in answer.get("Failed", [])
        }


def _entry(number: int, message: OutboxMessage) -> dict[str, Any]:
    entry: dict[str, Any] = {"Id": str(number), "MessageBody": _body(message).decode()}
    if message.group:
        entry["MessageGroupId"] = NOT_IN_A_GROUP.sub("_", message.group)[:LONGEST_GROUP]
    return entry


def _batches(messages: Sequence[OutboxMessage]) -> Iterator[list[OutboxMessage]]:
    """As few batches as the limits on number and size allow, in order."""
    batch: list[OutboxMessage] = []
    size = 0
    for message in messages:
        length = len(_body(message))
        if batch and (len(batch) == MOST_AT_ONCE or size + length > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(message)
        size += length
    if batch:
        yield batch


def _body(message: OutboxMessage) -> bytes:
    return json.dumps(message.body, separators=(",", ":")).encode()
