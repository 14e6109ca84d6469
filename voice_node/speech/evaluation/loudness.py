"""How loud a voice is as the line carries it, and whether it clips, leans to one side or clicks where pieces meet."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from voice_node.speech.evaluation.speaking import Speaker
from voice_node.speech.levels import from_pcm, speech_level
from voice_node.speech.mulaw import from_mulaw, to_mulaw
from voice_node.speech.prepared.cache import AudioCache
from voice_node.speech.prepared.preparation import Preparation
from voice_node.speech.prepared.shelves import MemoryShelf
from voice_node.speech.prepared.voice import PreparedVoice
from voice_node.speech.synthesis.port import RATE_HZ, Synthesiser

HIGHEST = 32_124 / 32_768
"""The largest sample that mu-law has: what reaches it was, or may have been, cut off."""
SILENT_DBFS = -96.0
AROUND_SAMPLES = RATE_HZ * 5 // 1000
MEMORY_BYTES = 16_000_000
TEXTS: tuple[str, ...] = (
    "Thanks, Maria. A few quick questions.",
    "How soon would you like to sell? Roughly, is it within three months, or later?",
    "Great, that helps. Do you have an agent for the sale, yes or no?",
    "Our agent can do Thursday, November twenty sixth, at ten thirty, or Friday at two. Which is better?",
    "Of course, there's no pressure and no obligation. What day and time would suit you?",
    "You're booked with our agent for Friday at two. Thank you, Maria. Have a great day. Goodbye.",
)
"""What an agent says: short and long, with fricatives, stops and numbers."""
PREPARED: tuple[str, ...] = (
    "Thanks, Maria.", "Roughly,", "Great,", "Which is better?", "Of course,", "Have a great day.",
)  # fmt: skip
"""Sentences and first clauses of these texts that are prepared: the rest is joined to them."""


@dataclass(frozen=True, kw_only=True)
class Loudness:
    """A voice on the line; levels are in dB of full scale.

    ``level`` is that of its speech, pauses left out, and ``range_db`` how far its texts are apart. ``offset`` is its
    mean; ``click`` the largest of its ``joins``, from one piece of sound to the next.
    """

    speaker: str
    level: float
    range_db: float
    peak: float
    clipped: int
    offset: float
    click: float
    joins: int


async def loudness(speaker: Speaker, texts: Sequence[str] = TEXTS) -> Loudness:
    """Have a voice say the texts as a call would: the level stage, prepared pieces where it has them, mu-law.

    Raises:
        Unavailable: The engine failed.
    """
    voice: Synthesiser = speaker.engine
    if speaker.is_prepared:
        cache = AudioCache(memory=MemoryShelf(MEMORY_BYTES), remote=None, disk=None, now=monotonic)
        await _prepare(speaker, cache)
        voice = PreparedVoice(speaker.engine, cache)
    sounds, found = [], []
    for text in texts:
        pieces = [pcm async for pcm in voice.synthesise(text, speaker.voice) if pcm]
        sounds.append(from_pcm(from_mulaw(to_mulaw(b"".join(pieces)))))
        found += clicks(from_pcm(b"".join(pieces)), [len(pcm) // 2 for pcm in pieces])
    return measured(speaker.name, sounds, found)


def clicks(samples: NDArray[np.float32], lengths: Sequence[int]) -> list[float]:
    """At each join of pieces so long, by how much the step is larger than all steps around it; 0.0 in a smooth one."""
    steps = np.abs(np.diff(samples))
    found = []
    for join in np.cumsum(lengths)[:-1]:
        around = steps[max(join - 1 - AROUND_SAMPLES, 0) : join + AROUND_SAMPLES].copy()
        own = min(int(join) - 1, AROUND_SAMPLES)
        jump, around[own] = float(around[own]), 0.0
        found.append(max(jump - float(around.max()), 0.0))
    return found


def measured(name: str, sounds: Sequence[NDArray[np.float32]], found: Sequence[float]) -> Loudness:
    """The figures of a voice's texts as the line carries them, and of the clicks between its pieces."""
    whole = np.concatenate(list(sounds))
    levels = [decibels(speech_level(sound, RATE_HZ)) for sound in sounds]
    return Loudness(
        speaker=name,
        level=decibels(speech_level(whole, RATE_HZ)),
        range_db=max(levels) - min(levels),
        peak=decibels(float(np.abs(whole).max(initial=0.0))),
        clipped=int(np.count_nonzero(np.abs(whole) >= HIGHEST)),
        offset=decibels(abs(float(whole.mean(dtype=np.float64)))),
        click=decibels(max(found, default=0.0)),
        joins=len(found),
    )


def decibels(amplitude: float) -> float:
    """Of full scale 1.0; ``SILENT_DBFS`` at the least."""
    return max(SILENT_DBFS, 20 * log10(amplitude)) if amplitude > 0 else SILENT_DBFS


async def _prepare(speaker: Speaker, cache: AudioCache) -> None:
    """Keep the prepared pieces the way a node makes them."""
    preparation = Preparation(speaker.engine, cache)
    preparation.want(PREPARED, speaker.voice)
    working = asyncio.create_task(preparation.run())
    made = asyncio.create_task(preparation.all_made())
    try:
        await asyncio.wait({working, made}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        working.cancel()
        made.cancel()
