"""The inbox of the carrier's callbacks on AWS: the whole callback goes into the queue. Light: botocore only."""

import json
from functools import cached_property
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from shared.calls.inbox import Receipt
from shared.calls.provider_event import ProviderEvent, callback_body
from shared.kernel.errors import Unavailable

QUICKLY = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2})


class SqsCallInbox:
    """``CallInbox`` over an SQS queue, which cannot tell whether it has seen a callback before.

    Args:
        queue_url: The queue of the topic ``status``.
        endpoint_url: Where SQS is, when it is not AWS's own.
    """

    def __init__(self, queue_url: str, *, region: str | None = None, endpoint_url: str | None = None) -> None:
        self._queue_url = queue_url
        self._region = region
        self._endpoint_url = endpoint_url

    @cached_property
    def client(self) -> Any:
        """The client; built before the first callback comes, since it takes its time."""
        return get_session().create_client(
            "sqs", region_name=self._region, endpoint_url=self._endpoint_url, config=QUICKLY
        )

    def receive(self, callback: ProviderEvent) -> Receipt:
        body = json.dumps(callback_body(callback), separators=(",", ":"))
        try:
            self.client.send_message(QueueUrl=self._queue_url, MessageBody=body)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable(f"the queue cannot be reached: {type(error).__name__}") from error
        return Receipt.NEW
