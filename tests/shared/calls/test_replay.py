"""A decision is taken again from its row alone: the same answer, whatever the law says since."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.cli.chaos.random_facts import many_random_facts
from shared.calls import Permission, Verdict
from shared.calls.decide import decide
from shared.calls.replay import NotReplayable, StoredPermission, facts_as_json, facts_of_json, replay, rule_version
from shared.campaigns import calling_rules
from shared.kernel.ids import LeadId, SellerId
from shared.storage.calls.permissions import permission_row
from tests.shared.calls.world import NOON, World, make_lead

ROOT = Path(__file__).parents[3]
SETS = 5000


def row_of(permission: Permission) -> dict[str, Any]:
    """The row as the database keeps it: plain JSON."""
    row = permission_row(permission, lead_id=LeadId("lead-1"), seller_id=SellerId("seller-1"))
    return {**row, "at": permission.at.isoformat(), "verdict": permission.verdict.value}


def newer_table(folder: Path) -> Path:
    """The rule table of a later day, by which nobody may be rung before four in the afternoon."""
    version = calling_rules.rule_table().version
    text = re.sub(r"\d\d:00-", "16:00-", calling_rules.FILE.read_text(encoding="utf-8"))
    table = folder / "calling_rules.yaml"
    table.write_text(text.replace(f'version: "{version}"', 'version: "2031-05-01"'), encoding="utf-8")
    return table


def replayed_elsewhere(table: Path, rows: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.shared.calls.replaying", str(table), str(rows)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_five_thousand_decisions_are_the_same_in_another_process_under_newer_rules(tmp_path: Path) -> None:
    rows, verdicts = tmp_path / "rows.jsonl", {verdict.value: 0 for verdict in Verdict}
    with rows.open("w", encoding="utf-8") as lines:
        for facts, now in many_random_facts(SETS, seed=1):
            permission = decide(facts, now=now)
            verdicts[permission.verdict.value] += 1
            lines.write(json.dumps(row_of(permission)) + "\n")

    told = replayed_elsewhere(newer_table(tmp_path), rows)

    version = calling_rules.rule_table().version
    known = [each for each in told.pop("differing") if "none then" not in each]
    assert told == {"same": SETS, **verdicts}
    assert known == [f"rules: {version} then, 2031-05-01 now"]
    assert min(verdicts.values()) > SETS / 50


def test_facts_survive_being_kept() -> None:
    for facts, _ in many_random_facts(200, seed=2):
        assert facts_of_json(json.loads(json.dumps(facts_as_json(facts)))) == facts


def test_a_decision_that_was_tampered_with_is_not_the_same() -> None:
    facts, now = next(many_random_facts(1, seed=3))
    permission = decide(facts, now=now)
    turned = replace(permission.findings[0], verdict=Verdict.DEFER)
    stored = StoredPermission(
        at=now,
        verdict=permission.verdict,
        findings=(turned, *permission.findings[1:]),
        facts=facts_as_json(facts),
        rule_version=rule_version(facts),
    )

    assert not replay(stored).is_same


def test_a_decision_without_its_facts_says_so() -> None:
    stored = StoredPermission(at=NOON, verdict=Verdict.DENY, findings=(), facts=None, rule_version=None)

    with pytest.raises(NotReplayable, match="without its facts"):
        replay(stored)
    with pytest.raises(NotReplayable, match="cannot be read"):
        replay(replace(stored, facts={"version": 1, "known": {"moment": "never"}}))


def test_the_same_facts_at_the_same_moment_decide_the_same() -> None:
    world = World()
    world.add(make_lead())
    facts = world.sources.for_claim(make_lead(), world.campaign, free_slots=1, now=NOON)

    assert decide(facts, now=NOON) == decide(facts_of_json(facts_as_json(facts)), now=NOON)
    assert decide(facts, now=NOON).verdict is Verdict.ALLOW
    assert decide(facts, now=NOON + timedelta(hours=12)).verdict is Verdict.DEFER
