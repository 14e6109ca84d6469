"""``DeadLetters`` over SQS: the queue that each queue names for what it could not deliver."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from shared.adapters.aws.clients import in_our_words
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.outbox import DeadMessage, OutboxMessage

MOST_AT_ONCE = 10
LOOKING_FOR = timedelta(seconds=2)
"""How long a message that is looked at stays hidden from the next look."""


class SqsDeadLetters:
    """The dead-letter queues of the topics' queues.

    Args:
        client: boto3's client of SQS.
        queue_urls: The queue of each topic; its redrive policy names the other.
    """

    def __init__(self, client: Any, queue_urls: Mapping[str, str]) -> None:
        self._client = client
        self._urls = queue_urls

    def topics(self) -> dict[str, int]:
        return {topic: self._count(self._arn(topic)) for topic in self._urls}

    def look(self, topic: str, *, limit: int = 10) -> Sequence[DeadMessage]:
        url = self._url(self._arn(topic))
        found: dict[str, DeadMessage] = {}
        with in_our_words(f"looking at the dead letters of {topic}"):
            while len(found) < limit:
                answer = self._client.receive_message(
                    QueueUrl=url,
                    MaxNumberOfMessages=min(MOST_AT_ONCE, limit - len(found)),
                    VisibilityTimeout=round(LOOKING_FOR.total_seconds()),
                    MessageSystemAttributeNames=["All"],
                )
                new = {each["MessageId"]: _dead(topic, each) for each in answer.get("Messages", [])}
                if not new.keys() - found.keys():
                    break
                found |= new
        return list(found.values())

    def redrive(self, topic: str) -> int:
        arn = self._arn(topic)
        number = self._count(arn)
        if number:
            with in_our_words(f"redriving the dead letters of {topic}"):
                try:
                    self._client.start_message_move_task(SourceArn=arn)
                except ClientError as error:
                    if error.response["Error"]["Code"].endswith("UnsupportedOperation"):  # one task runs at a time
                        raise Conflict(f"the dead letters of {topic} are on their way back already") from error
                    raise
        return number

    def _arn(self, topic: str) -> str:
        """The dead-letter queue of a topic.

        Raises:
            NotFound: The topic has no queue, or the queue no dead letters.
        """
        if topic not in self._urls:
            raise NotFound(f"there is no topic {topic}")
        with in_our_words(f"reading the queue of {topic}"):
            attributes = self._client.get_queue_attributes(
                QueueUrl=self._urls[topic], AttributeNames=["RedrivePolicy"]
            ).get("Attributes", {})
        if "RedrivePolicy" not in attributes:
            raise NotFound(f"the queue of {topic} keeps no dead letters")
        arn: str = json.loads(attributes["RedrivePolicy"])["deadLetterTargetArn"]
        return arn

    def _url(self, arn: str) -> str:
        with in_our_words("finding a queue"):
            url: str = self._client.get_queue_url(QueueName=arn.rpartition(":")[2])["QueueUrl"]
        return url

    def _count(self, arn: str) -> int:
        with in_our_words("counting dead letters"):
            attributes = self._client.get_queue_attributes(
                QueueUrl=self._url(arn), AttributeNames=["ApproximateNumberOfMessages"]
            )["Attributes"]
        return int(attributes["ApproximateNumberOfMessages"])


def _dead(topic: str, message: Mapping[str, Any]) -> DeadMessage:
    attributes = message["Attributes"]
    sent = datetime.fromtimestamp(int(attributes["SentTimestamp"]) / 1000, UTC)
    return DeadMessage(
        message=OutboxMessage(
            id=message["MessageId"],
            topic=topic,
            group=attributes.get("MessageGroupId"),
            body=_body(message["Body"]),
            receives=int(attributes["ApproximateReceiveCount"]),
            available_at=sent,
        ),
        dead_at=sent,
        error="",
    )


def _body(text: str) -> dict[str, Any]:
    """The message, or its text where it is no JSON object."""
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {"unreadable": text}
