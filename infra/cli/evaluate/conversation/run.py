"""Play scenarios, several at once where a brain makes them wait, and hold passes against each other."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from infra.cli.evaluate.conversation.ending import Ended
from infra.cli.evaluate.conversation.judge import Checks, Fault, judge
from infra.cli.evaluate.conversation.play import Cast, play
from infra.cli.evaluate.conversation.scenario import Scenario

BROKE = "the call"
Tell = Callable[[int], None]


def untold(played: int) -> None:
    """Nobody asks how many are done."""


@dataclass(frozen=True, kw_only=True)
class Played:
    """A scenario that was played and judged; ``ended`` is ``None`` where the call broke."""

    scenario: Scenario
    checks: Checks
    ended: Ended | None = None

    @property
    def faults(self) -> Sequence[Fault]:
        """What was otherwise than expected."""
        return self.checks.faults

    def outcome(self) -> tuple[object, ...]:
        """What must be the same each time: how it ended and what is wrong about it, whatever the words were."""
        if self.ended is None:
            return (self.checks.faults,)
        report = self.ended.report
        facts = tuple((fact.field, str(fact.value)) for fact in report.facts)
        faults = tuple((fault.about, fault.is_compliance) for fault in self.faults)
        return (self.ended.disposition, self.ended.appointment, report.callback_at, facts, faults)


@dataclass(frozen=True, kw_only=True)
class Pass:
    """All scenarios played once. ``seconds`` is how long that took."""

    played: tuple[Played, ...]
    seconds: float

    @property
    def compliance(self) -> tuple[int, int]:
        """How many expectations of the law were met, of how many."""
        all_of_them = sum(each.checks.compliance for each in self.played)
        return all_of_them - sum(each.checks.broken_compliance for each in self.played), all_of_them

    @property
    def rest(self) -> tuple[int, int]:
        """How many of the other expectations were met, of how many."""
        all_of_them = sum(each.checks.rest for each in self.played)
        return all_of_them - sum(each.checks.broken_rest for each in self.played), all_of_them

    @property
    def whole(self) -> int:
        """How many scenarios met every expectation."""
        return sum(not each.faults for each in self.played)

    @property
    def turns(self) -> int:
        """How many turns of people there were."""
        return sum(each.ended.turns for each in self.played if each.ended is not None)

    @property
    def reply_seconds(self) -> list[float]:
        """How long the first words of each reply took."""
        return [seconds for each in self.played if each.ended is not None for seconds in each.ended.seconds]


async def play_all(scenarios: Sequence[Scenario], cast: Cast, *, at_once: int = 1, tell: Tell = untold) -> Pass:
    """Play and judge each scenario; one whose call breaks has that for a fault."""
    room, done, began = asyncio.Semaphore(at_once), 0, time.perf_counter()

    async def one(scenario: Scenario) -> Ended:
        nonlocal done
        async with room:
            try:
                return await play(scenario, cast)
            finally:
                done += 1
                tell(done)

    calls = await asyncio.gather(*(one(scenario) for scenario in scenarios), return_exceptions=True)
    played = tuple(_judged(scenario, call) for scenario, call in zip(scenarios, calls, strict=True))
    return Pass(played=played, seconds=time.perf_counter() - began)


def _judged(scenario: Scenario, call: Ended | BaseException) -> Played:
    if isinstance(call, Ended):
        return Played(scenario=scenario, checks=judge(scenario, call), ended=call)
    if not isinstance(call, Exception):
        raise call
    broke = Fault(about=BROKE, text=f"broke: {type(call).__name__}: {call}", is_compliance=True)
    lost = tuple(Fault(about=item, text="the call broke", is_compliance=True) for item in scenario.expected.compliance)
    return Played(scenario=scenario, checks=Checks(compliance=1 + len(lost), rest=1, faults=(broke, *lost)))


def otherwise(passes: Sequence[Pass]) -> list[str]:
    """The names of the scenarios that did not go the same each time."""
    first, *others = passes
    return [
        played.scenario.name
        for place, played in enumerate(first.played)
        if any(other.played[place].outcome() != played.outcome() for other in others)
    ]
