"""``AlertSink`` over SNS: one message to the topic that people subscribe to."""

import json
from typing import Any

from shared.adapters.aws.clients import in_our_words
from shared.costs.alert import Alert

LONGEST_SUBJECT = 100  # SNS allows no more


class SnsAlerts:
    """Sends alerts to one topic; ``level`` and ``kind`` are attributes that a subscription may filter by."""

    def __init__(self, client: Any, topic_arn: str) -> None:
        self._client = client
        self._topic_arn = topic_arn

    def send(self, alert: Alert) -> None:
        body = {
            "key": alert.key,
            "level": alert.level.value,
            "kind": alert.kind,
            "at": alert.at.isoformat(),
            "seller_id": alert.seller_id,
            "reason": alert.reason,
            "evidence": dict(alert.evidence),
        }
        with in_our_words("sending an alert"):
            self._client.publish(
                TopicArn=self._topic_arn,
                Subject=f"REAutomation2 {alert.level.value}: {alert.kind}"[:LONGEST_SUBJECT],
                Message=json.dumps(body, default=str),
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value}
                    for name, value in (("level", alert.level.value), ("kind", alert.kind))
                },
            )
