"""Piper and Kokoro with models of a few kilobytes, loaded by the real libraries."""

from pathlib import Path

import numpy as np
import pytest

from shared.kernel.errors import Unavailable
from tests.voice_node.speech.synthesis.small_models import make_kokoro, make_piper_voice
from tests.voice_node.speech.synthesis.voices import spoken
from voice_node.speech.synthesis.local.engines import kokoro_engine, piper_engine
from voice_node.speech.synthesis.local.kokoro_process import KokoroSource
from voice_node.speech.synthesis.local.models import MissingModel
from voice_node.speech.synthesis.local.piper_process import PiperSource
from voice_node.speech.synthesis.process_engine import MOST_WAITING, ProcessEngine
from voice_node.speech.voice import UnknownVoice, Voice

AVA = Voice(name="en-us+f2")
BEN = Voice(name="en-us+m3", words_per_minute=240)


@pytest.mark.parametrize("make", [piper_engine, kokoro_engine])
async def test_a_missing_model_says_how_to_fetch_it(tmp_path: Path, make: object) -> None:
    engine: ProcessEngine = make(tmp_path, {"*": "en_US-lessac-medium"}, threads=1)  # type: ignore[operator]
    with pytest.raises(Unavailable, match=r"reauto models pull (piper-en_US-lessac-medium|kokoro-v1\.0)"):
        await engine.start()
    with pytest.raises(Unavailable, match="reauto models pull"):
        await spoken(engine.synthesise("Hello.", AVA))


def test_damaged_models_are_named(tmp_path: Path) -> None:
    make_piper_voice(tmp_path)
    make_kokoro(tmp_path)
    (tmp_path / "kokoro-v1.0" / "kokoro-v1.0.onnx").write_bytes(b"no model")
    with pytest.raises(MissingModel, match="damaged"):
        KokoroSource(tmp_path, {"*": "af_heart"}, threads=1)
    (tmp_path / "piper-en_US-tone-low" / "en_US-tone-low.onnx.json").write_text("{}")
    with pytest.raises(MissingModel, match="damaged"):
        PiperSource(tmp_path, {"*": "en_US-tone-low"}, threads=1)


def test_a_voice_that_kokoro_lacks_is_named(tmp_path: Path) -> None:
    make_kokoro(tmp_path)
    with pytest.raises(Unavailable, match="KOKORO_VOICE"):
        KokoroSource(tmp_path, {"*": "nobody"}, threads=1)


def test_each_voice_of_ours_is_cast(tmp_path: Path) -> None:
    make_piper_voice(tmp_path)
    make_piper_voice(tmp_path, "en_US-loud-low", level=0.6)
    source = PiperSource(tmp_path, {"*": "en_US-tone-low", BEN.name: "en_US-loud-low"}, threads=1)
    source.use(AVA)
    soft = source.say("hello there")
    source.use(BEN)
    loud = source.say("hello there")
    assert np.abs(loud).max() == pytest.approx(2 * np.abs(soft).max(), rel=0.01)
    with pytest.raises(UnknownVoice):
        PiperSource(tmp_path, {BEN.name: "en_US-tone-low"}, threads=1).use(AVA)


def test_speech_that_nobody_wants_is_not_made(tmp_path: Path) -> None:
    make_kokoro(tmp_path)
    source = KokoroSource(tmp_path, {"*": "bm_george"}, threads=1)
    source.use(BEN)
    assert len(source.say("hello there", lambda: True)) == 0
    assert len(source.say("hello there")) > 0


async def test_an_engine_that_has_too_much_to_do_says_so_at_once(tmp_path: Path) -> None:
    make_piper_voice(tmp_path)
    engine = piper_engine(tmp_path, {"*": "en_US-tone-low"}, threads=1)
    await engine.start()
    waiting = [engine.synthesise("One. Two. Three.", AVA) for _ in range(MOST_WAITING)]
    for each in waiting:
        await anext(each)
    with pytest.raises(Unavailable, match="busy"):
        await spoken(engine.synthesise("Hello.", AVA))
    for each in waiting:
        await each.aclose()
    await engine.idle()
    assert await spoken(engine.synthesise("Hello.", AVA))
    await engine.close()
