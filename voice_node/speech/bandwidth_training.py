"""Make the weights of bandwidth extension: ``python -m voice_node.speech.bandwidth_training``.

Sentences of the corpus are spoken by eSpeak voices, once wide and once through a telephone,
and the wide high band is regressed on the telephone's low band. The same phrase
files give the same result. The voices that the simulated people use are not among those it learns from.

With the weights, the mean cepstrum of extended speech is measured: a call's first word would
otherwise be heard through the mean of other microphones, and mostly not understood.
"""

import logging
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
import soxr

from shared.logs import configure
from voice_node.speech.bandwidth import WEIGHTS_FILE, Weights
from voice_node.speech.clauses import split_clauses
from voice_node.speech.corpus import phrases
from voice_node.speech.decoder import Decoder
from voice_node.speech.espeak_library import EspeakLibrary
from voice_node.speech.levels import SPEECH_LEVEL, from_pcm, speech_level, to_pcm
from voice_node.speech.mulaw import from_mulaw, to_mulaw
from voice_node.speech.speaker import TELEPHONE_RATE_HZ, Speaker
from voice_node.speech.spectra import (
    FUTURE,
    HIGH_MATRIX,
    LOW_MATRIX,
    PAST,
    WIDE_RATE_HZ,
    Floats,
    features,
    frames_of,
    log_energies,
)
from voice_node.speech.speech_model import prepare_model
from voice_node.speech.upsampling import DELAY, Upsampler
from voice_node.speech.voice import Voice

logger = logging.getLogger(__name__)

TRAINING_VOICES = ("en-us+f1", "en-us+m1", "en-us+m3", "en-us+m7", "en-us+klatt", "en-us+klatt2", "en-us+f3",
                   "en-gb-x-rp")  # fmt: skip
SENTENCES = 140
RIDGE = 10.0
LINE_NOISE = 0.0008


ANY_CHANNEL = np.array([55.0, 1.0, -4.0, 10.0, -8.0, *[0.0] * 8])
TALK = 12
"""Sentences in the talk that each voice gives for the mean cepstrum."""


def train() -> Weights:
    """The weights, from nothing but the phrase files and eSpeak."""
    library, chance = EspeakLibrary(), np.random.default_rng(5)
    texts = Random(3).sample(sorted(phrase.text for phrase in phrases()), SENTENCES)
    inputs, targets = [], []
    for name in TRAINING_VOICES:
        library.use(Voice(name=name))
        for text in texts:
            wide = _at_level(library.say(text).astype(np.float64), library.sample_rate_hz, chance)
            low, high = _seen_and_wanted(wide, library.sample_rate_hz, chance)
            inputs.append(features(low))
            targets.append(high[PAST : len(low) - FUTURE])
    x, y = np.concatenate(inputs), np.concatenate(targets)
    mean, deviation = x[:, :-1].mean(axis=0), x[:, :-1].std(axis=0) + 1e-6
    x[:, :-1] = (x[:, :-1] - mean) / deviation
    matrix = np.asarray(np.linalg.solve(x.T @ x + RIDGE * np.eye(x.shape[1]), x.T @ y), dtype=np.float64)
    explained = 1 - ((y - x @ matrix) ** 2).sum(axis=0) / ((y - y.mean(axis=0)) ** 2).sum(axis=0)
    logger.info("trained", extra={"frames": len(x), "explained": explained.round(2).tolist()})
    weights = Weights(matrix=matrix, mean=mean, deviation=deviation, channel=ANY_CHANNEL)
    return replace(weights, channel=_channel(weights, texts, library))


def _channel(weights: Weights, texts: Sequence[str], library: EspeakLibrary) -> Floats:
    """The mean cepstrum of telephone speech after extension, over the training voices."""
    speaker = Speaker(library)
    pause = bytes(TELEPHONE_RATE_HZ)
    means = []
    with TemporaryDirectory() as folder:
        decoder = Decoder(prepare_model(Path(folder)), weights)
        for name in TRAINING_VOICES:
            clauses = [clause for text in texts[:TALK] for clause in split_clauses(text)]
            talk = pause.join(speaker.say(clause, Voice(name=name)) for clause in clauses)
            decoder.start()
            decoder.hear(from_mulaw(to_mulaw(talk)))
            decoder.finish()
            means.append(decoder.channel())
    return np.asarray(np.mean(means, axis=0))


def _at_level(samples: Floats, rate_hz: int, chance: np.random.Generator) -> Floats:
    """The samples at the telephone's level, up to 10 dB more or less."""
    level = speech_level(samples.astype(np.float32), rate_hz)
    return samples * (SPEECH_LEVEL / level * 10 ** chance.uniform(-0.5, 0.25))


def _seen_and_wanted(samples: Floats, rate_hz: int, chance: np.random.Generator) -> tuple[Floats, Floats]:
    """Low-band energies heard through a telephone, and the high-band ones that were spoken."""
    wide = soxr.resample(samples, rate_hz, WIDE_RATE_HZ, "HQ")
    narrow = soxr.resample(samples, rate_hz, TELEPHONE_RATE_HZ, "HQ").astype(np.float32)
    line = from_pcm(from_mulaw(to_mulaw(to_pcm(narrow)))).astype(np.float64)
    heard = Upsampler().doubled(np.concatenate([line, np.zeros(DELAY)]))[2 * DELAY :]
    length = min(len(wide), len(heard))
    hiss = chance.normal(0.0, LINE_NOISE, length)
    return (
        log_energies(frames_of(heard[:length] + hiss), LOW_MATRIX),
        log_energies(frames_of(wide[:length] + hiss), HIGH_MATRIX),
    )


def main() -> None:
    """Train and write the weights file beside the phrases."""
    configure()
    target = Path(__file__).parent / "data" / WEIGHTS_FILE
    arrays = {name: array.astype(np.float32) for name, array in asdict(train()).items()}
    np.savez_compressed(target, **arrays)
    logger.info("written", extra={"bytes": target.stat().st_size})


if __name__ == "__main__":
    main()
