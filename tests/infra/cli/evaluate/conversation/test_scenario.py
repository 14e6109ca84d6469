"""A scenario that cannot be used says which file, which key and why."""

from pathlib import Path

import pytest
import yaml

from infra.cli.evaluate.conversation.scenario import OURS, BrokenScenario, load_scenarios
from infra.cli.evaluate.conversation.scene import brief_of
from tests.infra.cli.evaluate.conversation.calls import PERSON, make_scenario

GOOD = {
    "version": 1,
    "name": "A seller",
    "script": "rental",
    "person": PERSON,
    "expected": {"disposition": "appointment_set"},
}


def written(folder: Path, name: str = "one.yaml", **different: object) -> Path:
    file = folder / name
    file.write_text(yaml.safe_dump({**GOOD, **different}))
    return file


def test_the_projects_own_are_enough_and_all_can_be_read() -> None:
    assert len(load_scenarios([OURS])) >= 60


def test_a_folder_and_a_file_are_read_alike(tmp_path: Path) -> None:
    file = written(tmp_path)

    assert load_scenarios([tmp_path]) == load_scenarios([file])


@pytest.mark.parametrize(
    ("different", "key"),
    [
        ({"expected": {"disposition": "happy"}}, "expected.disposition"),
        ({"expected": {"disposition": "busy", "compliance": ["nice"]}}, r"expected.compliance.0"),
        ({"person": {**PERSON, "mood": "good"}}, "person.mood"),
        ({"call": {"timezone": "Texas"}}, "call.timezone: 'Texas' is not a time zone"),
        ({"call": {"now": "noon"}}, "call.now"),
        ({"version": 2}, "version"),
        ({"script": None}, "script"),
    ],
)
def test_a_wrong_key_is_named_with_its_file(tmp_path: Path, different: dict[str, object], key: str) -> None:
    written(tmp_path, "wrong.yaml", **different)

    with pytest.raises(BrokenScenario, match=rf"wrong\.yaml: {key}"):
        load_scenarios([tmp_path])


@pytest.mark.parametrize(("text", "why"), [("name: [", "line 2"), ("\xff", "is not UTF-8"), ("- 1", "file")])
def test_what_is_no_yaml_of_ours_is_named_with_its_file(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "broken.yaml").write_bytes(text.encode("latin-1"))

    with pytest.raises(BrokenScenario, match=rf"broken\.yaml: {why}"):
        load_scenarios([tmp_path])


def test_two_of_one_name_are_refused(tmp_path: Path) -> None:
    written(tmp_path, "a.yaml")
    written(tmp_path, "b.yaml")

    with pytest.raises(BrokenScenario, match=r"b\.yaml: name: .*a\.yaml"):
        load_scenarios([tmp_path])


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenScenario, match="no scenario"):
        load_scenarios([tmp_path])


def test_what_is_taken_is_not_on_offer() -> None:
    call = {"timezone": "America/Denver", "now": "2026-03-10T12:00", "busy": ["2026-03-11T09:00"]}
    scenario = make_scenario(call={**call, "booked": "2026-03-11T09:30"})
    brief = brief_of(scenario)

    clock = [slot.starts_at.astimezone(scenario.clock_zone).strftime("%d %H:%M") for slot in brief.slots]
    assert clock[0] == "10 14:00"
    assert "11 10:00" in clock
    assert not {"11 09:00", "11 09:30"} & set(clock)
    assert brief.booked is not None
    assert f"{brief.booked.starts_at.astimezone(scenario.clock_zone):%d %H:%M}" == "11 09:30"
