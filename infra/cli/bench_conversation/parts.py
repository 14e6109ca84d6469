"""The parts of the suite, each loaded when its turn comes: some take seconds to import."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pydantic import Field

from infra.cli.bench_conversation.rows import Note
from infra.cli.rows import Row
from shared.settings import Settings, read

Tell = Callable[[str], None]


class ReferenceSettings(Settings):
    """Where sets lie that are not ours to give away; ``data/sgd_homes`` in it are real people's dialogues."""

    folder: Path | None = Field(default=None, validation_alias="REAUTO_REFERENCE")


def _understanding(tell: Tell, note: Note) -> Sequence[Row]:
    from infra.cli.evaluate.understanding import dialogues, understanding_rows

    tell("real people's words about homes")
    return understanding_rows(dialogues(read(ReferenceSettings).folder))


def _optout(tell: Tell, note: Note) -> Sequence[Row]:
    from infra.cli.evaluate.optout import optout_rows

    tell("opt-outs, robot questions, ordinary answers")
    return optout_rows()


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
