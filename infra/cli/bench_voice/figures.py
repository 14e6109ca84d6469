"""Figures of runs as rows, each beside the plain bot and against its bar."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, isfinite

from infra.cli.bench_voice.meters import Answer, answers, quantile
from infra.cli.bench_voice.runs import Measured
from infra.cli.rows import Row

NEVER = 99_999.0
"""Stands for what did not happen: a row is JSON, which knows no infinity."""


@dataclass(frozen=True, kw_only=True)
class Turns:
    """The answers of one run, all calls together."""

    answers: tuple[Answer, ...]

    @classmethod
    def of(cls, measured: Measured, *, kinds: tuple[str, ...] = ("turn",)) -> "Turns":
        """Every take of these kinds and what followed it."""
        found = (answer for track in measured.tracks for answer in answers(track, kinds=kinds))
        return cls(answers=tuple(found))

    def latency(self, share: float) -> float:
        """Milliseconds that ``share`` of the answers stayed at or below; an answer too early has no latency."""
        return quantile((each.latency_ms for each in self.answers if not each.is_cut_off), share)

    @property
    def with_underruns(self) -> float:
        """The share of answers in which sound was missing, in percent; all, when nothing was answered."""
        heard = [each for each in self.answers if isfinite(each.latency_ms)]
        return 100 * sum(each.missing_ms > 0 for each in heard) / len(heard) if heard else 100.0

    @property
    def unanswered(self) -> float:
        """The share of turns that nothing followed, in percent."""
        return self._share(not isfinite(each.latency_ms) for each in self.answers)

    @property
    def cut_offs(self) -> float:
        """The share of turns in which the agent spoke before their end, in percent."""
        return self._share(each.is_cut_off for each in self.answers)

    def _share(self, which: Iterable[bool]) -> float:
        return 100 * sum(which) / len(self.answers) if self.answers else 100.0


def processor_per_minute(measured: Measured) -> float:
    """Processor seconds for a minute of one call."""
    return measured.processor / measured.call_minutes if measured.call_minutes else inf


def memory_per_call(measured: Measured) -> float:
    """Megabytes more than when idle, for each call."""
    return (measured.busy_mb - measured.idle_mb) / measured.crowd.calls


def row(
    name: str,
    value: float,
    unit: str,
    *,
    plain: float | None = None,
    bar: float | None = None,
    share: float | None = None,
) -> Row:
    """A figure of ours. ``plain`` is the plain bot's; the bar is ``bar``, or ``share`` of the plain bot's figure.

    What never happened does not hold, nor does a share of something that the plain bot never did.
    """
    if share is not None:
        bar = share * plain if plain is not None and isfinite(plain) else None
    holds = isfinite(value) and (bar is None or value <= bar) and (share is None or bar is not None)
    ratio = value / plain if plain and isfinite(plain) and isfinite(value) else None
    return Row(
        name=name,
        value=_shown(value),
        unit=unit,
        baseline=None if plain is None else _shown(plain),
        ratio=None if ratio is None else round(ratio, 3),
        bar=None if bar is None else round(bar, 3),
        holds=holds,
    )


def better(*figures: float | None) -> float | None:
    """The least of those that were measured."""
    return min((figure for figure in figures if figure is not None), default=None)


def _shown(value: float) -> float:
    return round(value, 2) if isfinite(value) else NEVER
