"""``template.yaml`` as records: which function is behind which route, queue and schedule."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from infra.local.template_nouns import Function, HttpEvent, Queue, QueueEvent, ScheduleEvent
from shared.kernel.errors import Malformed
from shared.kernel.yaml_text import SafeLoader

FUNCTION = "AWS::Serverless::Function"
QUEUE = "AWS::SQS::Queue"


class _Loader(SafeLoader):  # type: ignore[misc]
    """YAML with CloudFormation's short tags: ``!Ref x`` reads as ``{"Ref": "x"}``."""


def _short_tag(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any = None
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_tag)


@dataclass(frozen=True, kw_only=True)
class Template:
    """The functions and queues of one stack, by logical id."""

    functions: Mapping[str, Function]
    queues: Mapping[str, Queue]

    def consumers(self) -> list[tuple[Function, QueueEvent, Queue]]:
        """Each function that reads a queue, with the event that says how."""
        return [
            (function, event, self.queues[event.queue])
            for function in self.functions.values()
            for event in function.queues
        ]

    def on_one_machine(self) -> "Template":
        """Without the functions whose work one machine does otherwise: ``Metadata: {OneMachine: false}``."""
        here = {name: function for name, function in self.functions.items() if function.is_on_one_machine}
        return replace(self, functions=here)


def read_template(path: Path) -> Template:
    """Read a SAM template.

    Raises:
        Malformed: The file cannot be read, or names a queue it does not define.
    """
    try:
        return _template(read_document(path))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Malformed(f"{path} is not the template of a stack: {error!r}") from error


def read_document(path: Path) -> dict[str, Any]:
    """The file as plain maps and lists, CloudFormation's tags in their long form.

    Raises:
        Malformed: The file cannot be read.
    """
    try:
        document: dict[str, Any] = yaml.load(path.read_text(), Loader=_Loader)  # noqa: S506 - derived from SafeLoader
    except (OSError, yaml.YAMLError) as error:
        raise Malformed(f"{path}: {error}") from error
    return document


def _template(document: Mapping[str, Any]) -> Template:
    values = {
        name: parameter["Default"]
        for name, parameter in document.get("Parameters", {}).items()
        if "Default" in parameter
    }
    shared = document.get("Globals", {}).get("Function", {})
    resources = document["Resources"]
    queues = {
        name: _queue(name, resource.get("Properties", {}))
        for name, resource in resources.items()
        if resource["Type"] == QUEUE
    }
    functions = {
        name: _function(
            name,
            {**shared, **resource["Properties"]},
            shared=shared,
            values=values,
            is_on_one_machine=resource.get("Metadata", {}).get("OneMachine", True),
        )
        for name, resource in resources.items()
        if resource["Type"] == FUNCTION
    }
    for function in functions.values():
        for event in function.queues:
            if event.queue not in queues:
                raise Malformed(f"{function.name} reads {event.queue}, which the template does not define")
    return Template(functions=functions, queues=queues)


def _queue(name: str, properties: Mapping[str, Any]) -> Queue:
    redrive = properties.get("RedrivePolicy")
    return Queue(
        name=name,
        visibility_seconds=int(properties.get("VisibilityTimeout", 30)),
        max_receives=int(redrive["maxReceiveCount"]) if redrive else None,
        dead_letters=_logical_id(redrive["deadLetterTargetArn"]) if redrive else None,
    )


def _function(
    name: str,
    properties: Mapping[str, Any],
    *,
    shared: Mapping[str, Any],
    values: Mapping[str, Any],
    is_on_one_machine: bool,
) -> Function:
    events = properties.get("Events", {})
    variables = {
        **shared.get("Environment", {}).get("Variables", {}),
        **properties.get("Environment", {}).get("Variables", {}),
    }
    return Function(
        name=name,
        handler=properties["Handler"],
        timeout_seconds=int(_resolved(properties.get("Timeout", 3), values)),
        memory_mb=int(_resolved(properties.get("MemorySize", 128), values)),
        environment={key: _text(_resolved(value, values)) for key, value in variables.items()},
        http=tuple(_http(event["Properties"]) for event in events.values() if event["Type"] == "Api"),
        queues=tuple(_sqs(event["Properties"]) for event in events.values() if event["Type"] == "SQS"),
        schedules=tuple(
            _schedule(key, event["Properties"], values, is_rule=event["Type"] == "Schedule")
            for key, event in events.items()
            if event["Type"] in ("Schedule", "ScheduleV2")
        ),
        is_on_one_machine=is_on_one_machine,
    )


def _http(properties: Mapping[str, Any]) -> HttpEvent:
    return HttpEvent(path=properties["Path"], method=properties["Method"].upper())


def _sqs(properties: Mapping[str, Any]) -> QueueEvent:
    return QueueEvent(
        queue=_logical_id(properties["Queue"]),
        batch_size=int(properties.get("BatchSize", 10)),
        reports_item_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", []),
        max_concurrency=properties.get("ScalingConfig", {}).get("MaximumConcurrency"),
        gather_seconds=float(properties.get("MaximumBatchingWindowInSeconds", 0)),
    )


def _schedule(key: str, properties: Mapping[str, Any], values: Mapping[str, Any], *, is_rule: bool) -> ScheduleEvent:
    expression = properties["Schedule" if is_rule else "ScheduleExpression"]
    enabled = properties.get("Enabled", properties.get("State", "ENABLED") == "ENABLED")
    return ScheduleEvent(
        name=properties.get("Name", key),
        expression=str(_resolved(expression, values)),
        timezone=str(_resolved(properties.get("ScheduleExpressionTimezone", "UTC"), values)),
        input=properties.get("Input"),
        is_rule=is_rule,
        is_enabled=bool(enabled),
    )


def _logical_id(reference: Any) -> str:
    """The logical id in ``!GetAtt DialQueue.Arn``, ``!Ref DialQueue`` or plain text."""
    if isinstance(reference, Mapping):
        target = reference.get("Fn::GetAtt", reference.get("Ref"))
        return str(target.split(".")[0] if isinstance(target, str) else target[0])
    return str(reference)


def _resolved(value: Any, values: Mapping[str, Any]) -> Any:
    """``value``, or the default of the parameter that it refers to."""
    if isinstance(value, Mapping) and set(value) == {"Ref"}:
        return values.get(value["Ref"], value)
    return value


def _text(value: Any) -> str | None:
    """A variable's text, or ``None`` when only a deployed stack knows it."""
    return None if isinstance(value, Mapping) else str(value)
