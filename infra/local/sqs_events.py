"""Outbox messages as SQS hands them to Lambda, and which of them a function says it failed."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from infra.local.runner import ACCOUNT, REGION
from infra.local.template_nouns import Queue
from shared.kernel.outbox import OutboxMessage


def sqs_event(messages: Sequence[OutboxMessage], queue: Queue, *, now: datetime) -> dict[str, Any]:
    """One batch as Lambda's event source mapping delivers it."""
    return {"Records": [_record(message, queue, now=now) for message in messages]}


def _record(message: OutboxMessage, queue: Queue, *, now: datetime) -> dict[str, Any]:
    body = json.dumps(message.body, separators=(",", ":"))
    attributes = {
        "ApproximateReceiveCount": str(message.receives),
        "SentTimestamp": _milliseconds(message.available_at),
        "SenderId": ACCOUNT,
        "ApproximateFirstReceiveTimestamp": _milliseconds(now),
    }
    if message.group is not None:
        attributes["MessageGroupId"] = message.group
    return {
        "messageId": message.id,
        "receiptHandle": f"{message.id}#{message.receives}",
        "body": body,
        "attributes": attributes,
        "messageAttributes": {},
        "md5OfBody": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue.name}",
        "awsRegion": REGION,
    }


def _milliseconds(moment: datetime) -> str:
    return str(round(moment.timestamp() * 1000))


def failed_ids(answer: Any, ids: Sequence[str]) -> set[str]:
    """The messages that a batch answer gives back; all of them when the answer makes no sense.

    No answer, and an empty list, mean that all went well.
    """
    if answer is None:
        return set()
    if not isinstance(answer, dict):
        return set(ids)
    failures = answer.get("batchItemFailures") or []
    named = {str(item.get("itemIdentifier")) if isinstance(item, dict) else "" for item in failures}
    return named if named <= set(ids) else set(ids)


def malformed_ids(answer: Any) -> set[str]:
    """The messages that a batch answer calls unreadable: no use in offering them again."""
    told = answer.get("malformed", []) if isinstance(answer, dict) else []
    return {each for each in told if isinstance(each, str)} if isinstance(told, list) else set()
