"""The parts of the suite, each loaded when its turn comes: some take seconds to import."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from infra.cli.bench_conversation.rows import Note
from infra.cli.rows import Row

Tell = Callable[[str], None]


def _understanding(tell: Tell, note: Note) -> Sequence[Row]:
    from infra.cli.evaluate.understanding import understanding_rows

    return understanding_rows(tell)


def _optout(tell: Tell, note: Note) -> Sequence[Row]:
    from infra.cli.evaluate.optout import optout_rows

    return optout_rows(tell)


def _scenarios(tell: Tell, note: Note) -> Sequence[Row]:
    from infra.cli.bench_conversation.scenario_rows import scenario_rows

    return scenario_rows(tell, note)


def _graph(tell: Tell, note: Note) -> Sequence[Row]:
    from infra.cli.bench_conversation.graph_rows import graph_rows

    return graph_rows(tell, note)


def _guards(tell: Tell, note: Note) -> Sequence[Row]:
    from infra.cli.bench_conversation.guard_rows import guard_rows

    return guard_rows(tell, note)


def _restored(tell: Tell, note: Note) -> Sequence[Row]:
    from infra.cli.bench_conversation.checkpoint_rows import checkpoint_rows

    return asyncio.run(checkpoint_rows(tell))


def _brain(tell: Tell, note: Note) -> Sequence[Row]:
    from infra.cli.bench_conversation.brain_rows import brain_rows

    return asyncio.run(brain_rows(tell))


def _cache(tell: Tell, note: Note) -> Sequence[Row]:
    from infra.cli.bench_conversation.cache_rows import cache_rows

    return asyncio.run(cache_rows(tell))


def _prompts(tell: Tell, note: Note) -> Sequence[Row]:
    from infra.cli.bench_conversation.cache_rows import prompt_rows

    return asyncio.run(prompt_rows(tell))


def _random(tell: Tell, note: Note) -> Sequence[Row]:
    from infra.cli.bench_conversation.random_talks import random_rows

    return random_rows(tell, note)


def _audio(tell: Tell, note: Note) -> Sequence[Row]:
    from infra.cli.bench_conversation.audio_rows import audio_rows

    return audio_rows(tell, note)


PARTS: Mapping[str, Callable[[Tell, Note], Sequence[Row]]] = {
    "understanding": _understanding,
    "optout": _optout,
    "scenarios": _scenarios,
    "graph": _graph,
    "guards": _guards,
    "restored": _restored,
    "brain": _brain,
    "cache": _cache,
    "prompts": _prompts,
    "random": _random,
    "audio": _audio,
}
"""In the order in which they are measured."""
