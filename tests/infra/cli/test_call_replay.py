"""Decisions taken anew from the command line: the same or not, and what has changed since."""

from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from infra.cli.replay_screen import draw_replay
from shared.calls import Permission, Verdict
from shared.calls.decide import decide
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId
from tests.infra.cli.office import Office
from tests.shared.calls.world import make_lead


@pytest.fixture
def office() -> Office:
    office = Office()
    office.desk.world.add(make_lead())
    office.desk.world.ring()
    return office


def decided(office: Office) -> Permission:
    [permission] = office.desk.world.store.decided["a1"]
    return permission


def test_a_decision_is_taken_again_and_is_the_same(office: Office) -> None:
    told = office.json("call", "replay", "a1")

    [decision] = told["decisions"]
    assert (told["attempt"], decision["moment"], decision["again"]) == ("a1", "claim", "same")
    assert (decision["verdict"], decision["today"], decision["changes"]) == ("allow", "allow", [])
    said = office.run("call", "replay", "a1")
    assert "when the lead was claimed: allow" in said
    assert "by today's rules: allow, as then" in said
    assert "1 decision: 1 the same, 0 not" in said


def test_what_todays_rules_say_otherwise_is_said_rule_by_rule(office: Office) -> None:
    facts = decided(office).facts
    assert facts is not None
    assert facts.law is not None
    older = replace(facts.law, versions={**facts.law.versions, "rules": "2020-01-01"}, rules=())
    permission = decide(replace(facts, law=older), now=decided(office).at)
    office.desk.world.store.decided["a1"] = [permission]

    [decision] = office.json("call", "replay", "a1")["decisions"]
    assert (decision["verdict"], decision["again"], decision["today"]) == (permission.verdict, "same", "allow")
    assert any(each.startswith("rules: 2020-01-01 then, ") for each in decision["differing"])
    assert [change["rule"] for change in decision["changes"]]
    said = office.run("call", "replay", "a1")
    assert "rule data rules: 2020-01-01 then" in said
    assert "1 would be another one by today's rules" in said


def test_a_decision_that_was_changed_and_one_without_facts_are_told_apart(office: Office) -> None:
    permission = decided(office)
    turned = replace(permission.findings[0], verdict=Verdict.DENY)
    office.desk.world.store.decided["a1"] = [
        replace(permission, findings=(turned, *permission.findings[1:])),
        replace(permission, facts=None),
    ]

    changed, bare = office.json("call", "replay", "a1")["decisions"]
    assert (changed["again"], changed["because"]) == ("different", "from the same facts it is allow now")
    assert (bare["again"], bare["today"]) == ("not_possible", None)
    said = office.run("call", "replay", "a1")
    assert "NOT the same" in said
    assert "2 decisions: 0 the same, 1 not; 1 kept without their facts" in said


def test_a_call_that_is_not_there_is_said_so(office: Office) -> None:
    with pytest.raises(NotFound, match="no attempt"):
        office.run("call", "replay", AttemptId("nobody"))


def test_it_fits_an_ordinary_terminal(office: Office) -> None:
    found: dict[str, Any] = office.json("call", "replay", "a1")
    console = Console(width=80, record=True, force_terminal=False)
    draw_replay(console, found)

    assert max(len(line) for line in console.export_text().splitlines()) <= 80
