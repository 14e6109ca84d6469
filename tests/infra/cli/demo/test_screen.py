"""The result on a terminal: every lead in a few lines, at any width, with and without colours."""

import io

import pytest
from inline_snapshot import snapshot
from rich.console import Console

from infra.cli.demo.result import Result
from infra.cli.demo.screen import print_result
from shared.kernel.money import Money
from tests.infra.cli.demo.results import make_result


def printed(result: Result, *, width: int = 80, terminal: bool = False) -> str:
    console = Console(
        width=width, file=io.StringIO(), force_terminal=terminal, color_system="256" if terminal else None
    )
    print_result(result, console)
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def test_a_lead_takes_a_few_lines() -> None:
    lines = [line.rstrip() for line in printed(make_result()).splitlines()]
    start = next(number for number, line in enumerate(lines) if line.startswith("Bob"))

    assert "\n".join(lines[2 : start + 8]) == snapshot("""\
Ada <i>Byron</i>, 12 Oak Street        appointment set             115 s $0.0320
  agreed    Wednesday, November 25, 11:00 CST; hand to agent
  score 76  timeline 30/30 (within a month), agent-free 0/15 (signed agreement)
  cost      voice $0.0280, overhead $0.0040

Bob Stone, 12 Oak Street               no answer                     0 s $0.0040
  next      call again Tuesday, November 24, 15:00 CST
  cost      overhead $0.0040

Keoni Kahale, 12 Far Too Long A Name … deferred                 not rung $0.0000
  because   outside calling hours where the person may be
  next      call again Tuesday, November 24, 08:00 HST
""")


def test_the_reference_call_stands_beside_the_published_figures() -> None:
    said = printed(make_result())

    assert "local               $0.0817   published $0.0820" in said
    assert "premium             $0.0880   published $0.0880" in said


@pytest.mark.parametrize("width", [40, 80, 120, 300])
def test_no_line_is_longer_than_the_terminal_nor_than_one_likes_to_read(width: int) -> None:
    assert max(len(line) for line in printed(make_result(), width=width).splitlines()) <= min(width, 120)


def test_without_a_terminal_there_are_no_colours() -> None:
    assert "\x1b" not in printed(make_result())
    assert "\x1b[1;32mappointment set" in printed(make_result(), terminal=True)


def test_who_ended_otherwise_stands_out() -> None:
    said = printed(make_result(ada="opted_out"))

    assert "expected  opted out" in said
    assert "Failed: 1 of 3 ended otherwise than expected" in said


def test_one_miss_of_taste_is_forgiven_and_said() -> None:
    result = make_result(bob="voicemail")

    assert result.failure is None
    assert "2 of 3 leads ended as they should, which is enough." in printed(result)


def test_a_ledger_out_of_balance_fails_the_run() -> None:
    said = printed(make_result(imbalance=Money.usd("0.01")))

    assert "OUT OF BALANCE by $0.0100" in said
    assert "Failed: the ledger is out of balance" in said


def test_the_json_says_the_same() -> None:
    told = make_result().as_json()

    assert [lead["disposition"] for lead in told["leads"]] == ["appointment_set", "no_answer", "deferred"]
    assert told["leads"][2]["reasons"] == ["outside calling hours where the person may be"]
    assert told["latency_ms"]["turn"] == {"p50": 61.4, "p95": 61.4}
    assert told["cost_usd"]["per_appointment"] == 0.036
    assert told["ledger_balanced"] is True
    assert told["passed"] is True
