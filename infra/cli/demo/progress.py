"""What one sees while the run goes on: every lead, where its call stands, and the words spoken last."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext

from rich.console import Console
from rich.live import Live
from rich.table import Table

from infra.cli.demo.books import Books
from infra.local.machine import Machine
from shared.adapters.redis.connect import make_redis
from shared.adapters.redis.live_feed import BEGINNING, LiveFeedReader
from shared.calls import CallAttempt
from shared.kernel.errors import Unavailable
from shared.leads import Lead, LeadStatus

WORDS_SHOWN = 60
LONGEST_RUN_SECONDS = 600.0
LOOK_EVERY_SECONDS = 0.5


def watch(machine: Machine, books: Books, console: Console) -> None:
    """Show the run until nothing more happens soon.

    Raises:
        Unavailable: A part of the machine has ended, or the run takes far too long.
    """
    deadline = time.monotonic() + LONGEST_RUN_SECONDS
    progress = Progress(console, LiveFeedReader(make_redis(machine.environment.redis_url)))
    with progress.drawing():
        while not books.is_finished(machine.clock.now()):
            if time.monotonic() > deadline:
                raise Unavailable(f"the run did not end within {LONGEST_RUN_SECONDS:.0f} s")
            progress.show(books)
            machine.supervisor.check()
            time.sleep(LOOK_EVERY_SECONDS)
        progress.show(books)


class Progress:
    """Draws the run on a terminal, or prints one line per change where there is none."""

    def __init__(self, console: Console, feed: LiveFeedReader) -> None:
        self._console = console
        self._feed = feed
        self._live = Live(console=console, refresh_per_second=4, transient=True) if console.is_terminal else None
        self._position = BEGINNING
        self._said: dict[str, str] = {}
        self._seen: dict[str, str] = {}

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Hold the terminal for the length of the run."""
        with self._live or nullcontext():
            yield

    def show(self, books: Books) -> None:
        """Draw the state of every lead."""
        for entry in self._feed.after(self._position, limit=500):
            self._position = entry.id
            self._said[entry.call_sid] = f"{entry.speaker}: {entry.text}"
        rows = [(lead, books.attempts(lead)) for lead in books.leads()]
        if self._live is not None:
            self._live.update(self._table(rows))
            return
        for lead, attempts in rows:
            state = _state(lead, attempts)
            if self._seen.get(lead.id) != state:
                self._seen[lead.id] = state
                self._console.print(f"  {lead.first_name} {lead.last_name}: {state}", highlight=False)

    def _table(self, rows: Sequence[tuple[Lead, Sequence[CallAttempt]]]) -> Table:
        table = Table(box=None, pad_edge=False, header_style="dim")
        for title in ("lead", "state", "last words"):
            table.add_column(title, no_wrap=True)
        for lead, attempts in rows:
            is_live = bool(attempts) and not attempts[-1].is_over
            words = self._said.get(attempts[-1].provider_sid or "", "") if is_live else ""
            style = "bold" if is_live else "dim" if lead.status is LeadStatus.READY else ""
            table.add_row(
                f"{lead.first_name} {lead.last_name}", _state(lead, attempts), words[-WORDS_SHOWN:], style=style
            )
        return table


def _state(lead: Lead, attempts: Sequence[CallAttempt]) -> str:
    """One or two words for where the lead stands."""
    if attempts and not attempts[-1].is_over:
        return SHOWN.get(attempts[-1].state, attempts[-1].state)
    if lead.status is LeadStatus.READY:
        return (lead.disposition or "waiting").replace("_", " ")
    return (lead.disposition or lead.status).replace("_", " ")


SHOWN: Mapping[str, str] = {"planned": "next", "placed": "dialing", "initiated": "dialing", "streaming": "talking"}
