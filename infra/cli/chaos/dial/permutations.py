"""Every order of a call's five callbacks, with duplicates: one final row."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from itertools import permutations
from random import Random

from infra.cli.chaos.dial.crowd import Silence, crowd
from infra.cli.chaos.dial.faults import CALM
from infra.cli.chaos.dial.parts import ListeningStore, Parts, memory_parts
from infra.cli.chaos.dial.schedules import SCHEDULES
from infra.cli.chaos.dial.world import Plan, World
from infra.cli.rows import Row
from shared.adapters.memory import MemoryCapacity
from shared.adapters.memory.pace import MemoryPacer
from shared.calls import AttemptState, CallAttempt
from shared.calls.ports import Lease

SPARE = 40
"""Some people gave no consent and are not rung."""
EVENTS: Sequence[tuple[str, dict[str, str]]] = (
    ("status", {"CallStatus": "initiated"}),
    ("status", {"CallStatus": "ringing"}),
    ("status", {"CallStatus": "in-progress"}),
    ("amd", {"AnsweredBy": "human"}),
    ("status", {"CallStatus": "completed", "CallDuration": "42", "SipResponseCode": "200"}),
)
"""In the order in which they happen, a second apart."""
TOLD = (
    "state",
    "answered_at",
    "streamed_at",
    "ended_at",
    "answered_by",
    "provider_result",
    "sip_code",
    "duration_seconds",
    "end_reason",
    "recoveries",
)
"""What callbacks decide about an attempt."""


def orders(seed: int) -> Sequence[Sequence[int]]:
    """All 120 orders of the five events, each event once more somewhere behind its first coming."""
    chance, found = Random(seed), []
    for order in permutations(range(len(EVENTS))):
        twice = list(order)
        for event in order:
            twice.insert(chance.randint(twice.index(event) + 1, len(twice)), event)
        found.append(twice)
    return found


def final_rows(seed: int, *, books: Callable[[ListeningStore], Parts] = memory_parts) -> tuple[int, set[object]]:
    """How many calls there were, and the different ends they came to: one call for each order."""
    many = orders(seed)
    world = _placed(seed, len(many), books)
    attempts = [each for lead in world.society.leads for each in world.parts.calls.of_lead(lead.id)]
    placed = [each for each in attempts if each.state in (AttemptState.PLACED, AttemptState.RINGING)]
    ends: set[object] = set()
    for attempt, order in zip(placed, many, strict=False):
        for event in order:
            _tell(world, attempt, event)
        final = world.parts.calls.get(attempt.id)
        ends.add(tuple(getattr(final, name) for name in TOLD))
    return min(len(placed), len(many)), ends


def permutation_rows(
    seed: int, *, where: str = "memory", books: Callable[[ListeningStore], Parts] = memory_parts
) -> Sequence[Row]:
    """One row: a single end for all orders, which is the call's."""
    calls, ends = final_rows(seed, books=books)
    return [
        Row(
            name=f"{where}: final rows of {calls} orders of five callbacks, each doubled",
            value=len(ends),
            unit="rows",
            bar=1,
            holds=calls == len(orders(seed)) and len(ends) == 1,
        )
    ]


def _placed(seed: int, people: int, books: Callable[[ListeningStore], Parts]) -> World:
    """A world in which so many people are rung, and the carrier waits for us to say what happens."""
    lease = Lease(worker="w1", epoch="e1", url="ws://node:9", slots=2 * people, live=0, ready=True)
    world = World(
        plan=Plan(seed=f"{seed}/orders", people=people + SPARE, faults=CALM),
        books=books,
        people=crowd(campaigns=1),
        spoil=lambda world, whole: replace(
            whole,
            outside=replace(whole.outside, room=MemoryCapacity(lease), pacer=MemoryPacer(world.timeline.now)),
        ),
    )
    world.carrier.life = Silence()
    world.begin()
    world.doors.tick("tick", SCHEDULES["tick"][0])
    world.timeline.run_until(world.society.start + timedelta(seconds=80))
    return world


def _tell(world: World, attempt: CallAttempt, event: int) -> None:
    kind, fields = EVENTS[event]
    at = world.society.start + timedelta(seconds=300 + event)
    sid = attempt.provider_sid or ""
    form = {"CallSid": sid, "SequenceNumber": str(event), "Timestamp": format_datetime(at), **fields}
    world.doors.tell(kind, attempt.id, form)
    world.doors.take_now("status", {"attempt_id": attempt.id})
