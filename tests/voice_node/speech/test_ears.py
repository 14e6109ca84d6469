"""The recognisers of the settings, and what is seen of them before a call."""

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from shared.kernel.errors import Unavailable
from shared.settings import BadSettings, read
from shared.speech_settings import HearingEngine, SpeechSettings
from tests.voice_node.speech.recognition.deepgram_server import deepgram
from tests.voice_node.speech.recognition.tiny_whisper import make_tiny_whisper
from voice_node.speech.ears import look_at_ear, make_ears


def settings(**variables: object) -> SpeechSettings:
    return SpeechSettings(_env_file=None, **variables)  # type: ignore[arg-type]


def test_without_settings_the_embedded_engine_hears() -> None:
    assert settings().engines == (HearingEngine.POCKETSPHINX,)
    assert make_ears(settings(), cache=Path("cache")).facts.name == "pocketsphinx"


def test_engines_are_named_in_order_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STT_ENGINES", "Deepgram, whisper,pocketsphinx,whisper")
    monkeypatch.setenv("STT_DEADLINE", "PT0.8S")
    found = read(SpeechSettings)
    assert found.engines == (HearingEngine.DEEPGRAM, HearingEngine.WHISPER, HearingEngine.POCKETSPHINX)
    assert found.deadline == timedelta(seconds=0.8)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("STT_ENGINES", "siri"), ("STT_ENGINES", ","), ("STT_DEADLINE", "0"), ("STT_WHISPER_MODEL", "../etc")],
)
def test_settings_that_make_no_sense_are_refused(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(BadSettings, match=variable):
        read(SpeechSettings)


async def test_a_worker_whose_only_engine_lacks_its_model_says_what_to_do(tmp_path: Path) -> None:
    ears = make_ears(settings(STT_ENGINES="whisper", REAUTO_MODELS=tmp_path), cache=tmp_path)
    with pytest.raises(Unavailable, match=r"reauto models pull whisper-base\.en"):
        await ears.start()


async def test_a_worker_hears_with_the_engines_that_are_ready(tmp_path: Path, cache: Path) -> None:
    ears = make_ears(settings(STT_ENGINES="whisper,pocketsphinx", REAUTO_MODELS=tmp_path), cache=cache)
    await ears.start()
    assert ears.facts.name == "pocketsphinx"
    await ears.close()


async def test_looking_at_an_engine_says_what_it_hears_with_or_what_to_do(tmp_path: Path) -> None:
    here = settings(REAUTO_MODELS=tmp_path)
    assert "embedded" in await look_at_ear(HearingEngine.POCKETSPHINX, here)
    with pytest.raises(Unavailable, match="reauto models pull"):
        await look_at_ear(HearingEngine.WHISPER, here)
    make_tiny_whisper(tmp_path / "whisper-base.en", "hello")
    assert "whisper-base.en" in await look_at_ear(HearingEngine.WHISPER, here)
    with pytest.raises(Unavailable, match="DEEPGRAM_API_KEY"):
        await look_at_ear(HearingEngine.DEEPGRAM, here)


async def test_looking_at_deepgram_knocks_at_its_door() -> None:
    async with deepgram() as server:
        there = settings(DEEPGRAM_API_KEY=SecretStr("a key"), DEEPGRAM_BASE_URL=server.url)
        assert "answers" in await look_at_ear(HearingEngine.DEEPGRAM, there)
    async with deepgram(refuses=401) as server:
        there = settings(DEEPGRAM_API_KEY=SecretStr("a key"), DEEPGRAM_BASE_URL=server.url)
        with pytest.raises(Unavailable, match="does not know the key"):
            await look_at_ear(HearingEngine.DEEPGRAM, there)
