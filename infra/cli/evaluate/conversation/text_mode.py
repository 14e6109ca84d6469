"""Text mode: play, judge, compare, and say what did not hold."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import click
import ollama
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from infra.cli.evaluate.conversation.compare import as_json, print_comparison
from infra.cli.evaluate.conversation.play import Cast
from infra.cli.evaluate.conversation.run import Pass, otherwise, play_all
from infra.cli.evaluate.conversation.scenario import BrokenScenario, Scenario, load_scenarios
from infra.cli.evaluate.conversation.screen import print_passes
from infra.cli.evaluate.conversation.second_opinion import opinions
from infra.cli.evaluate.conversation.versions import read_version
from infra.cli.evaluate.conversation.wishes import AT_ONCE, LEAST_SHARE, Wishes
from shared.kernel.errors import Unavailable
from shared.settings import read
from voice_node.agents.graph import GraphDecider


async def evaluate_text(wishes: Wishes, console: Console) -> list[str]:
    """Play what was asked for; returns what did not hold, in a word or two each.

    Raises:
        BrokenScenario: A scenario cannot be read, or none has such a name.
        Unavailable: The language model is not there.
    """
    scenarios = chosen(wishes)
    if wishes.compare is not None:
        return await _compare(wishes, scenarios, console)
    async with _cast(wishes) as (cast, at_once):
        passes = await _passes(scenarios, cast, wishes, console, at_once=at_once)
    print_passes(passes, console, shows_all=wishes.shows_all)
    opinion = await _second_opinions(wishes, passes[0], console)
    if wishes.as_json:
        click.echo(json.dumps({"passes": [pass_as_json(each) for each in passes], "opinions": opinion}, indent=2))
    return found_wanting(passes)


def chosen(wishes: Wishes) -> tuple[Scenario, ...]:
    """The scenarios that are to be played.

    Raises:
        BrokenScenario: One cannot be read, or none has such a name.
    """
    scenarios = load_scenarios(wishes.places)
    wanted = [name.lower() for name in wishes.names]
    found = tuple(each for each in scenarios if not wanted or any(name in each.name.lower() for name in wanted))
    if not found:
        raise BrokenScenario(f"no scenario is called {' or '.join(map(repr, wishes.names))}")
    return found


def found_wanting(passes: Sequence[Pass]) -> list[str]:
    """What did not hold: the law, the rest, or that all passes go the same."""
    wanting = []
    if any(met < of for met, of in (each.compliance for each in passes)):
        wanting.append("expectations of the law")
    if any(met < LEAST_SHARE * of for met, of in (each.rest for each in passes)):
        wanting.append(f"{LEAST_SHARE:.0%} of the rest")
    return [*wanting, "the same each time"] if otherwise(passes) else wanting


@asynccontextmanager
async def _cast(wishes: Wishes) -> AsyncIterator[tuple[Cast, int]]:
    """Who talks for us, and how many calls at once."""
    if wishes.brain == "scripted":
        yield Cast(decider=GraphDecider()), 1
        return
    from infra.cli.evaluate.conversation.brains import ollama_brain, ollama_settings  # nobody else needs a server

    with ollama_settings(wishes.manner) as settings:
        async with ollama_brain(settings) as brain:
            yield Cast(decider=GraphDecider(), brain=brain), AT_ONCE


async def _passes(
    scenarios: Sequence[Scenario], cast: Cast, wishes: Wishes, console: Console, *, at_once: int
) -> list[Pass]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    passes: list[Pass] = []
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("playing", total=len(scenarios) * wishes.passes)
        for _ in range(wishes.passes):
            passes.append(await play_all(scenarios, cast, at_once=at_once, tell=lambda _: progress.advance(task)))
    return passes


async def _compare(wishes: Wishes, scenarios: Sequence[Scenario], console: Console) -> list[str]:
    assert wishes.compare is not None
    found = []
    async with _cast(wishes) as (cast, at_once):
        for name in wishes.compare:
            spoken = replace(cast, version=read_version(name))
            found += await _passes(scenarios, spoken, wishes, console, at_once=at_once)
    first, second = found[0], found[-1]
    print_comparison(wishes.compare, (first, second), console)
    if wishes.as_json:
        click.echo(json.dumps(as_json(*wishes.compare, (first, second)), indent=2))
    return []


async def _second_opinions(wishes: Wishes, played: Pass, console: Console) -> dict[str, object]:
    """What the configured Ollama thinks, printed; the rules alone decide."""
    if not wishes.has_judge:
        return {}
    from shared.brain_settings import BrainSettings

    settings = read(BrainSettings)
    if not settings.servers:
        raise Unavailable("--judge asks the Ollama of OLLAMA_URL, which is not set")
    found = await opinions(played.played, ollama.AsyncClient(host=settings.servers[0]), model=settings.model)
    for name, opinion in found.items():
        told = f"{opinion.naturalness} of 5: {opinion.why}" if opinion else "no opinion"
        console.print(f"{name}: {told}", markup=False, highlight=False)
    return {name: opinion.model_dump() if opinion else None for name, opinion in found.items()}


def pass_as_json(each: Pass) -> dict[str, object]:
    """A pass as data."""
    return {
        "compliance": each.compliance,
        "rest": each.rest,
        "whole": each.whole,
        "turns": each.turns,
        "seconds": round(each.seconds, 3),
        "scenarios": [
            {
                "name": played.scenario.name,
                "disposition": played.ended.disposition if played.ended else None,
                "turns": played.ended.turns if played.ended else None,
                "faults": [vars(fault) for fault in played.faults],
                "words": [f"{each.who}: {each.text}" for each in played.ended.happenings] if played.ended else [],
            }
            for played in each.played
        ],
    }
