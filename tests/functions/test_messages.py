"""Whoever writes a message writes what its reader expects."""

import ast

import pytest

from functions.messages import SHAPES, checked
from infra.local.template import read_template
from shared.kernel.errors import Malformed
from tests.architecture.source import ROOT, calls, modules


def doors() -> dict[str, str]:
    """The module that reads each topic."""
    template = read_template(ROOT / "template.yaml")
    return {queue.topic: function.handler.rpartition(".")[0] for function, _, queue in template.consumers()}


def written() -> list[tuple[str, str, set[str]]]:
    """Where, of which topic, and with which keys messages are written as literals."""
    found = []
    for source in modules():
        for name, call in calls(source):
            told = {keyword.arg: keyword.value for keyword in call.keywords}
            topic, body = told.get("topic"), told.get("body")
            if name == "NewMessage" and isinstance(topic, ast.Constant) and isinstance(body, ast.Dict):
                keys = {str(key.value) for key in body.keys if isinstance(key, ast.Constant)}
                found.append((f"{source.name}:{call.lineno}", str(topic.value), keys))
    return found


def test_every_message_has_the_shape_that_its_reader_expects() -> None:
    readers = doors()
    wrong = []
    for place, topic, keys in written():
        shape = SHAPES.get(readers.get(topic, ""))
        if shape is not None:
            needed = {name for name, field in shape.model_fields.items() if field.is_required()}
            if not needed <= keys <= set(shape.model_fields):
                wrong.append((place, topic, keys))

    assert wrong == []
    assert len(written()) > 5


@pytest.mark.parametrize(
    ("door", "body"),
    [
        ("functions.dial_lead", {"attempt_id": "a1"}),
        ("functions.dispatch_leads", {"campaign_id": "c1"}),
        ("functions.true_up_costs", {"attempt_id": "a1", "round": 2}),
        ("functions.stop_calls", {"scope": "all", "target": None}),
        ("functions.check_numbers", {"phone": "+12125550100", "since": "2026-01-01"}),
    ],
)
def test_what_is_written_today_passes_unchanged(door: str, body: dict[str, object]) -> None:
    assert checked(body, door) == body


@pytest.mark.parametrize(
    "body", [{}, {"attempt_id": ""}, {"attempt_id": "a1", "more": 1}, {"attempt_id": "a1", "version": 2}]
)
def test_anything_else_is_malformed(body: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        checked(body, "functions.dial_lead")
