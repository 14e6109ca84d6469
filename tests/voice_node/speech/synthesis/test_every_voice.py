"""What every synthesiser promises, kept by all of them: eSpeak, Piper, Kokoro and ElevenLabs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from infra.simulator.elevenlabs import Account, Behaviour, running_elevenlabs
from tests.voice_node.speech.synthesis.small_models import make_kokoro, make_piper_voice
from tests.voice_node.speech.synthesis.voices import spoken
from voice_node.speech.espeak import EspeakEngine
from voice_node.speech.levels import SPEECH_LEVEL, from_pcm, speech_level
from voice_node.speech.synthesis.elevenlabs.config import ElevenLabsConfig
from voice_node.speech.synthesis.elevenlabs.engine import ElevenLabsEngine
from voice_node.speech.synthesis.levelled import Levelled, Levels
from voice_node.speech.synthesis.local.engines import kokoro_engine, piper_engine
from voice_node.speech.synthesis.port import BYTES_A_SECOND, Engine, Synthesiser
from voice_node.speech.voice import Voice

AVA = Voice(name="en-us+f2")
Maker = Callable[[Path], AbstractAsyncContextManager[Synthesiser]]


@asynccontextmanager
async def _started(engine: Engine) -> AsyncIterator[Synthesiser]:
    await engine.start()
    try:
        yield engine
    finally:
        await engine.close()


@asynccontextmanager
async def _espeak(folder: Path) -> AsyncIterator[Synthesiser]:
    async with _started(EspeakEngine()) as engine:
        yield engine


@asynccontextmanager
async def _piper(folder: Path) -> AsyncIterator[Synthesiser]:
    make_piper_voice(folder)
    async with _started(piper_engine(folder, {"*": "en_US-tone-low"}, threads=1)) as engine:
        yield engine


@asynccontextmanager
async def _kokoro(folder: Path) -> AsyncIterator[Synthesiser]:
    make_kokoro(folder)
    async with _started(kokoro_engine(folder, {"*": "af_heart"}, threads=1)) as engine:
        yield engine


@asynccontextmanager
async def _elevenlabs(folder: Path) -> AsyncIterator[Synthesiser]:
    account = Account()
    async with running_elevenlabs(account, Behaviour()) as url:
        config = ElevenLabsConfig(api_key=account.api_key, default_voice="v-ava", base_url=url)
        async with _started(ElevenLabsEngine(config)) as engine:
            yield Levelled(engine, Levels())


@pytest.fixture(params=[_espeak, _piper, _kokoro, _elevenlabs], ids=["espeak", "piper", "kokoro", "elevenlabs"])
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Synthesiser]:
    maker: Maker = request.param
    async with maker(tmp_path) as running:
        yield running


async def test_a_voice_keeps_every_promise(engine: Synthesiser) -> None:
    """One test for all, because a process takes a while to start."""
    assert engine.name
    assert engine.vendor
    assert engine.version
    assert await spoken(engine.synthesise("  ", AVA)) == []
    await spoken(engine.synthesise("...", AVA))

    text = "Would Thursday at two work for you, or is Friday better?"
    pieces = await spoken(engine.synthesise(text, AVA))
    assert all(len(pcm) % 2 == 0 for pcm in pieces)
    sound = from_pcm(b"".join(pieces))
    assert 1.0 < len(sound) * 2 / BYTES_A_SECOND < 12.0
    assert np.abs(sound).max() < 0.95
    assert speech_level(sound, 8_000) == pytest.approx(SPEECH_LEVEL, rel=0.35)

    long = engine.synthesise("I would like to tell you everything about this house. " * 20, AVA)
    await anext(long)
    await long.aclose()
    asking = asyncio.create_task(spoken(engine.synthesise(text, AVA)))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

    said = await asyncio.gather(*(spoken(engine.synthesise(f"Number {number}.", AVA)) for number in range(6)))
    assert all(said)
