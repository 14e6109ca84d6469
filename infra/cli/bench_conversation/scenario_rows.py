"""The scenarios, three times with each brain: the law always, of the rest nearly all, and the same each time."""

import asyncio
from collections.abc import Callable, Sequence
from functools import cache

from infra.cli.bench_conversation.rows import Note, at_least, at_most, share
from infra.cli.bench_voice.meters import quantile
from infra.cli.evaluate.conversation.play import Cast
from infra.cli.evaluate.conversation.run import Pass, Played, otherwise, play_all
from infra.cli.evaluate.conversation.scenario import OURS, SETS, Scenario, load_scenarios
from infra.cli.evaluate.conversation.wishes import AT_ONCE, LEAST_SHARE, MANNERS
from infra.cli.rows import Row
from voice_node.agents.graph import GraphDecider

LEAST_SCENARIOS = 60
PASSES = 3
LEAST_TURNS_A_MINUTE = 2_000
SLOWEST_SCRIPTED_MS, SLOWEST_MODEL_MS = 100.0, 1_500.0
"""Budgets of a turn: until the first words of its reply are there."""
SCRIPTED = "scripted brain"
LEAST_OWN_WORDS = 0.1
"""A model that words less than this was not really asked."""


def scenario_rows(tell: Callable[[str], None], note: Note) -> list[Row]:
    """Every scenario of the project, with every brain.

    Raises:
        Unavailable: The stand-in for Ollama does not start.
    """
    scenarios = load_scenarios([OURS])
    rows = [at_least("scenarios", len(scenarios), "files", LEAST_SCENARIOS)]
    tell(f"{len(scenarios)} scenarios, {SCRIPTED}")
    passes = asyncio.run(scripted_passes(scenarios))
    turns, seconds = sum(each.turns for each in passes), sum(each.seconds for each in passes)
    rows += rows_of(SCRIPTED, passes, note, budget_ms=SLOWEST_SCRIPTED_MS)
    script = {line for each in passes for line in _lines(each)}
    rows.append(at_least("text mode: turns a minute", 60 * turns / seconds, "turns", LEAST_TURNS_A_MINUTE))
    for manner in MANNERS:
        tell(f"{len(scenarios)} scenarios, ollama, {manner}")
        passes = model_passes(scenarios, manner)
        rows += rows_of(f"ollama, {manner}", passes, note, budget_ms=SLOWEST_MODEL_MS)
        lines = [line for each in passes for line in _lines(each)]
        own = sum(line not in script for line in lines)
        if manner == "sensible":
            rows.append(share(f"ollama, {manner}: lines in the model's own words", own, len(lines), LEAST_OWN_WORDS))
    return rows


def rows_of(brain: str, passes: Sequence[Pass], note: Note, *, budget_ms: float) -> list[Row]:
    """The rows of one brain, and a note for each fault of the first pass."""
    for played in passes[0].played:
        for line in told(played):
            note(f"{brain}: {line}")
    different = otherwise(passes)
    for name in different:
        note(f"{brain}: {'held out' if name in held_out() else name}: not the same each time")
    worst = min(passes, key=lambda each: each.compliance[0])
    least = min(passes, key=lambda each: each.rest[0])
    waits = [1000 * seconds for each in passes for seconds in each.reply_seconds]
    return [
        share(f"{brain}: expectations of the law met", *worst.compliance, 1.0),
        share(f"{brain}: other expectations met", *least.rest, LEAST_SHARE),
        at_most(f"{brain}: scenarios not the same three times", len(different), "scenarios", 0),
        at_most(f"{brain}: first words of a reply, p95", quantile(waits, 0.95) if waits else 9e9, "ms", budget_ms),
    ]


def told(played: Played) -> list[str]:
    """What is wrong with one, line by line; of those that nobody looks into while working, only what it is about."""
    if played.scenario.name in held_out():
        return [f"held out: {'law: ' if fault.is_compliance else ''}{fault.about}" for fault in played.faults]
    name = played.scenario.name
    return [f"{name}: {'law: ' if fault.is_compliance else ''}{fault.text}" for fault in played.faults]


@cache
def held_out() -> frozenset[str]:
    """The names of the half of our own scenarios that is only ever run."""
    return frozenset(scenario.name for scenario in load_scenarios([OURS / SETS[1]]))


async def scripted_passes(scenarios: Sequence[Scenario], count: int = PASSES) -> list[Pass]:
    """Some passes with the script alone; the first turns of a process are the graph's own warming up."""
    cast = Cast(decider=GraphDecider())
    return [await play_all(scenarios, cast) for _ in range(count)]


def model_passes(scenarios: Sequence[Scenario], manner: str) -> list[Pass]:
    """The passes with a stand-in for Ollama of this manner.

    Raises:
        Unavailable: It does not start.
    """
    from infra.cli.evaluate.conversation.brains import ollama_brain, ollama_settings

    async def play() -> list[Pass]:
        async with ollama_brain(settings) as brain:
            cast = Cast(decider=GraphDecider(), brain=brain)
            return [await play_all(scenarios, cast, at_once=AT_ONCE) for _ in range(PASSES)]

    with ollama_settings(manner) as settings:
        return asyncio.run(play())


def _lines(each: Pass) -> list[str]:
    return [line for played in each.played if played.ended is not None for line in played.ended.agent_words]
