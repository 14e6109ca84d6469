"""Rows about turns: on labelled pauses, beside a plain Pipecat bot. Synthetic pauses, and no evidence for people."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from infra.cli.bench_voice.figures import row
from infra.cli.bench_voice.meters import quantile
from infra.cli.evaluate.effort import Effort
from infra.cli.rows import Row
from voice_node.speech.evaluation.line import CLEAN, carried
from voice_node.speech.evaluation.speaking import Speaker
from voice_node.speech.evaluation.words import AT_ONCE, heard
from voice_node.speech.recognition.port import RecognitionEngine
from voice_node.turns.evaluate import PauseScore, Spoken, our_end, plain_end, score, spoken_turn
from voice_node.turns.labelled_pauses import TURNS, SplitTurn

RIGHT_WORDS = "the right words"
MOST_CUT_OFFS = 0.5
"""Of the plain bot's, where the rules have the right words: with those that an engine hears, it is the engine's too."""
CUT_OFF, FIRST_WAIT, LONG_WAIT, PRECISION, RECALL = (
    "turns cut off", "wait, p50", "wait, p95", "precision of the end", "recall of the end within a second",
)  # fmt: skip


def turns_name(words: str, figure: str) -> str:
    """The name of a row; ``words`` says which words our rules had."""
    return f"synthetic pauses, {words}: {figure}"


async def turn_rows(
    ears: Mapping[str, RecognitionEngine], callers: Sequence[Speaker], effort: Effort, *, tell: Callable[[str], None]
) -> list[Row]:
    """Our rules with the right words and with those that each recogniser hears, and the plain bot, which needs none.

    Raises:
        Unavailable: An engine failed.
    """
    right = await _spoken(callers, effort)
    tell(f"the plain bot and {len(right)} turns with pauses")
    plain = await score(right, plain_end)
    tell("our own rules and the same turns")
    rows = rows_of(RIGHT_WORDS, await score(right, our_end), plain, most_cut_offs=MOST_CUT_OFFS)
    for name, engine in ears.items():
        tell(f"the same turns with the words of {name}")
        rows += rows_of(f"words of {name}", await score(await _spoken(callers, effort, engine), our_end), plain)
    return rows


def rows_of(words: str, ours: PauseScore, plain: PauseScore, *, most_cut_offs: float | None = None) -> list[Row]:
    """Our figures beside the plain bot's; ``most_cut_offs`` is the share of its cut-offs that ours may be."""

    def share(found: PauseScore) -> float:
        return 100 * found.cut_offs / found.turns if found.turns else 100.0

    def wait(found: PauseScore, quantity: float) -> float:
        return 1_000 * quantile(found.waits, quantity)

    return [
        row(turns_name(words, CUT_OFF), share(ours), "%", plain=share(plain), share=most_cut_offs),
        row(turns_name(words, FIRST_WAIT), wait(ours, 0.5), "ms", plain=wait(plain, 0.5)),
        row(turns_name(words, LONG_WAIT), wait(ours, 0.95), "ms", plain=wait(plain, 0.95)),
        row(turns_name(words, PRECISION), 100 * ours.precision, "%", plain=100 * plain.precision),
        row(turns_name(words, RECALL), 100 * ours.recall, "%", plain=100 * plain.recall),
    ]


async def _spoken(callers: Sequence[Speaker], effort: Effort, engine: RecognitionEngine | None = None) -> list[Spoken]:
    """The turns as sound; their words are the right ones, or those that a recogniser hears of each piece."""
    planned = [
        (turn, seed + place, callers[(seed + place) % len(callers)])
        for seed, turn in enumerate(TURNS[:: effort.turn_step])
        for place in range(min(effort.turn_voices, len(callers)))
    ]
    waiting = asyncio.Semaphore(AT_ONCE)

    async def one(turn: SplitTurn, seed: int, speaker: Speaker) -> Spoken:
        async with waiting:
            pcm = {piece: await speaker.say(piece) for piece in turn.pieces}
            if engine is None:
                return spoken_turn(turn, pcm.__getitem__, seed=seed)
            lines = {piece: carried(pcm[piece], CLEAN, np.random.default_rng(seed)) for piece in turn.pieces}
            texts = {piece: await heard(engine, sound) for piece, sound in lines.items()}
        return spoken_turn(turn, pcm.__getitem__, seed=seed, heard=texts.__getitem__)

    return await asyncio.gather(*(one(*each) for each in planned))
