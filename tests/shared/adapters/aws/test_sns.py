"""An alert reaches whoever subscribes to the topic."""

import json
from datetime import UTC, datetime

import pytest

from shared.adapters.aws.sns import SnsAlerts
from shared.costs.alert import Alert, Level
from shared.kernel.errors import NotFound, ReautoError
from tests.amazon import NewClient

ALERT = Alert(
    id="1",
    key="budget:day:critical",
    level=Level.CRITICAL,
    kind="budget",
    at=datetime(2026, 3, 2, 12, tzinfo=UTC),
    reason="90 % of the day's money is spent",
    evidence={"spent": 90},
)


def test_an_alert_reaches_a_subscriber(amazon: NewClient) -> None:
    sns, sqs = amazon("sns"), amazon("sqs")
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    url = sqs.create_queue(QueueName="people")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    SnsAlerts(sns, topic).send(ALERT)

    [message] = sqs.receive_message(QueueUrl=url)["Messages"]
    told = json.loads(message["Body"])
    assert told["Subject"] == "REAutomation2 critical: budget"
    assert json.loads(told["Message"])["reason"] == ALERT.reason
    assert told["MessageAttributes"]["level"]["Value"] == "critical"


def test_a_topic_that_is_gone_is_said_so(amazon: NewClient) -> None:
    with pytest.raises(ReautoError) as raised:
        SnsAlerts(amazon("sns"), "arn:aws:sns:us-east-1:123456789012:gone").send(ALERT)

    assert isinstance(raised.value, NotFound) or "NotFound" in str(raised.value)
