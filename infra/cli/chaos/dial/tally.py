"""What many worlds came to together, and the rows that tell of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from infra.cli.chaos.dial.findings import Finding, Wrong
from infra.cli.chaos.dial.world import Outcome
from infra.cli.rows import Row

OFTEN = 400
"""A step that was taken so often must have been died at, before and after."""
SHOWN = 3
"""Findings of one kind whose story is told."""


@dataclass
class Tally:
    """Counts over worlds. ``missed_steps`` are steps taken often at which no process ever died."""

    attempts: int = 0
    calls: int = 0
    worlds: int = 0
    wrong: Counter[Wrong] = field(default_factory=Counter)
    stories: list[Finding] = field(default_factory=list)
    reached: Counter[tuple[str, str]] = field(default_factory=Counter)
    crashed: set[tuple[str, str, str]] = field(default_factory=set)
    resolved_after: list[float] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Count a world."""
        self.worlds += 1
        self.attempts += outcome.attempts
        self.calls += outcome.calls
        self.reached.update(outcome.reached)
        self.crashed |= outcome.crashed
        self.resolved_after += outcome.resolved_after
        for finding in outcome.findings:
            self.wrong[finding.wrong] += 1
            if self.wrong[finding.wrong] <= SHOWN:
                self.stories.append(finding)

    @property
    def missed_steps(self) -> list[str]:
        """Steps at which nobody died although there was every occasion."""
        return sorted(
            f"{when} {function}: {label}"
            for (function, label), times in self.reached.items()
            for when in ("before", "after")
            if times >= OFTEN and (function, label, when) not in self.crashed
        )

    def rows(self, where: str, *, at_least: int) -> Sequence[Row]:
        """One row per thing that may never happen, and those that say how hard it was tried."""
        missed, slowest = self.missed_steps, sorted(self.resolved_after)
        p99 = slowest[int(len(slowest) * 0.99)] if slowest else 0.0
        steps = len({(function, label) for function, label, _ in self.crashed})
        named = f": {', '.join(missed[:3])}" if missed else ""
        return [
            Row(
                name=f"{where}: attempts with faults",
                value=self.attempts,
                unit="attempts",
                bar=at_least,
                holds=self.attempts >= at_least,
            ),
            *(
                Row(
                    name=f"{where}: {wrong.value}",
                    value=self.wrong[wrong],
                    unit="found",
                    bar=0,
                    holds=not self.wrong[wrong],
                )
                for wrong in Wrong
            ),
            Row(name=f"{where}: steps at which a process died", value=steps, unit="steps", holds=steps > 0),
            Row(
                name=f"{where}: steps at which none died{named}",
                value=len(missed),
                unit="steps",
                bar=0,
                holds=not missed,
            ),
            Row(
                name=f"{where}: resolved after the carrier's last fact, p99, faults going on",
                value=round(p99, 1),
                unit="s",
                bar=RESOLVED_WITHIN,
                holds=p99 <= RESOLVED_WITHIN,
            ),
        ]


RESOLVED_WITHIN = 300.0
