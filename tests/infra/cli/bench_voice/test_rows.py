"""Rows hold or do not, and those that are missing do not."""

import os
from math import inf

from infra.cli.bench_voice.expected import EXPECTED, missing_rows
from infra.cli.bench_voice.family import processor_seconds, proportional_mb
from infra.cli.bench_voice.figures import better, row
from infra.cli.bench_voice.load import admission
from infra.cli.bench_voice.systems import OURS


def test_a_share_of_the_plain_bots_figure_is_a_bar() -> None:
    assert row("a", 30, "s", plain=100, share=0.4).holds
    assert not row("a", 50, "s", plain=100, share=0.4).holds
    assert row("a", 30, "s", plain=100, share=0.4).bar == 40


def test_what_never_happened_does_not_hold() -> None:
    assert not row("a", inf, "ms").holds
    assert not row("a", 30, "ms", plain=inf, share=0.4).holds
    assert not row("a", 30, "ms", share=0.4).holds


def test_the_better_way_to_run_the_plain_bot_is_the_baseline() -> None:
    assert better(300, None, 200) == 200
    assert better(None) is None


def test_a_row_that_was_not_measured_does_not_hold() -> None:
    missing = missing_rows([row("greeting, p95", 20, "ms")], ["greeting"])

    assert [each.name for each in missing] == ["missing: greeting without any model's server, p95"]
    assert not any(each.holds for each in missing)
    assert missing_rows([], list(EXPECTED))


def test_a_worker_may_hold_the_largest_crowd_whose_rows_hold() -> None:
    twenty = [row("20 calls: turns with underruns", 0, "%", bar=0)]
    forty = [row("40 calls: turns with underruns", 7, "%", bar=1)]

    assert admission([*twenty, *forty]) == 20 // OURS.places
    assert admission(forty) == 0
    assert admission([]) == 0


def test_our_own_process_uses_memory_and_time() -> None:
    assert proportional_mb([os.getpid()]) > 5
    assert processor_seconds([os.getpid()]) > 0


def test_a_process_that_is_gone_uses_nothing() -> None:
    assert proportional_mb([2**22 - 1]) == 0
