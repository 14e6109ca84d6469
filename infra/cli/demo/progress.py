"""What one sees while the run goes on: how far it is, where every call stands, and the words spoken last."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from infra.cli.demo.books import Books, Standing
from infra.cli.looks import coloured, width_of, words
from infra.local.machine import Machine
from shared.adapters.redis.connect import make_redis
from shared.adapters.redis.live_feed import BEGINNING, LiveFeedReader
from shared.calls.live import LiveFeed
from shared.kernel.errors import Unavailable
from shared.leads import LeadStatus

LONGEST_RUN_SECONDS = 600.0
LOOK_EVERY_SECONDS = 0.5
NAME_WIDTH = 18
STATE_WIDTH = 18
NARROW_BAR = 30
FRAME_LINES = 5
"""Lines of the terminal that are not leads: bar, gap, header, what is left out, cursor."""
SHOWN: Mapping[str, str] = {"planned": "next", "placed": "dialing", "initiated": "dialing", "streaming": "talking"}


def watch(machine: Machine, books: Books, console: Console) -> None:
    """Show the run until nothing more happens soon.

    Raises:
        Unavailable: A part of the machine has ended, or the run takes far too long.
    """
    began = time.monotonic()
    progress = Progress(console, LiveFeedReader(make_redis(machine.environment.redis_url)))
    with progress.drawing():
        while True:
            seconds = time.monotonic() - began
            standings, now = books.standings(), machine.clock.now()
            progress.show(standings, now=now, seconds=seconds)
            if books.is_finished(standings, now):
                return
            if seconds > LONGEST_RUN_SECONDS:
                raise Unavailable(f"the run did not end within {LONGEST_RUN_SECONDS:.0f} s")
            machine.supervisor.check()
            time.sleep(LOOK_EVERY_SECONDS)


class Progress:
    """Draws the run on a terminal, or prints one line per change where there is none."""

    def __init__(self, console: Console, feed: LiveFeed) -> None:
        self._console = console
        self._feed = feed
        self._live = Live(console=console, auto_refresh=False, transient=True) if console.is_terminal else None
        self._position = BEGINNING
        self._said: dict[str, tuple[str, str]] = {}
        self._seen: dict[str, str] = {}

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Hold the terminal for the length of the run."""
        with self._live or nullcontext():
            yield

    def show(self, standings: Sequence[Standing], *, now: datetime, seconds: float) -> None:
        """Draw where every lead stands at ``now`` (civil), ``seconds`` after the run began."""
        for entry in self._feed.after(self._position, limit=500):
            self._position = entry.id
            self._said[entry.attempt] = (entry.speaker, entry.text)
        if self._live is not None:
            self._live.update(Board(standings, self._said, now=now, seconds=seconds), refresh=True)
            return
        for one in standings:
            state = state_of(one, now)
            if self._seen.get(one.lead.id, "waiting") != state:
                self._seen[one.lead.id] = state
                line = f"  {seconds:3.0f} s  {name_of(one):<{NAME_WIDTH}}  {words(state)}"
                self._console.print(line, highlight=False, markup=False)


class Board:
    """One picture of the run, fitted to the terminal: those who are on the line come first when there is no room."""

    def __init__(
        self, standings: Sequence[Standing], said: Mapping[str, tuple[str, str]], *, now: datetime, seconds: float
    ) -> None:
        self._standings = standings
        self._said = said
        self._now = now
        self._seconds = seconds

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The bar, and a line for every lead."""
        width = width_of(console)
        yield self._bar(width)
        yield Text()
        room = max(1, console.height - FRAME_LINES)
        shown = self._standings
        if len(shown) > room:
            shown = sorted(shown, key=lambda one: (one.live is None, not one.attempts))[:room]
        table = Table(box=None, pad_edge=False, show_header=False, width=width)
        table.add_column(width=NAME_WIDTH, no_wrap=True, overflow="ellipsis")
        table.add_column(width=STATE_WIDTH, no_wrap=True)
        table.add_column(ratio=1, no_wrap=True)
        for one in shown:
            words_width = width - NAME_WIDTH - STATE_WIDTH - 4
            table.add_row(*self._who_and_state(one), self._words(one, words_width))
        yield table
        if len(shown) < len(self._standings):
            yield Text(f"… and {len(self._standings) - len(shown)} more", style="dim")

    def _bar(self, width: int) -> Table:
        done, all_of_them = sum(one.rests(self._now) for one in self._standings), len(self._standings)
        live = sum(one.live is not None for one in self._standings)
        minutes, seconds = divmod(int(self._seconds), 60)
        row = Table.grid(padding=(0, 1))
        bar = ProgressBar(total=max(1, all_of_them), completed=done, width=min(NARROW_BAR, width // 3))
        told = f"{done} of {all_of_them} leads, {live} on the line, {minutes}:{seconds:02}"
        row.add_row(bar, Text(told, no_wrap=True, overflow="ellipsis"))
        return row

    def _who_and_state(self, one: Standing) -> tuple[Text, Text]:
        state = state_of(one, self._now)
        if one.live:
            return Text(name_of(one), style="bold"), Text(words(state), style="bold")
        style = "" if one.rests(self._now) else "dim"
        return Text(name_of(one), style=style), coloured(state, style)

    def _words(self, one: Standing, room: int) -> Text:
        """The end of what was said last on a live call."""
        speaker, text = self._said.get(one.live.id, ("", "")) if one.live else ("", "")
        line = f"{speaker}: {text}" if text else ""
        if len(line) > room:
            line = f"{speaker}: …{text[-max(0, room - len(speaker) - 3) :]}"
        return Text(line, style="cyan" if speaker == "agent" else "", no_wrap=True, overflow="ellipsis")


def name_of(one: Standing) -> str:
    """The lead's name."""
    return f"{one.lead.first_name} {one.lead.last_name}".strip()


def state_of(one: Standing, now: datetime) -> str:
    """Where the lead stands, in one or two words."""
    if one.live:
        return SHOWN.get(one.live.state, one.live.state)
    if one.lead.status is LeadStatus.READY and not one.attempts:
        return "deferred" if one.rests(now) else "waiting"
    if one.lead.status is LeadStatus.BLOCKED:
        return "denied"
    return one.lead.disposition or one.lead.status
