"""The judge of pauses: its features are Pipecat's, and it says nothing rather than something late."""

import asyncio

import numpy as np
import pytest
from pipecat.audio.turn.smart_turn._whisper_features import compute_whisper_log_mel_features

from voice_node.turns.end_of_turn import MOST_WAITING, EndOfTurnModel, probability_of, shared_session
from voice_node.turns.mel import log_mel

WHOLE = 8 * 16_000
NOISE = (np.random.default_rng(1).standard_normal(WHOLE + 8_000) * 0.1 + 0.01).astype(np.float32)


@pytest.mark.parametrize("samples", [1, 800, 16_000, 30_001, WHOLE - 1, WHOLE, WHOLE + 8_000])
def test_the_features_are_those_of_the_whole_eight_seconds(samples: int) -> None:
    audio = NOISE[:samples]
    padded = np.pad(audio, (max(WHOLE - samples, 0), 0))[-WHOLE:]

    assert log_mel(audio) == pytest.approx(compute_whisper_log_mel_features(padded), abs=1e-4)


async def test_a_pause_is_judged() -> None:
    pcm = (NOISE[:8_000] * 5_000).astype("<i2").tobytes()

    assert await EndOfTurnModel().probability(pcm) == pytest.approx(probability_of(shared_session(), pcm))
    assert await EndOfTurnModel().probability(b"") is None


async def test_who_would_wait_too_long_is_told_at_once_that_there_is_no_verdict() -> None:
    model = EndOfTurnModel()
    pcm = (NOISE[:8_000] * 5_000).astype("<i2").tobytes()

    verdicts = await asyncio.gather(*(model.probability(pcm) for _ in range(MOST_WAITING + 3)))

    assert verdicts[0] is not None
    assert verdicts[-3:] == [None, None, None]
    assert await model.probability(pcm) is not None


async def test_a_second_opinion_is_given_only_while_the_model_has_little_to_do() -> None:
    model = EndOfTurnModel(again_share=0.0)
    pcm = (NOISE[:8_000] * 5_000).astype("<i2").tobytes()

    assert await model.probability(pcm, again=True) is not None
    assert await model.probability(pcm, again=True) is None
    assert await model.probability(pcm) is not None
