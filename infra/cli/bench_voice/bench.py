"""The workplace of the suite: folder, recordings, and how long each part takes."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from infra.cli.bench_voice.delays import Delays
from infra.cli.bench_voice.family import proportional_mb
from infra.cli.bench_voice.runs import Crowd, Measured, run
from infra.cli.bench_voice.systems import Kind, Running, running

LEAST_SECONDS = 6.0
SETTLE_SECONDS = 2.0
WARM_UP = Crowd(calls=1, seconds=7)


@dataclass(kw_only=True)
class Bench:
    """Where the suite works. ``scale`` shortens every run; ``crowds`` are the sizes that are measured."""

    folder: Path
    corpus: Path
    tell: Callable[[str], None]
    scale: float = 1.0
    crowds: Sequence[int] = (1, 5, 10, 20, 40)
    everything: list[Measured] = field(default_factory=list)
    _runs: int = 0

    @contextmanager
    def system(
        self, kind: Kind, delays: Delays, *, has_models: bool = True, is_scripted: bool = False, is_warm: bool = True
    ) -> Iterator[Running]:
        """A system that has had its first call, unless told otherwise."""
        self._runs += 1
        self.tell(f"starting {kind.name}")
        folder = self.folder / f"system-{self._runs}"
        with running(
            kind, folder=folder, corpus=self.corpus, delays=delays, has_models=has_models, is_scripted=is_scripted
        ) as system:
            if is_warm:
                self._run(system, Crowd(calls=kind.places, seconds=WARM_UP.seconds))
                time.sleep(SETTLE_SECONDS)
            yield replace(system, idle_mb=proportional_mb(system.pids))

    def crowd(
        self, system: Running, crowd: Crowd, *, meanwhile: Callable[[float], None] = lambda seconds: None
    ) -> Measured:
        """Have a crowd call, as long as the scale says."""
        shorter = Crowd(
            calls=crowd.calls,
            seconds=max(crowd.seconds * self.scale, LEAST_SECONDS),
            manner=crowd.manner,
            stagger=crowd.stagger,
        )
        plural = "call" if crowd.calls == 1 else "calls"
        self.tell(f"{system.kind.name}: {crowd.calls} {plural}, {crowd.manner.replace('_', ' ')}")
        measured = self._run(system, shorter, meanwhile)
        self.everything.append(measured)
        return measured

    def _run(
        self, system: Running, crowd: Crowd, meanwhile: Callable[[float], None] = lambda seconds: None
    ) -> Measured:
        self._runs += 1
        name = f"run-{self._runs}"
        return run(system, crowd, folder=self.folder, corpus=self.corpus, name=name, meanwhile=meanwhile)
