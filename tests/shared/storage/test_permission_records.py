"""A decision is kept with all it was taken from, and taken again from the row alone by another process."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, text

from infra.cli.chaos.random_facts import many_random_facts
from shared.calls.decide import decide
from shared.calls.replay import replay
from shared.campaigns import calling_rules
from shared.storage.calls.permissions import SqlPermissionRecords
from tests.contracts.backends import Backend
from tests.shared.calls.test_replay import newer_table, replayed_elsewhere

SETS = 40


def test_what_was_decided_is_taken_again_from_the_rows_of_the_database(
    backend: Backend, engine: Engine, tmp_path: Path
) -> None:
    lead = backend.add_lead()
    decisions = [decide(facts, now=now) for facts, now in many_random_facts(SETS, seed=7)]
    for permission in decisions:
        backend.calls.decline(lead, permission)
    stored = SqlPermissionRecords(engine).of_lead(lead.id)

    assert [each.findings for each in stored] == [permission.findings for permission in decisions]
    assert [permission.findings for permission in backend.calls.permissions(lead.id)] == [
        permission.findings for permission in decisions
    ]
    assert all(replay(each).is_same for each in stored)
    assert all("rules=" in (each.rule_version or "rules=") for each in stored)

    rows = tmp_path / "rows.jsonl"
    query = "select at, verdict, decisions, facts, rule_version from permissions order by id"
    with engine.connect() as db, rows.open("w", encoding="utf-8") as lines:
        for row in db.execute(text(query)).mappings():
            lines.write(json.dumps({**row, "at": row["at"].isoformat()}) + "\n")
    told = replayed_elsewhere(newer_table(tmp_path), rows)

    assert told["same"] == SETS
    assert f"rules: {calling_rules.rule_table().version} then, 2031-05-01 now" in told["differing"]


def test_a_decision_without_facts_is_kept_all_the_same(backend: Backend, engine: Engine) -> None:
    lead = backend.add_lead()
    facts, now = next(many_random_facts(1, seed=8))
    backend.calls.decline(lead, replace(decide(facts, now=now), facts=None))
    backend.calls.decline(lead, decide(facts, now=now + timedelta(seconds=1)))

    bare, whole = SqlPermissionRecords(engine).of_lead(lead.id)

    assert (bare.facts, bare.rule_version) == (None, None)
    assert replay(whole).is_same


def test_an_attempt_has_the_decisions_that_were_taken_for_it(backend: Backend, engine: Engine) -> None:
    attempt, other = backend.plan(), backend.plan(backend.add_lead(phone="+15125550178"))
    facts, now = next(many_random_facts(1, seed=9))
    backend.calls.record(decide(facts, now=now), attempt_id=attempt.id)
    records = SqlPermissionRecords(engine)

    assert [each.facts is not None for each in records.of_attempt(attempt.id)] == [False, True]
    assert [each.facts for each in records.of_attempt(other.id)] == [None]
