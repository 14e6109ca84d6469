"""What one sees while the run goes on."""

import io
from datetime import timedelta

import pytest
from rich.console import Console

from infra.cli.demo.books import Standing
from infra.cli.demo.progress import Board, Progress, state_of
from shared.adapters.memory.live import MemoryFeedLine, MemoryLiveFeed
from shared.calls import AttemptState
from shared.leads import Lead, LeadStatus
from tests.infra.cli.demo.results import NOW, make_attempt, make_lead, make_persona


def lead(name: str = "Ada Byron", status: LeadStatus = LeadStatus.READY, **changes: object) -> Lead:
    return make_lead(make_persona(name, "busy", number=101), status, **changes)


def standing(name: str, state: AttemptState | None = None, **changes: object) -> Standing:
    one = lead(name, LeadStatus.IN_CALL if state else LeadStatus.READY, **changes)
    live = make_attempt(one, state=state, ended_at=None, duration_seconds=None) if state else None
    return Standing(lead=one, attempts=(live,) if live else ())


def drawn(board: Board, *, width: int = 80, height: int = 24) -> list[str]:
    console = Console(width=width, height=height, file=io.StringIO())
    console.print(board)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]  # type: ignore[attr-defined]


TALKING = standing("Ada Byron", AttemptState.STREAMING)
WAITING = standing("Bob Stone", next_attempt_at=NOW)
ASLEEP = standing("Keoni Kahale", next_attempt_at=NOW + timedelta(hours=1))


def test_the_board_shows_how_far_the_run_is_and_the_last_words() -> None:
    said: dict[str, tuple[str, str]] = {TALKING.attempts[0].id: ("agent", "How soon would you like to sell? " * 5)}

    bar, _, ada, bob, keoni = drawn(Board([TALKING, WAITING, ASLEEP], said, now=NOW, seconds=83))

    assert bar.endswith("1 of 3 leads, 1 on the line, 1:23")
    assert ada.startswith("Ada Byron           talking             agent: …")
    assert ada.endswith("sell?")
    assert bob == "Bob Stone           waiting"
    assert keoni == "Keoni Kahale        deferred"


@pytest.mark.parametrize("width", [50, 80, 120, 200])
def test_nothing_wraps(width: int) -> None:
    said: dict[str, tuple[str, str]] = {TALKING.attempts[0].id: ("caller", "words " * 50)}

    lines = drawn(Board([TALKING, WAITING], said, now=NOW, seconds=1), width=width)

    assert len(lines) == 4
    assert max(len(line) for line in lines) <= width


def test_on_a_low_terminal_live_calls_come_first() -> None:
    many = [*(standing(f"Lead {number}") for number in range(30)), TALKING]

    lines = drawn(Board(many, {}, now=NOW, seconds=1), height=12)

    assert len(lines) <= 12
    assert lines[2].startswith("Ada Byron")
    assert lines[-1] == "… and 24 more"


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (standing("A B", AttemptState.PLANNED), "next"),
        (standing("A B", AttemptState.RINGING), "ringing"),
        (standing("A B", next_attempt_at=NOW), "waiting"),
        (standing("A B", next_attempt_at=NOW + timedelta(days=1)), "deferred"),
        (Standing(lead=lead(status=LeadStatus.BLOCKED)), "denied"),
        (Standing(lead=lead(status=LeadStatus.OPTED_OUT, disposition="opted_out")), "opted_out"),
    ],
)
def test_a_state_is_a_word_or_two(one: Standing, said: str) -> None:
    assert state_of(one, NOW) == said


def test_without_a_terminal_each_change_is_a_line() -> None:
    console = Console(width=80, file=io.StringIO())
    progress = Progress(console, MemoryLiveFeed())
    with progress.drawing():
        for seconds in (1, 2):
            progress.show([TALKING, WAITING], now=NOW, seconds=seconds)

    assert console.file.getvalue() == "    1 s  Ada Byron           talking\n"  # type: ignore[attr-defined]


def test_on_a_terminal_the_words_come_from_the_feed() -> None:
    console = Console(width=80, height=24, file=io.StringIO(), force_terminal=True)
    feed = MemoryLiveFeed()
    feed.add(MemoryFeedLine(attempt=TALKING.attempts[0].id, speaker="caller", kind="final", text="hello", at=NOW))
    progress = Progress(console, feed)
    with progress.drawing():
        progress.show([TALKING], now=NOW, seconds=1)

    assert "caller: hello" in console.file.getvalue()  # type: ignore[attr-defined]
