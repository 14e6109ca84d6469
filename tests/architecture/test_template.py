"""Law 10: the code and the template name the same doors, queues and variables."""

import re
from typing import Any

import pytest

from infra.local.template import read_template
from shared import cloud_settings, money_settings, recording_settings, settings, talk_settings
from tests.architecture.source import ROOT, modules

TEMPLATE = ROOT / "template.yaml"
TEMPLATE_TEXT = TEMPLATE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def template() -> Any:
    return read_template(TEMPLATE)


def doors_in_code() -> set[str]:
    files = [*(ROOT / "functions").glob("*.py"), *(ROOT / "functions" / "api").glob("*.py")]
    return {
        ".".join([*file.relative_to(ROOT).with_suffix("").parts, "lambda_handler"])
        for file in files
        if re.search(r"^lambda_handler\b", file.read_text(encoding="utf-8"), re.MULTILINE)
    }


def test_every_handler_has_a_door_in_the_template_and_back(template: Any) -> None:
    assert {function.handler for function in template.functions.values()} == doors_in_code()


def test_every_queue_has_a_consumer_a_dead_letter_queue_and_an_alarm(template: Any) -> None:
    consumed = {event.queue for function in template.functions.values() for event in function.queues}
    dead = {queue.dead_letters for queue in template.queues.values() if queue.dead_letters}
    working = template.queues.keys() - dead - {"ScheduleDeadLetters"}

    assert working == consumed
    assert all(template.queues[name].dead_letters for name in working)
    for name in dead:
        assert f"!GetAtt {name}.QueueName" in TEMPLATE_TEXT, name


def test_every_variable_of_a_function_has_a_reader(template: Any) -> None:
    read = {
        field.validation_alias
        for module in (settings, money_settings, cloud_settings, recording_settings, talk_settings)
        for block in vars(module).values()
        if isinstance(block, type) and issubclass(block, settings.Settings)
        for field in block.model_fields.values()
    }
    for source in modules():  # the light doors read theirs by name
        read |= set(re.findall(r"\.(?:get|need|whole)\(\s*\"([A-Z][A-Z_]+)\"", source.text))
    named = {variable for function in template.functions.values() for variable in function.environment}

    assert {variable for variable in named if not variable.startswith(("POWERTOOLS_", "AWS_"))} <= read


def test_the_readme_names_every_variable_that_a_user_may_set() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = (settings.MachineSettings,)
    missing = [
        field.validation_alias
        for block in blocks
        for field in block.model_fields.values()
        if f"`{field.validation_alias}`" not in readme
    ]

    assert missing == []


def test_the_map_of_the_readme_names_every_package() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rooms = {path.name for path in (ROOT / "shared").iterdir() if (path / "__init__.py").exists()}

    assert {room for room in rooms if f"`{room}`" not in readme and f"shared/{room}/" not in readme} == set()
