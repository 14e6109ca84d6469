"""Ten thousand calls with people who make no sense: each must end, once, with one meaning."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from multiprocessing import get_context
from random import Random

from infra.cli.bench_conversation.random_person import RandomPerson
from infra.cli.bench_conversation.rows import Note, at_least, at_most
from infra.cli.evaluate.conversation.ending import Ended, ended
from infra.cli.evaluate.conversation.minutes import TalkClock
from infra.cli.evaluate.conversation.play import Cast, put_together, talk
from infra.cli.evaluate.conversation.scenario import (
    NOON_OF_A_TUESDAY,
    CallPart,
    Expected,
    PersonPart,
    Scenario,
    WorldPart,
)
from infra.cli.evaluate.conversation.scene import brief_of
from infra.cli.rows import Row
from shared.conversation.script import script_names
from shared.outcomes import Disposition
from voice_node.agents.graph import GraphDecider

TALKS = 10_000
CHUNK = 250
PROCESSES = 2
MOST_TURNS = 32
"""The thirty that the conversation allows, the greeting, and the one that is answered by its end."""
MOST_THE_SAME = 5
"""So often in a row may the agent say the same; more is a loop."""
NAME = "random talks"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong with one talk."""

    seed: int
    kind: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """Some talks, what was wrong with them, and how many turns people took."""

    talks: int
    turns: int
    faults: tuple[Fault, ...]


def random_rows(tell: Callable[[str], None], note: Note, *, talks: int = TALKS) -> list[Row]:
    """Hold the talks on both processors, and say what became of them."""
    began, done = time.perf_counter(), list[Chunk]()
    starts = range(0, talks, CHUNK)
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        chunks = [pool.submit(hold, start, min(CHUNK, talks - start)) for start in starts]
        for chunk in as_completed(chunks):
            done.append(chunk.result())
            tell(f"{sum(each.talks for each in done):,} of {talks:,} random talks")
    seconds = time.perf_counter() - began
    faults = [fault for chunk in done for fault in chunk.faults]
    for fault in faults:
        note(f"{NAME}: seed {fault.seed}: {fault.kind}: {fault.text}")
    turns = sum(chunk.turns for chunk in done)
    return [
        at_least(f"{NAME}: held", sum(chunk.talks for chunk in done), "talks", talks),
        *(at_most(f"{NAME}: {kind}", sum(fault.kind == kind for fault in faults), "talks", 0) for kind in KINDS),
        Row(name=f"{NAME}: turns a minute", value=round(60 * turns / seconds), unit="turns"),
    ]


CRASHED, ENDLESS, LOOPED, UNTOLD = "crashed", "not over within the turn limit", "looped", "without one disposition"
KINDS = (CRASHED, ENDLESS, LOOPED, UNTOLD)


def hold(first_seed: int, count: int) -> Chunk:
    """Some talks in this process, one after the other."""
    return asyncio.run(_hold(range(first_seed, first_seed + count)))


async def _hold(seeds: Sequence[int]) -> Chunk:
    cast = Cast(decider=GraphDecider())
    turns, faults = 0, list[Fault]()
    for seed in seeds:
        [call] = await asyncio.gather(one_talk(seed, cast), return_exceptions=True)
        if isinstance(call, Ended):
            turns += call.turns
            faults += [Fault(seed=seed, kind=kind, text=text) for kind, text in wrong_with(call)]
        elif isinstance(call, Exception):
            faults.append(Fault(seed=seed, kind=CRASHED, text=f"{type(call).__name__}: {call}"))
        else:
            raise call
    return Chunk(talks=len(seeds), turns=turns, faults=tuple(faults))


async def one_talk(seed: int, cast: Cast) -> Ended:
    """The talk with that seed: always the same person in the same call."""
    scenario = scene_of(seed)
    call = put_together(
        brief_of(scenario), cast, part=scenario.world, clock=TalkClock(scenario.on_clock(scenario.call.now))
    )
    await talk(call, RandomPerson(seed))
    return ended(call)


def scene_of(seed: int) -> Scenario:
    """The call in which it takes place: any script, direction, time and mishap."""
    chance = Random(seed)
    now = NOON_OF_A_TUESDAY + timedelta(hours=chance.randint(-3, 200))
    booked = (now + timedelta(days=3)).replace(hour=10, minute=0) if chance.random() < 0.1 else None
    call = CallPart(
        direction="inbound" if chance.random() < 0.2 else "outbound",
        first_name="" if chance.random() < 0.05 else "Alex",
        asked_days_ago=chance.choice((None, 0, 1, 30)),
        timezone=chance.choice(("America/New_York", "America/Phoenix", "America/Los_Angeles", "Pacific/Honolulu")),
        now=now,
        booked=booked,
        transfer=chance.random() < 0.2,
        recorded=chance.random() < 0.5,
        earlier={"timeline": "1_3m", "agent_status": "none"} if chance.random() < 0.1 else {},
    )
    mishap = WorldPart(
        first_slot_is_taken=chance.random() < 0.1,
        booking_is_down=chance.random() < 0.1,
        opt_out_is_down=chance.random() < 0.1,
    )
    return Scenario(
        version=1, name=f"random {seed}", script=chance.choice(script_names()), call=call, person=PersonPart(),
        world=mishap, expected=Expected(disposition=Disposition.NOT_QUALIFIED),
    )  # fmt: skip


def wrong_with(call: Ended) -> Iterator[tuple[str, str]]:
    """What is wrong with a talk that is over, by kind."""
    if call.is_endless or call.turns > MOST_TURNS:
        yield ENDLESS, f"{call.turns} turns"
    replies = [text for turn, text in replies_of(call)]
    longest, text = max(((len(list(same)), text) for text, same in groupby(replies)), default=(0, ""))
    if longest > MOST_THE_SAME:
        yield LOOPED, f"{longest} times: {text!r}"
    if call.disposition is Disposition.FAILED_TECHNICAL:
        yield UNTOLD, f"ended by {call.report.ended_by} ({call.report.end_reason}), heard {call.report.heard}"


def replies_of(call: Ended) -> Iterator[tuple[int, str]]:
    """What the agent said between two turns of the person, silences being turns here."""
    number, said = 0, list[str]()
    for each in call.happenings:
        if each.who == "agent":
            said.append(each.text)
        elif each.who == "person":
            yield number, " ".join(said)
            number, said = number + 1, []
    yield number, " ".join(said)
