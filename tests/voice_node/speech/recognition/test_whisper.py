"""Whisper by faster-whisper, with a real model of a million bytes."""

import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from shared.kernel.errors import Unavailable
from tests.voice_node.speech.recognition.tiny_whisper import make_tiny_whisper
from tests.voice_node.speech.telephone import chunks
from voice_node.speech.recognition import Heard, Utterance
from voice_node.speech.recognition.faults import EngineBusy, ModelMissing
from voice_node.speech.recognition.hallucination import Hypothesis
from voice_node.speech.recognition.process_pool import ProcessPool
from voice_node.speech.recognition.rolling_windows import RollingWindows
from voice_node.speech.recognition.whisper_engine import whisper_engine
from voice_node.speech.recognition.whisper_folder import whisper_folder
from voice_node.speech.recognition.whisper_model import WhisperModel
from voice_node.speech.spectra import WIDE_RATE_HZ, Floats

MODEL = "whisper-tiny.en"
SAYS = "Call me back at 5 PM."
HEARD = "call me back at five p.m."
QUIET = bytes(16_000)


def noise(seconds: float, *, seed: int = 1) -> bytes:
    samples = np.random.default_rng(seed).normal(0, 4_000, round(8_000 * seconds))
    return np.clip(samples, -32_000, 32_000).astype("<i2").tobytes()


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    make_tiny_whisper(folder / MODEL, SAYS)
    make_tiny_whisper(folder / "whisper-phantom", "Thanks for watching!")
    return folder


@asynccontextmanager
async def whisper(models: Path, model: str = MODEL, *, room: int = 32) -> AsyncIterator[ProcessPool]:
    engine = whisper_engine(models, model, device="cpu", room=room)
    await engine.start()
    yield engine
    await engine.close()


async def read(utterance: Utterance) -> list[Heard]:
    return [heard async for heard in utterance]


async def hear(engine: ProcessPool, sound: bytes) -> list[Heard]:
    utterance = engine.for_call().open()
    for chunk in chunks(sound):
        utterance.hear(chunk)
    utterance.finish()
    return await read(utterance)


def test_the_library_loads_the_model_and_gives_its_figures(models: Path) -> None:
    model = WhisperModel(models / MODEL, device="cpu")
    sound = np.random.default_rng(0).normal(0, 0.1, 2 * WIDE_RATE_HZ)
    (alone,) = model.transcribe([sound])
    assert alone.text == SAYS
    assert alone.no_speech == pytest.approx(0.01, rel=0.1)
    assert -0.5 < alone.average_logprob < 0
    assert model.transcribe([sound, sound]) == [alone, alone]


async def test_an_utterance_gets_its_words_with_a_confidence_and_a_silent_one_gets_none(models: Path) -> None:
    async with whisper(models) as engine:
        *_, last = await hear(engine, noise(1.0) + QUIET)
        assert (last.text, last.final, last.seconds) == (HEARD, True, 2.0)
        assert last.confidence is not None
        assert 0.5 < last.confidence < 1.0
        assert [heard.text for heard in await hear(engine, QUIET)] == [""]
        assert [heard.confidence for heard in await hear(engine, b"")] == [None]


async def test_a_process_that_dies_is_told_everything_again(models: Path) -> None:
    async with whisper(models) as engine:
        utterance = engine.open()
        utterance.hear(noise(0.4))
        (pid,) = engine.pids
        assert pid
        os.kill(pid, signal.SIGKILL)
        utterance.hear(noise(0.6))
        utterance.finish()
        assert (await read(utterance))[-1].text == HEARD


async def test_it_hears_only_so_many_at_once(models: Path) -> None:
    async with whisper(models, room=1) as engine:
        first, second = engine.open(), engine.open()
        with pytest.raises(EngineBusy):
            await read(second)
        first.hear(noise(1.0))
        first.finish()
        assert (await read(first))[-1].text == HEARD
        assert (await hear(engine, noise(1.0)))[-1].text == HEARD


async def test_what_noise_becomes_is_nothing(models: Path) -> None:
    async with whisper(models, "whisper-phantom") as engine:
        assert [heard.text for heard in await hear(engine, noise(2.0))] == [""]


async def test_a_model_that_is_not_there_is_named_with_what_to_do(models: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"reauto models pull whisper-base\.en"):
        await whisper_engine(models, "whisper-base.en").start()
    half = make_tiny_whisper(tmp_path / "whisper-half", SAYS)
    (half / "tokenizer.json").unlink()
    with pytest.raises(ModelMissing, match=r"lacks tokenizer\.json: reauto models pull whisper-half"):
        whisper_folder(tmp_path, "whisper-half")


async def test_a_model_that_is_broken_says_so_when_it_is_started(tmp_path: Path) -> None:
    folder = make_tiny_whisper(tmp_path / MODEL, SAYS)
    (folder / "model.bin").write_bytes(b"nonsense")
    with pytest.raises(Unavailable, match="cannot be loaded"):
        await whisper_engine(tmp_path, MODEL).start()


def answer(windows: RollingWindows, text: str) -> str | None:
    """Let the model hear what there is and say this."""
    sound: Floats = windows.sound()
    return windows.heard(Hypothesis(text=text, average_logprob=-0.1, no_speech=0.0, seconds=len(sound) / WIDE_RATE_HZ))


def hear_pieces(windows: RollingWindows, sounds: Sequence[bytes]) -> None:
    for sound in sounds:
        for chunk in chunks(sound):
            windows.hear(chunk)


def test_a_guess_is_given_out_as_far_as_two_windows_agree() -> None:
    windows, given_out = RollingWindows(), []
    for text in ("yes call", "yes call me", "yes call me bag", "yes call me back"):
        hear_pieces(windows, [noise(0.5)])
        assert windows.is_due
        given_out.append(answer(windows, text))
        assert not windows.is_due
    assert given_out == [None, "yes call", "yes call me", None]


def test_the_model_is_asked_as_soon_as_the_person_falls_quiet_and_not_again_at_the_end() -> None:
    windows = RollingWindows()
    hear_pieces(windows, [noise(0.3)])
    assert not windows.is_due
    hear_pieces(windows, [QUIET[:3_200]])
    assert windows.is_due
    answer(windows, "yes")
    hear_pieces(windows, [QUIET[:3_200]])
    windows.finish()
    assert windows.is_answered
    assert windows.final[0] == "yes"


def test_words_after_the_last_window_are_heard_before_the_text_is_final() -> None:
    windows = RollingWindows()
    hear_pieces(windows, [noise(0.6)])
    answer(windows, "yes")
    hear_pieces(windows, [noise(0.3)])
    windows.finish()
    assert windows.is_due
    answer(windows, "yes please")
    assert windows.final[0] == "yes please"


def test_sound_is_brought_to_the_models_rate_once_and_no_more_is_kept_than_it_can_hear() -> None:
    windows = RollingWindows()
    hear_pieces(windows, [noise(1.0)])
    assert len(windows.sound()) == WIDE_RATE_HZ
    hear_pieces(windows, [noise(40.0)])
    assert len(windows.sound()) == 28 * WIDE_RATE_HZ
