"""How a caller behaves: waits, answers, waits again; some interrupt, some murmur, some pause, some hang up."""

from collections.abc import Callable, Sequence
from itertools import cycle
from typing import Protocol

from infra.cli.bench_voice.corpus import Kind, Take
from infra.cli.bench_voice.orders import Manner

ENOUGH_QUIET = 30
"""Ticks of silence after which the agent has finished: more than its pauses and less than anybody's patience."""
LONG_QUIET = 160
GREETING_PATIENCE = 500
PATIENCE = 400


class Phone(Protocol):
    """The caller's end of a line."""

    hears: bool
    is_over: bool

    @property
    def is_speaking(self) -> bool:
        """Whether something is still leaving the mouth."""
        ...

    def say(self, take: Take) -> None:
        """Let a take leave."""
        ...


class Person:
    """Says a turn whenever the agent has finished, or has not begun in time.

    ``breaks_in`` are takes that are said over the agent's answer, once in each, after so many ticks of it.
    """

    def __init__(
        self,
        line: Phone,
        turns: Sequence[Take],
        *,
        breaks_in: Sequence[Take] = (),
        after: int = 40,
        quiet: int = ENOUGH_QUIET,
    ) -> None:
        self._line = line
        self._turns = cycle(turns)
        self._breaks_in = cycle(breaks_in) if breaks_in else None
        self._after = after
        self._enough = quiet
        self._voiced = 0
        self._quiet = 0
        self._waited = 0
        self._patience = GREETING_PATIENCE
        self._may_break_in = False

    def tick(self) -> None:
        """20 ms have passed."""
        self._waited += 1
        self._voiced += self._line.hears
        self._quiet = 0 if self._line.hears else self._quiet + 1
        if self._line.is_speaking:  # what the agent says meanwhile is no answer yet
            self._voiced = self._quiet = self._waited = 0
            return
        if self._breaks_in and self._may_break_in and self._voiced >= self._after:
            self._may_break_in = False
            self._say(next(self._breaks_in))
        elif (self._voiced and self._quiet >= self._enough) or (not self._voiced and self._waited >= self._patience):
            self._say_turn()

    def _say_turn(self) -> None:
        self._say(next(self._turns))
        self._may_break_in = True

    def _say(self, take: Take) -> None:
        """After it the agent must be heard again, and fall silent, before the next turn."""
        self._line.say(take)
        self._voiced = self._quiet = self._waited = 0
        self._patience = PATIENCE


class Impatient:
    """Hangs up as soon as the agent is heard."""

    def __init__(self, line: Phone) -> None:
        self._line = line

    def tick(self) -> None:
        """20 ms have passed."""
        if self._line.hears:
            self._line.is_over = True


def behaviour(manner: Manner, line: Phone, takes: Sequence[Take], seed: int) -> Callable[[], None]:
    """What to call every tick for somebody of this manner; ``seed`` says where in the lists they begin."""

    def some(*kinds: Kind) -> Sequence[Take]:
        found = [take for take in takes if take.kind in kinds]
        start = seed * 3 % len(found)
        return found[start:] + found[:start]

    if manner == "hangs_up":
        return Impatient(line).tick
    if manner == "interrupts":
        return Person(line, some("turn"), breaks_in=some("interruption")).tick
    if manner == "murmurs":
        return Person(line, some("turn"), breaks_in=some("murmur", "noise"), after=30, quiet=LONG_QUIET).tick
    return Person(line, some("pause" if manner == "pauses" else "turn")).tick
