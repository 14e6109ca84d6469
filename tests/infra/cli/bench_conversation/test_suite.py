"""A row that is missing fails, and a share of nothing does not hold."""

from infra.cli.bench_conversation.expected import BRAINS, EXPECTED, missing_rows
from infra.cli.bench_conversation.parts import PARTS
from infra.cli.bench_conversation.rows import at_least, at_most, share
from infra.cli.bench_conversation.scenario_rows import SCRIPTED, rows_of
from infra.cli.evaluate.conversation.run import play_all
from infra.cli.evaluate.conversation.wishes import MANNERS
from infra.cli.rows import Row
from tests.infra.cli.evaluate.conversation.calls import cast_of, make_scenario


def test_every_part_says_what_it_must_leave() -> None:
    assert list(EXPECTED) == list(PARTS)
    assert (SCRIPTED, *(f"ollama, {manner}" for manner in MANNERS)) == BRAINS


def test_what_was_not_measured_does_not_hold() -> None:
    there = [Row(name=name, value=0, unit="") for name in EXPECTED["graph"][1:]]

    [absent] = missing_rows({"graph": there})

    assert absent.name == f"missing: {EXPECTED['graph'][0]}"
    assert not absent.holds


def test_a_part_without_a_row_does_not_hold() -> None:
    for part, names in EXPECTED.items():
        absent = missing_rows({part: []})
        assert [row.name for row in absent] == [f"missing: {name}" for name in names or (part,)]
        assert not any(row.holds for row in absent)


def test_bars_are_kept_to_the_letter() -> None:
    assert at_most("x", 10.0, "ms", 10.0).holds
    assert not at_most("x", 10.01, "ms", 10.0).holds
    assert not at_least("x", 1999, "turns", 2000).holds
    assert share("x", 19, 20, 0.95).holds
    assert not share("x", 18, 20, 0.95).holds
    assert not share("x", 0, 0, 0.95).holds


async def test_the_rows_of_a_brain_are_the_expected_ones() -> None:
    passes = [await play_all([make_scenario()], cast_of()) for _ in range(2)]

    rows = rows_of(SCRIPTED, passes, lambda line: None, budget_ms=1e6)

    assert {row.name for row in rows} <= set(EXPECTED["scenarios"])
    assert rows[2].value == 0
