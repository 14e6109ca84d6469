"""Calls that go on in another process, what it costs a turn to make that possible, and that no word changes by it."""

import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import SecretStr

from infra.cli.bench_conversation.lone_call import Calendar, LoneCall, LoneClock, lone_brief
from infra.cli.bench_conversation.restored_calls import KilledCalls, different, every_trial
from infra.cli.bench_conversation.talks import MOST_TURNS, TALKS, Talk
from infra.cli.bench_voice.meters import quantile
from infra.cli.rows import Row
from infra.local.passing import passing_redis
from shared.adapters.redis.connect import make_bytes_redis
from shared.adapters.redis.saved_calls import RedisSavedCalls
from shared.conversation import SpokenTurn
from voice_node.agents.driver import Decider
from voice_node.agents.graph import GraphDecider, decide_plainly
from voice_node.agents.memory import NOTHING, Memories, NoMemories
from voice_node.agents.remembering import remember

TURN_BAR_MS = 10.0
ROUNDS = 5
WARM_UP = 1
TIMES = 3
"""How often each turn is taken each way; the time in the middle counts, for the machine does other things, too."""
SECRET = SecretStr("what all nodes of the measurement share")
Tell = Callable[[str], None]


async def checkpoint_rows(tell: Tell) -> list[Row]:
    """Every row, over a real Redis."""
    with tempfile.TemporaryDirectory(prefix="reauto-calls-") as place, passing_redis(Path(place)) as redis:
        folder = Path(place)
        restored = await _restored(KilledCalls(redis_url=redis.url(), folder=folder), tell)
        tell("a turn with the graph and its checkpoint, and without")
        overhead = await _overhead(redis.url(), folder)
        tell("the same words with the graph and without")
        same = await _same_words(folder)
    return [
        *restored,
        Row(
            name="checkpoint: a turn's graph with its checkpoint, p95",
            value=round(overhead, 2),
            unit="ms",
            bar=TURN_BAR_MS,
            holds=overhead <= TURN_BAR_MS,
        ),
        _share("checkpoint: talks with the same words without the graph", same),
    ]


async def _restored(calls: KilledCalls, tell: Tell) -> list[Row]:
    """Every talk killed after every turn, in processes of its own, and gone on with by another."""
    whole = {talk.name: await calls.unbroken(talk) for talk in TALKS}
    trials = every_trial({name: call.driver.state.turn for name, call in whole.items()}, TALKS)
    sensible, equal = [], []
    for number, trial in enumerate(trials, start=1):
        tell(f"calls killed and gone on with: {number} of {len(trials)}")
        went_on, ended = await asyncio.to_thread(calls.tried, trial)
        sensible.append(not went_on)
        equal.append(not different(ended, whole[trial.talk.name]))
    return [
        _share("checkpoint: killed calls that go on sensibly and ask nothing again", sensible),
        _share("checkpoint: killed calls that end as the unbroken call does", equal),
    ]


async def _overhead(redis_url: str, folder: Path) -> float:
    """How much longer a turn takes, p95 in milliseconds, over what it takes without graph and memory."""
    redis = make_bytes_redis(redis_url)
    remembering = remember(
        RedisSavedCalls(redis),
        folder=folder / "measured",
        worker="w1",
        secret=SECRET,
        clock=LoneClock(),
        close=redis.aclose,
    )
    work = [asyncio.create_task(each) for each in remembering.work().values()]
    extra: list[float] = []
    decider = GraphDecider()
    try:
        for number in range(ROUNDS):
            for talk in TALKS:
                with_graph = await _in_the_middle(talk, decider, remembering.memories, folder)
                without = await _in_the_middle(talk, decide_plainly, NoMemories(), folder)
                if number >= WARM_UP:
                    extra += [mine - plain for mine, plain in zip(with_graph, without, strict=True)]
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        await remembering.close()
    return quantile(extra, 0.95)


async def _in_the_middle(talk: Talk, decider: Decider, memories: Memories, folder: Path) -> list[float]:
    """Turn by turn the milliseconds that are in the middle of several calls."""
    calls = [await _timed(talk, decider, memories, folder) for _ in range(TIMES)]
    return [sorted(took)[TIMES // 2] for took in zip(*calls, strict=True)]


async def _timed(talk: Talk, decider: Decider, memories: Memories, folder: Path) -> list[float]:
    """The milliseconds from the caller's words to the last move, turn by turn."""
    name = f"timed{time.monotonic_ns()}"
    brief = lone_brief(talk.script, name)
    turns: list[SpokenTurn] = []
    memory, calendar = await memories.begin(brief, lambda: turns), Calendar(file=folder / f"{name}.calendar")
    call = LoneCall(brief=brief, decider=decider, calendar=calendar, memory=memory, turns=turns)
    await call.open()
    took = []
    for turn in range(MOST_TURNS):
        if call.is_over:
            break
        text = talk.says(call.driver.state.pending, turn)
        began = time.perf_counter()
        moves = [move async for move in call.driver.heard(text)]
        took.append(1000 * (time.perf_counter() - began))
        await call.speak(moves, text)
        await asyncio.sleep(0)
    return took


async def _same_words(folder: Path) -> list[bool]:
    """For each talk whether every word is the same."""
    return [await _words(talk, GraphDecider(), folder) == await _words(talk, decide_plainly, folder) for talk in TALKS]


async def _words(talk: Talk, decider: Decider, folder: Path) -> list[list[str]]:
    calendar = Calendar(file=folder / f"words{time.monotonic_ns()}.calendar")
    call = LoneCall(brief=lone_brief(talk.script, "words"), decider=decider, calendar=calendar, memory=NOTHING)
    return [await call.open(), *await call.go_on(talk)]


def _share(name: str, held: Sequence[bool]) -> Row:
    percent = 100 * sum(held) / len(held) if held else 0.0
    return Row(name=name, value=round(percent, 2), unit="%", bar=100.0, holds=percent >= 100.0)
