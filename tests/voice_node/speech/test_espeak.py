"""The embedded voice: loud enough, fair, obedient, and alive after a crash."""

import asyncio
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from shared.kernel.errors import Malformed, Unavailable
from tests.voice_node.speech.telephone import CALLER
from voice_node.speech.espeak import EspeakEngine
from voice_node.speech.levels import SPEECH_LEVEL, from_pcm, speech_level
from voice_node.speech.renderer import Renderer
from voice_node.speech.voice import AGENT_VOICE, CALLER_VOICES, UnknownVoice, Voice

LONG = "I would like to tell you everything about this house. " * 40


@pytest.mark.parametrize("voice", [AGENT_VOICE, *CALLER_VOICES], ids=lambda voice: voice.name)
def test_every_voice_is_equally_loud_and_never_clips(renderer: Renderer, voice: Voice) -> None:
    samples = from_pcm(renderer.pcm("Would Thursday afternoon at two work for you, or is Friday better?", voice))
    assert speech_level(samples, 8000) == pytest.approx(SPEECH_LEVEL, rel=0.3)
    assert np.abs(samples).max() < 0.95


def test_faster_is_shorter(renderer: Renderer) -> None:
    slow, fast = (Voice(name="en-us", words_per_minute=rate) for rate in (120, 220))
    text = "Would Thursday afternoon work for you?"
    assert len(renderer.pcm(text, fast)) < 0.75 * len(renderer.pcm(text, slow))


@pytest.mark.parametrize("name", ["en-us+nobody", "xx", "en-us; rm", ""])
def test_an_unknown_voice_is_named(renderer: Renderer, name: str) -> None:
    with pytest.raises(UnknownVoice) as refused:
        renderer.pcm("Hello.", Voice(name=name))
    assert refused.value.name == name
    assert renderer.pcm("Hello.", CALLER)


@pytest.mark.parametrize("wrong", [{"words_per_minute": 20}, {"pitch": 100}])
def test_a_voice_outside_the_limits_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(Malformed):
        Voice(name="en-us", **wrong)


async def test_a_text_is_spoken_clause_by_clause(engine: EspeakEngine) -> None:
    pieces = [pcm async for pcm in engine.synthesise("Hello. This is Ava.", AGENT_VOICE)]
    assert len(pieces) == 2
    # The engine's noise differs from one time to the next, the length does not.
    assert len(await engine.render("Hello. This is Ava.", AGENT_VOICE)) == len(b"".join(pieces))
    assert len(await engine.render_mulaw("Hello. This is Ava.", AGENT_VOICE)) == len(b"".join(pieces)) // 2


async def test_nothing_to_say_is_no_sound(engine: EspeakEngine) -> None:
    assert await engine.render("  ", AGENT_VOICE) == b""


async def test_an_unknown_voice_is_refused_and_the_engine_goes_on(engine: EspeakEngine) -> None:
    with pytest.raises(UnknownVoice):
        await engine.render("Hello.", Voice(name="en-us+nobody"))
    assert await engine.render("Hello.", AGENT_VOICE)


async def test_a_short_reply_does_not_wait_for_a_long_speech(engine: EspeakEngine) -> None:
    spoken: list[str] = []
    started = asyncio.Event()

    async def say(name: str, text: str) -> None:
        async for _ in engine.synthesise(text, AGENT_VOICE):
            spoken.append(name)
            started.set()

    long = asyncio.create_task(say("long", LONG))
    await started.wait()
    await say("short", "Yes.")
    assert spoken.count("long") < 40
    await long
    assert spoken.count("long") == 40


async def test_an_interrupted_speech_is_dropped(engine: EspeakEngine) -> None:
    pieces = engine.synthesise(LONG, AGENT_VOICE)
    await anext(pieces)
    await pieces.aclose()
    assert await engine.render("Yes.", AGENT_VOICE)


async def test_the_engine_comes_back_after_a_crash(engine: EspeakEngine) -> None:
    before = engine.pid
    assert before
    os.kill(before, signal.SIGKILL)
    assert await engine.render("Hello.", AGENT_VOICE)
    assert engine.pid != before


async def test_a_speech_that_a_crash_cut_in_two_is_not_said_again(engine: EspeakEngine) -> None:
    pieces = engine.synthesise(LONG * 20, AGENT_VOICE)
    await anext(pieces)
    assert engine.pid
    os.kill(engine.pid, signal.SIGKILL)
    with pytest.raises(Unavailable):
        async for _ in pieces:
            pass


async def test_the_engine_ends_with_its_parent() -> None:
    script = (
        "import asyncio, os, signal\n"
        "from voice_node.speech.espeak import EspeakEngine\n"
        "async def main():\n"
        "    engine = EspeakEngine()\n"
        "    await engine.start()\n"
        "    print(engine.pid, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    child = int(done.stdout)
    for _ in range(500):
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        await asyncio.sleep(0.01)
    pytest.fail("the engine is still there")


def test_the_node_loads_no_engine_into_its_own_process() -> None:
    script = (
        "import sys\n"
        "import voice_node.speech, voice_node.speech.espeak, voice_node.speech.synthesis.processor\n"
        "import voice_node.speech.ears, voice_node.speech.recognition.speech_to_text, voice_node.speech.renderer\n"
        "engines = {'espeakng_loader', 'pocketsphinx', 'jiwer', 'ctranslate2', 'deepgram', 'piper', 'kokoro_onnx'}\n"
        "assert not engines & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
