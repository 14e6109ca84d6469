"""The dial suite in small: the control plane in virtual time, and the proof that its faults would be noticed.

``make chaos SUITE=dial`` does the same with a hundred thousand attempts, and on PostgreSQL.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from infra.cli.chaos.dial.crowd import crowd
from infra.cli.chaos.dial.expected import EXPECTED, missing_rows
from infra.cli.chaos.dial.faults import CALM, Crash
from infra.cli.chaos.dial.permutations import orders, permutation_rows
from infra.cli.chaos.dial.planted import notice
from infra.cli.chaos.dial.tally import Tally
from infra.cli.chaos.dial.timeline import Timeline
from infra.cli.chaos.dial.world import Outcome, Plan, World
from infra.cli.rows import Row

SMALL = {"people": 60, "lasts": timedelta(hours=10)}


def live(seed: str, **changes: object) -> Outcome:
    return World(plan=Plan(seed=seed, **SMALL | changes)).live()  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    """One rough world."""
    return live("test")


def test_nothing_goes_wrong_in_a_rough_world(outcome: Outcome) -> None:
    assert outcome.attempts > 50
    assert [str(finding) for finding in outcome.findings] == []


def test_processes_die_before_and_after_their_steps(outcome: Outcome) -> None:
    assert {when for _, _, when in outcome.crashed} == {"before", "after"}
    assert {"dial", "reconcile", "close", "settle"} <= {function for function, _, _ in outcome.crashed}


def test_the_same_seed_lives_the_same_life(outcome: Outcome) -> None:
    again = live("test")

    assert again == outcome
    assert live("another") != outcome


def test_a_calm_world_rings_everybody_who_may_be_rung() -> None:
    calm = live("calm", faults=CALM)

    assert calm.findings == ()
    assert calm.crashed == frozenset()
    assert calm.calls == calm.attempts


@pytest.mark.parametrize("seed", ["a", "c"])
def test_nobody_is_rung_again_before_the_report_of_a_talk_of_which_the_carrier_told_nothing(seed: str) -> None:
    silent = replace(CALM, stream_callback_lost=1.0, report_late=1.0)
    plan = Plan(seed=seed, people=30, lasts=timedelta(hours=2), faults=silent)

    told = World(plan=plan, people=crowd(campaigns=3, shared=True)).live()

    assert told.attempts > 20
    assert [str(finding) for finding in told.findings] == []


def test_a_row_that_is_not_there_does_not_hold() -> None:
    there = [Row(name=begins, value=0, unit="") for begins in EXPECTED[1:]]

    assert [(row.name, row.holds) for row in missing_rows(there)] == [(f"missing: {EXPECTED[0]}", False)]
    assert missing_rows([*there, Row(name=f"{EXPECTED[0]} all", value=0, unit="")]) == []


def test_every_order_of_callbacks_ends_in_one_row() -> None:
    (row,) = permutation_rows(1)

    assert len({tuple(order) for order in orders(1)}) == 120
    assert row.holds, row


@pytest.mark.parametrize("bug", ["blind retry after a lost answer", "settlement repeated"])
def test_a_planted_bug_is_noticed_with_its_seed_and_story(bug: str) -> None:
    assert notice(1, bug, people=60).holds


def test_a_tally_fails_what_was_found_and_what_was_not_tried(outcome: Outcome) -> None:
    tally = Tally()
    tally.add(outcome)

    rows = {row.name: row for row in tally.rows("memory", at_least=10 * outcome.attempts)}

    assert not rows["memory: attempts with faults"].holds
    assert rows["memory: double conversations"].holds


def test_virtual_time_jumps_from_one_thing_to_the_next(outcome: Outcome) -> None:
    timeline, seen = Timeline(start := World(plan=Plan(seed="t", people=1)).society.start), []
    timeline.after(3600, lambda: seen.append("second"))
    timeline.after(60, lambda: seen.append("first"))

    timeline.run_until(start + timedelta(hours=2))

    assert seen == ["first", "second"]
    assert timeline.now() == start + timedelta(hours=2)


def test_no_handler_of_errors_sees_a_crash() -> None:
    assert not issubclass(Crash, Exception)
