"""Many worlds on several processes: in memory, or each process on a database of its own."""

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from itertools import count
from multiprocessing import get_context
from multiprocessing.pool import Pool
from queue import Empty, SimpleQueue

import psycopg

from infra.cli.chaos.dial.bugs import BUGS
from infra.cli.chaos.dial.faults import CALM, ROUGH
from infra.cli.chaos.dial.findings import Finding, Wrong
from infra.cli.chaos.dial.parts import ListeningStore, Parts, sql_parts
from infra.cli.chaos.dial.servers import a_database, an_engine, emptied
from infra.cli.chaos.dial.tally import Tally
from infra.cli.chaos.dial.world import Outcome, Plan, World
from infra.cli.chaos.dial.writes import HeardConnections, Writes
from shared.kernel.errors import Unavailable
from shared.storage.invariants import SqlInvariants

PROCESSES = 2
PEOPLE = 400
LONGEST_WORLD_SECONDS = 900
AHEAD = 2
"""Worlds that wait for each process."""
SELDOM = (50_000, 5, 1)
"""When garbage is looked for: a few times in a world, and in all of it once or twice."""
Tell = Callable[[str], None]
Begin = Callable[[str], Outcome]


def in_memory(seed: str) -> Outcome:
    """One world over the memory twins."""
    return World(plan=Plan(seed=seed, people=PEOPLE)).live()


def with_bug(seed: str, *, bug: str, people: int) -> Outcome:
    """The same with a planted bug."""
    planted = BUGS[bug]
    return World(plan=planted.plan(seed, people=people), spoil=planted.spoil, people=planted.people).live()


def with_lost_callbacks(seed: str) -> Outcome:
    """One world in which only the carrier's callbacks are lost, three of ten."""
    return World(plan=Plan(seed=seed, people=PEOPLE, faults=replace(CALM, callback_lost=ROUGH.callback_lost))).live()


def on_database(seed: str, *, people: int = PEOPLE, hours: int = 10) -> Outcome:
    """One world over this process' database, which is empty before."""
    emptied(_own.engine)
    world = World(plan=Plan(seed=seed, people=people, lasts=timedelta(hours=hours)), books=_own.parts)
    outcome = world.live()
    broken = SqlInvariants(_own.engine).violations(world.timeline.now())
    found = [
        Finding(wrong=Wrong.INVARIANT, text=f"{each.invariant} {each.meaning}: {', '.join(each.ids[:3])}", seed=seed)
        for each in broken
    ]
    return replace(outcome, findings=(*outcome.findings, *found))


class _Database:
    """What a process keeps open between worlds."""

    def open(self, server_url: str) -> None:
        url = a_database(server_url)
        kept = ExitStack()
        self.engine = kept.enter_context(an_engine(url))
        self._writes = Writes()
        self._writes.hear(self.engine)
        self._connections = HeardConnections(url, writes=self._writes)
        self._outbox = kept.enter_context(psycopg.connect(url, autocommit=True))

    def parts(self, _store: ListeningStore) -> Parts:
        return sql_parts(self.engine, self._connections, self._outbox, writes=self._writes)


_own = _Database()


def live_through(begin: Begin, *, seed: int, at_least: int, tell: Tell, server_url: str = "") -> Tally:
    """Worlds one after the other until so many attempts were made; ``tell`` hears how far it is, in words.

    Worlds that are under way when there are enough are ended: they would take the processors from what comes next.
    """
    tally = Tally()
    with get_context("spawn").Pool(PROCESSES, initializer=prepare, initargs=(server_url,)) as pool:
        for outcome in _as_they_end(pool, (f"{seed}-{number}" for number in count(1)), begin):
            tally.add(outcome)
            tell(f"{min(100, tally.attempts * 20 // at_least * 5)} %")
            if tally.attempts >= at_least:
                break
    return tally


def _as_they_end(pool: Pool, seeds: Iterator[str], begin: Begin) -> Iterator[Outcome]:
    ended: SimpleQueue[Outcome | BaseException] = SimpleQueue()
    for number in count():
        if number >= PROCESSES * AHEAD:
            outcome = _next(ended)
            if isinstance(outcome, BaseException):
                raise outcome
            yield outcome
        pool.apply_async(begin, [next(seeds)], callback=ended.put, error_callback=ended.put)


def _next(ended: "SimpleQueue[Outcome | BaseException]") -> Outcome | BaseException:
    try:
        return ended.get(timeout=LONGEST_WORLD_SECONDS)
    except Empty:
        return Unavailable(f"no world has ended for {LONGEST_WORLD_SECONDS} s: its process is gone, or cannot begin")


def prepare(server_url: str = "") -> None:
    """A process is ready to live through worlds; what functions say of faults is expected here."""
    logging.disable(logging.CRITICAL)
    gc.freeze()  # looking through all that a world keeps, again and again, is a tenth of the work
    gc.set_threshold(*SELDOM)
    if server_url:
        _own.open(server_url)
