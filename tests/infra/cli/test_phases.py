"""What goes on while one waits."""

import io

from rich.console import Console

from infra.cli.looks import Flow, counted, moment
from infra.cli.phases import Phases
from tests.infra.cli.demo.results import NOW


def test_without_a_terminal_each_phase_is_printed_once() -> None:
    console = Console(file=io.StringIO(), width=80)
    with Phases(console) as tell:
        for phase in ("loading", "loading", "starting [PostgreSQL]"):
            tell(phase)

    assert console.file.getvalue() == "loading …\nstarting [PostgreSQL] …\n"  # type: ignore[attr-defined]


def test_on_a_terminal_one_line_shows_the_phase_with_its_seconds_and_goes() -> None:
    moments = iter([0.0] + [7.0] * 100)
    console = Console(file=io.StringIO(), width=80, force_terminal=True)
    with Phases(console, since=lambda: next(moments)) as tell:
        tell("starting PostgreSQL and Redis")
        console.print(tell)

    said = console.file.getvalue()  # type: ignore[attr-defined]
    assert "starting PostgreSQL and Redis … 7 s" in said.replace("\x1b[2m", "").replace("\x1b[0m", "")
    assert said.endswith("\x1b[2K")


def test_parts_are_torn_only_when_they_must_be() -> None:
    console = Console(file=io.StringIO(), width=20)
    console.print(Flow(["voice $0.0280", "machine detection $0.0075", "", "stream $0.0088"]))

    lines = [line.rstrip() for line in console.file.getvalue().splitlines()]  # type: ignore[attr-defined]
    assert lines == ["voice $0.0280,", "machine detection", "$0.0075,", "stream $0.0088"]


def test_moments_and_numbers_read_well() -> None:
    assert moment(NOW, "America/Denver") == "Tuesday, November 24, 10:00 MST"
    assert [counted(number, "lead") for number in (0, 1, 2)] == ["0 leads", "1 lead", "2 leads"]
