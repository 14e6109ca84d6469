"""What the deployed stack must have: nothing gets lost, nothing may do too much, nothing fails unseen."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from functions.emf import SERVICE
from infra.local.runner import Runner
from infra.local.template import Template, read_document, read_template
from shared.metrics import NAMESPACE, Metric
from tests.architecture.source import ROOT

TEMPLATE = ROOT / "template.yaml"
NOT_ON_ONE_MACHINE = {"RelayOutbox"}
OUTSIDE_THE_VPC = {"ReceiveStatus", "ReceiveInboundStatus"}
CARRIER_TOKENS = {"TWILIO_AUTH_TOKEN", "TWILIO_SECONDARY_AUTH_TOKEN"}
BOOKS = {"DATABASE_URL", "REDIS_URL", "TWILIO_AUTH_TOKEN"}
SECRETS = {
    "AnswerCall": CARRIER_TOKENS | {"DATABASE_URL", "CALL_TOKEN_SECRET"},
    "RecoverCall": CARRIER_TOKENS | {"DATABASE_URL", "REDIS_URL", "CALL_TOKEN_SECRET"},
    "AnswerInbound": CARRIER_TOKENS | {"DATABASE_URL", "REDIS_URL", "CALL_TOKEN_SECRET"},
    "ReceiveStatus": CARRIER_TOKENS,
    "ReceiveInboundStatus": CARRIER_TOKENS,
    "RelayOutbox": {"DATABASE_URL"},
    "Api": BOOKS | {"REAUTO_API_KEY", "CALL_TOKEN_SECRET", "TWILIO_API_SECRET"},
}
"""What each function is told in confidence; the others know the books and the carrier's account."""
MAY_NAME_EVERYTHING = {"Key"}
"""Whose policies may hold a star: in the policy of a key it means that key."""
LONGEST_SCHEDULE_AGE = 120

Resource = Mapping[str, Any]


@pytest.fixture(scope="module")
def document() -> Mapping[str, Any]:
    return read_document(TEMPLATE)


@pytest.fixture(scope="module")
def template() -> Template:
    return read_template(TEMPLATE)


def of_type(document: Mapping[str, Any], kind: str) -> dict[str, Resource]:
    """The properties of every resource of a kind, by name."""
    return {
        name: resource.get("Properties", {})
        for name, resource in document["Resources"].items()
        if resource["Type"] == kind
    }


def functions(document: Mapping[str, Any]) -> dict[str, Resource]:
    return of_type(document, "AWS::Serverless::Function")


def statements(value: Any) -> Iterator[Resource]:
    """Every statement of every policy below ``value``."""
    if isinstance(value, Mapping):
        if "Effect" in value:
            yield value
        for each in value.values():
            yield from statements(each)
    elif isinstance(value, list):
        for each in value:
            yield from statements(each)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def alarms(document: Mapping[str, Any]) -> dict[str, Resource]:
    return of_type(document, "AWS::CloudWatch::Alarm")


def watched(document: Mapping[str, Any], metric: str) -> set[str]:
    """The queues of which an alarm watches a metric."""
    return {
        alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0]
        for alarm in alarms(document).values()
        if alarm["MetricName"] == metric
    }


def test_no_statement_names_everything(document: Mapping[str, Any]) -> None:
    loose = {
        name
        for name, resource in document["Resources"].items()
        for statement in statements(resource)
        for word in (*listed(statement["Action"]), *listed(statement["Resource"]))
        if isinstance(word, str) and (word == "*" or word.endswith(":*"))
    }

    assert loose == MAY_NAME_EVERYTHING


def test_a_function_has_only_what_it_is_given(document: Mapping[str, Any]) -> None:
    assert not [name for name, function in functions(document).items() if "Role" in function]
    assert all({"Ref": "EveryFunctionPolicy"} in function["Policies"] for function in functions(document).values())


def test_every_queue_and_its_dead_letters_are_watched_and_encrypted(
    document: Mapping[str, Any], template: Template
) -> None:
    dead = {queue.dead_letters for queue in template.queues.values() if queue.dead_letters} | {"ScheduleDeadLetters"}
    queues = of_type(document, "AWS::SQS::Queue")

    assert watched(document, "ApproximateNumberOfMessagesVisible") == dead
    assert watched(document, "ApproximateAgeOfOldestMessage") == queues.keys() - dead
    assert all("KmsMasterKeyId" in queue or queue.get("SqsManagedSseEnabled") for queue in queues.values())
    assert all(queues[name]["MessageRetentionPeriod"] == 14 * 86_400 for name in dead if name)


def test_every_alarm_reaches_people_and_names_what_is_counted(document: Mapping[str, Any]) -> None:
    for name, alarm in alarms(document).items():
        assert alarm["AlarmActions"] == [{"Ref": "AlarmTopicArn"}], name
        if alarm["Namespace"] == NAMESPACE:
            assert alarm["MetricName"] in {metric.value for metric in Metric}, name


def test_a_message_stays_hidden_for_six_times_what_its_function_may_take(template: Template) -> None:
    for function, event, queue in template.consumers():
        assert queue.visibility_seconds >= 6 * function.timeout_seconds, function.name
        assert event.reports_item_failures, function.name
        assert queue.max_receives == 5, queue.name


def test_every_schedule_gives_up_soon_and_leaves_a_dead_letter(document: Mapping[str, Any]) -> None:
    found = 0
    for name, function in functions(document).items():
        for event in function["Events"].values():
            if event["Type"] == "ScheduleV2":
                found += 1
                assert event["Properties"]["DeadLetterConfig"], name
                retries = event["Properties"]["RetryPolicy"]
                assert retries["MaximumEventAgeInSeconds"] <= LONGEST_SCHEDULE_AGE, name
    assert found


def test_what_a_schedule_started_leaves_a_dead_letter_when_it_fails(document: Mapping[str, Any]) -> None:
    for name, function in functions(document).items():
        is_scheduled = any(event["Type"] == "ScheduleV2" for event in function["Events"].values())
        kept = function.get("EventInvokeConfig", {}).get("DestinationConfig", {}).get("OnFailure", {})
        assert bool(kept) == is_scheduled, name
        if kept:
            assert kept == {"Type": "SQS", "Destination": {"Fn::GetAtt": ["ScheduleDeadLetters", "Arn"]}}, name


def test_what_goes_wrong_within_a_batch_or_a_run_is_alarmed(document: Mapping[str, Any]) -> None:
    service = {"Name": "service", "Value": SERVICE}
    watched = {
        name: alarm["Dimensions"]
        for name, alarm in alarms(document).items()
        if (alarm["Namespace"], alarm["MetricName"]) == (NAMESPACE, Metric.ERRORS.value)
    }

    assert watched == {
        "DialErrorsAlarm": [service, {"Name": "function", "Value": "dial_lead"}],
        "ErrorsAlarm": [service],
    }


def test_a_function_is_told_no_secret_that_it_does_not_need(document: Mapping[str, Any]) -> None:
    shared = document["Globals"]["Function"]

    assert shared["KmsKeyArn"] == {"Fn::GetAtt": ["Key", "Arn"]}
    assert "resolve:secretsmanager" not in json.dumps(shared)
    for name, function in functions(document).items():
        told = function["Environment"]["Variables"]
        secrets = {variable for variable, value in told.items() if "resolve:secretsmanager" in json.dumps(value)}
        assert secrets == SECRETS.get(name, BOOKS), name


def test_every_deployment_goes_through_an_alias_and_a_canary(document: Mapping[str, Any]) -> None:
    shared = document["Globals"]["Function"]

    assert shared["AutoPublishAlias"] == "live"
    assert shared["DeploymentPreference"]["Type"] == "Canary10Percent5Minutes"
    assert {each["Ref"] for each in shared["DeploymentPreference"]["Alarms"]} <= alarms(document).keys()
    for name, function in functions(document).items():
        assert not {"AutoPublishAlias", "DeploymentPreference"} & function.keys(), name


def test_every_function_writes_to_a_log_that_is_encrypted_and_forgets(document: Mapping[str, Any]) -> None:
    log = document["Globals"]["Function"]["LoggingConfig"]["LogGroup"]["Ref"]

    for name, group in of_type(document, "AWS::Logs::LogGroup").items():
        assert group["RetentionInDays"] <= 30, name
        assert group["KmsKeyId"], name
    assert log in of_type(document, "AWS::Logs::LogGroup")
    assert not [name for name, function in functions(document).items() if "LoggingConfig" in function]


def test_only_the_doors_of_callbacks_lie_outside_the_network(document: Mapping[str, Any]) -> None:
    assert {name for name, function in functions(document).items() if "VpcConfig" not in function} == OUTSIDE_THE_VPC


def test_every_function_is_built_from_the_staged_folder(document: Mapping[str, Any]) -> None:
    for name in functions(document):
        assert document["Resources"][name]["Metadata"]["BuildMethod"] == "makefile", name


def test_one_machine_runs_every_function_but_the_relay(template: Template) -> None:
    here = template.on_one_machine()

    assert template.functions.keys() - here.functions.keys() == NOT_ON_ONE_MACHINE
    Runner(here.functions.values())  # imports every handler


def test_the_relay_knows_every_queue_and_may_write_to_it(document: Mapping[str, Any], template: Template) -> None:
    queues = {name: queue for name, queue in template.queues.items() if queue.dead_letters}
    urls = functions(document)["RelayOutbox"]["Environment"]["Variables"]["QUEUE_URLS"]["Fn::Sub"]
    policies = of_type(document, "AWS::IAM::ManagedPolicy")
    [publish] = statements(policies["PublishPolicy"])
    seen, offered = statements(policies["DeadLettersPolicy"])

    assert json.loads(urls) == {queue.topic: f"${{{name}}}" for name, queue in queues.items()}
    for statement in (publish, seen):
        assert {arn["Fn::GetAtt"][0] for arn in statement["Resource"]} == queues.keys()
    assert {arn["Fn::GetAtt"][0] for arn in offered["Resource"]} == {queue.dead_letters for queue in queues.values()}


def test_the_key_outlives_the_stack_whose_queues_and_logs_it_opens(document: Mapping[str, Any]) -> None:
    assert document["Resources"]["Key"]["DeletionPolicy"] == "Retain"
