"""One simulated world: built from a seed, lived through with faults, then without until everything has settled."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from infra.cli.chaos.dial.carrier import ModelCarrier
from infra.cli.chaos.dial.checks import Checks
from infra.cli.chaos.dial.doors import CONSUMERS, Doors, Handle
from infra.cli.chaos.dial.faults import CALM, ROUGH, Dice, Faults
from infra.cli.chaos.dial.findings import Finding, Findings
from infra.cli.chaos.dial.furnish import furnish, some_workers
from infra.cli.chaos.dial.hazard import Hazard
from infra.cli.chaos.dial.judge import Judge
from infra.cli.chaos.dial.lines import Lines
from infra.cli.chaos.dial.meddler import EVERY_SECONDS, Meddler, learn
from infra.cli.chaos.dial.node import ModelNode
from infra.cli.chaos.dial.parts import ListeningStore, Parts, memory_parts
from infra.cli.chaos.dial.room import SimulatedRoom
from infra.cli.chaos.dial.schedules import SCHEDULES
from infra.cli.chaos.dial.society import Ids, Society, make_society
from infra.cli.chaos.dial.timeline import Timeline
from infra.cli.chaos.dial.wiring import SECRET, ModelNumbers, Outside, Wiring, wired
from shared.adapters.memory.pace import MemoryAccountBreaker, MemoryPacer
from shared.calls.horizons import Horizons
from shared.campaigns import Campaign
from shared.campaigns.time_limit import lasting
from shared.conversation import CallReport
from shared.costs.price_table import price_table
from shared.costs.pricing import worst_case
from shared.kernel.money import Money

SETTLES_WITHIN = timedelta(minutes=40)
CALLS_A_SECOND = 5
DIAL_EVERY = timedelta(seconds=0.25)
"""Below the pace that the carrier allows the account."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How big a world is, and how rough; ``meddles`` are the seconds between two doings of its meddler."""

    seed: str
    people: int = 200
    lasts: timedelta = timedelta(hours=27)
    faults: Faults = ROUGH
    meddles: tuple[float, float] = EVERY_SECONDS


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a world."""

    seed: str
    attempts: int
    calls: int
    visits: int
    findings: tuple[Finding, ...]
    reached: frozenset[tuple[str, str]]
    crashed: frozenset[tuple[str, str, str]]
    resolved_after: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Spoiled:
    """What a planted bug may exchange before the world begins."""

    parts: Parts
    outside: Outside
    consumers: Mapping[str, Handle]


Spoil = Callable[["World", Spoiled], Spoiled]


def _as_it_is(_world: "World", whole: Spoiled) -> Spoiled:
    return whole


@dataclass(kw_only=True)
class World:
    """Everything of one world. ``books`` makes its parts from a memory or a database; ``spoil`` plants a bug."""

    plan: Plan
    books: Callable[[ListeningStore], Parts] = memory_parts
    spoil: Spoil = _as_it_is
    store: ListeningStore = field(default_factory=ListeningStore)
    people: Callable[[Dice, int], Society] = make_society

    def __post_init__(self) -> None:
        self.findings = Findings(self.plan.seed)
        self.society = self.people(self._dice("society", CALM), self.plan.people)
        self.timeline = Timeline(self.society.start)
        self.hazard = Hazard(self._dice("hazard"), self.timeline)
        self.parts = self.books(self.store)
        self.room = SimulatedRoom(some_workers(self._dice("room")), self.timeline)
        self.judge = Judge(
            self.society,
            self.findings,
            attempt=self.parts.calls.get,
            reservation=self.parts.costs.reservation,
            worst_case=lambda campaign_id, limit: self.worst_case(lasting(self.society.campaign(campaign_id), limit)),
        )
        self.carrier = ModelCarrier(
            self._dice("carrier"), self.timeline, self.judge, self.findings, most_a_second=CALLS_A_SECOND
        )
        self.checks = Checks(self.parts, self.society, self.carrier, self.room, self.timeline, self.findings)
        self.hazard.saw = self.checks.saw
        numbers = ModelNumbers(society=self.society, dice=self._dice("numbers"), timeline=self.timeline)
        outside = Outside(
            telephony=self.carrier,
            lookup=self.carrier,
            bills=self.carrier,
            room=self.room,
            pacer=MemoryPacer(self.timeline.now, every=DIAL_EVERY),
            breaker=MemoryAccountBreaker(self.timeline.now, after=5, open_for=timedelta(seconds=30)),
            horizons=Horizons(dial_every=DIAL_EVERY),
            numbers=numbers,
        )
        spoiled = self.spoil(self, Spoiled(parts=self.parts, outside=outside, consumers=CONSUMERS))
        ids = Ids(self._dice("ids", CALM))
        self.wiring = wired(spoiled.parts, spoiled.outside, hazard=self.hazard, timeline=self.timeline, ids=ids)
        self.doors = self._doors(self.wiring, spoiled.consumers)
        self.node = self._node()
        self.carrier.life = self._lines()

    def live(self) -> Outcome:
        """From the first moment to the last word on every attempt."""
        end = self.society.start + self.plan.lasts
        self.begin()
        meddler = Meddler(
            self.parts,
            self.society,
            self.timeline,
            self._dice("meddler", CALM),
            self.node,
            every_seconds=self.plan.meddles,
        )
        meddler.begin()
        self.checks.begin(end + SETTLES_WITHIN)
        for name, (handle, seconds) in SCHEDULES.items():
            self._tick(name, handle, seconds)
        self.timeline.run_until(end)
        for dice in self._all:
            dice.faults = CALM
        meddler.stop_everything()
        self._collect()
        self.timeline.run_until(end + SETTLES_WITHIN)
        self.checks.at_the_end()
        return Outcome(
            seed=self.plan.seed,
            attempts=self.checks.attempts,
            calls=len(self.carrier.calls),
            visits=self.doors.handled,
            findings=tuple(self.findings.all),
            reached=frozenset(self.hazard.reached),
            crashed=frozenset(self.hazard.crashed),
            resolved_after=tuple(self.checks.resolved_after.values()),
        )

    def begin(self) -> None:
        """Put everything in its place; from now on messages are delivered."""
        random.seed(self.plan.seed)  # the scatter of dials that found no room
        self.store.written = self.doors.put
        furnish(self.parts, self.society, self._dice("money", CALM), worst_case=self.worst_case)

    def worst_case(self, campaign: Campaign) -> Money:
        """What the longest call of a campaign costs."""
        return worst_case(campaign.time_limit, price_table(), on=self.timeline.now().date())

    def _dice(self, what: str, faults: Faults | None = None) -> Dice:
        dice = Dice(f"{self.plan.seed}/{what}", self.plan.faults if faults is None else faults)
        self._all = [*getattr(self, "_all", []), dice]
        return dice

    def _doors(self, wiring: Wiring, consumers: Mapping[str, Handle]) -> Doors:
        return Doors(
            wiring=wiring,
            dice=self._dice("doors"),
            timeline=self.timeline,
            hazard=self.hazard,
            findings=self.findings,
            consumers=consumers,
            visited=self._visited,
        )

    def _node(self) -> ModelNode:
        return ModelNode(
            dice=self._dice("node"),
            timeline=self.timeline,
            room=self.room,
            findings=self.findings,
            secret=SECRET,
            hears=lambda report, phone: learn(self.society, report, phone),
            report=self._spooled,
        )

    def _lines(self) -> Lines:
        return Lines(
            dice=self._dice("lines"),
            timeline=self.timeline,
            doors=self.doors,
            judge=self.judge,
            society=self.society,
            node=self.node,
            findings=self.findings,
            last_fact=self.carrier.last_fact,
        )

    def _spooled(self, report: CallReport) -> None:
        """The node's spool reaches the cloud."""
        self.parts.reports.add(report)
        self._collect()

    def _visited(self) -> None:
        self._collect()
        self.checks.now_and_then()

    def _collect(self) -> None:
        for message in self.parts.collect():
            self.doors.put(message)

    def _tick(self, name: str, handle: Handle, seconds: float) -> None:
        dice = self._dice(name)

        def tick() -> None:
            if dice.happens(dice.faults.tick_twice):  # a schedule fires at least once
                self.timeline.after(0.2, lambda: self.doors.tick(name, handle))
            if not dice.happens(dice.faults.tick_skipped):
                self.doors.tick(name, handle)
            self.timeline.after(seconds, tick)

        self.timeline.after(seconds / 10, tick)
