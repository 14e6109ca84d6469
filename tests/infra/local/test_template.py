"""The template reads as CloudFormation means it."""

from pathlib import Path

import pytest

from infra.local.template import read_template
from infra.local.template_nouns import HttpEvent, Queue, QueueEvent, ScheduleEvent
from shared.kernel.errors import Malformed
from tests.infra.local.stack import small_stack


def test_a_function_knows_its_routes_limits_and_variables() -> None:
    answer = small_stack().functions["AnswerCall"]

    assert answer.handler == "tests.infra.local.handlers.echo"
    assert (answer.timeout_seconds, answer.memory_mb) == (5, 256)
    assert answer.http == (HttpEvent(path="/v1/twilio/answer/{attempt}", method="POST"),)
    assert answer.environment == {"STAGE": "test", "DIAL_QUEUE_URL": None, "COLOUR": "blue"}


def test_what_a_function_leaves_out_comes_from_the_globals() -> None:
    assert small_stack().functions["Broken"].timeout_seconds == 15


def test_a_queue_knows_its_topic_and_its_limits() -> None:
    dial = small_stack().queues["DialQueue"]

    assert (dial.topic, dial.visibility_seconds, dial.max_receives) == ("dial", 90, 5)
    assert dial.dead_letters == "DialDeadLetters"


def test_a_topic_of_two_words_is_written_as_one_name() -> None:
    assert Queue(name="CheckNumberQueue").topic == "check_number"


def test_one_machine_leaves_out_what_only_a_cloud_needs(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(
        "Resources:\n"
        "  Here: {Type: 'AWS::Serverless::Function', Properties: {Handler: a.b}}\n"
        "  Cloud: {Type: 'AWS::Serverless::Function', Metadata: {OneMachine: false}, Properties: {Handler: a.b}}\n"
    )

    template = read_template(path)

    assert set(template.functions) == {"Here", "Cloud"}
    assert set(template.on_one_machine().functions) == {"Here"}


def test_each_queue_event_becomes_a_consumer() -> None:
    function, event, queue = small_stack().consumers()[0]

    assert (function.name, queue.name) == ("DialLead", "DialQueue")
    assert event == QueueEvent(queue="DialQueue", batch_size=3, reports_item_failures=True, max_concurrency=2)


def test_schedules_of_both_kinds_are_read() -> None:
    tick, morning, never, old = small_stack().functions["DialLead"].schedules

    assert tick == ScheduleEvent(name="Tick", expression="rate(1 minute)")
    assert morning.timezone == "America/New_York"
    assert not never.is_enabled
    assert old.is_rule


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Resources: [", "while parsing"),
        ("Outputs: {}", "not the template of a stack"),
        (
            "Resources: {F: {Type: 'AWS::Serverless::Function', Properties: {Handler: a.b,"
            " Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Gone.Arn}}}}}}",
            "reads Gone",
        ),
    ],
)
def test_a_broken_template_is_said_so(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(text)

    with pytest.raises(Malformed, match=complaint):
        read_template(path)


def test_a_missing_template_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="No such file"):
        read_template(tmp_path / "template.yaml")
