"""What every recogniser promises, whichever it is."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from shared.kernel.errors import Unavailable
from tests.voice_node.speech.recognition.deepgram_server import deepgram, spell
from tests.voice_node.speech.recognition.tiny_whisper import make_tiny_whisper
from tests.voice_node.speech.telephone import chunks, over_the_line
from voice_node.speech.recognition import Heard, Recogniser, RecognitionEngine, Utterance
from voice_node.speech.recognition.deepgram_engine import DeepgramEngine
from voice_node.speech.recognition.failover import FailoverEngine
from voice_node.speech.recognition.sphinx_engine import sphinx_engine
from voice_node.speech.recognition.whisper_engine import whisper_engine
from voice_node.speech.renderer import Renderer

pytestmark = pytest.mark.asyncio(loop_scope="module")
SAYS = "please take me off your list"


@dataclass(frozen=True)
class Case:
    """An engine that runs, and sound in which it hears these words."""

    engine: RecognitionEngine
    sound: bytes
    words: str
    vendor: str


@asynccontextmanager
async def running(name: str, folder: Path, cache: Path, sound: bytes) -> AsyncIterator[Case]:
    async with AsyncExitStack() as closing:
        engine: RecognitionEngine
        case = Case(sphinx_engine(cache, processes=1, decoders=2), sound, SAYS, "pocketsphinx")
        if name == "whisper":
            make_tiny_whisper(folder / "whisper-tiny.en", SAYS)
            case = Case(whisper_engine(folder, "whisper-tiny.en", device="cpu"), sound, SAYS, "whisper")
        elif name != "pocketsphinx":
            server = await closing.enter_async_context(deepgram())
            engine = DeepgramEngine(key="a key", base_url=server.url, model="nova-3")
            if name == "failover":
                engine = FailoverEngine([engine], deadline_seconds=20, now=lambda: 0.0)
            case = Case(engine, spell("please call me back"), "please call me back", "deepgram_nova")
        await case.engine.start()
        closing.push_async_callback(case.engine.close)
        yield case


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=["pocketsphinx", "whisper", "deepgram", "failover"])
async def case(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, cache: Path, renderer: Renderer
) -> AsyncIterator[Case]:
    sound = over_the_line(renderer, "Please take me off your list.")
    async with running(request.param, tmp_path_factory.mktemp("models"), cache, sound) as ready:
        yield ready


@pytest_asyncio.fixture(loop_scope="module")
async def ear(case: Case) -> AsyncIterator[Recogniser]:
    recogniser = case.engine.for_call()
    yield recogniser
    await recogniser.close()


def speak(utterance: Utterance, sound: bytes) -> None:
    for chunk in chunks(sound):
        utterance.hear(chunk)


async def read(utterance: Utterance) -> list[Heard]:
    return [heard async for heard in utterance]


async def test_the_last_guess_is_final_and_has_the_words(case: Case, ear: Recogniser) -> None:
    utterance = ear.open()
    speak(utterance, case.sound)
    utterance.finish()
    heard = await read(utterance)
    assert [each.final for each in heard] == [False] * (len(heard) - 1) + [True]
    assert heard[-1].text == case.words
    assert heard[-1].seconds == utterance.seconds == len(case.sound) / 16_000
    assert heard[-1].confidence is None or 0 < heard[-1].confidence <= 1
    assert [(each.vendor, each.seconds) for each in utterance.listened] == [(case.vendor, utterance.seconds)]


async def test_one_utterance_follows_the_other_and_sound_after_the_end_is_ignored(case: Case, ear: Recogniser) -> None:
    for _ in range(2):
        utterance = ear.open()
        speak(utterance, case.sound)
        utterance.finish()
        utterance.finish()
        speak(utterance, case.sound)
        assert (await read(utterance))[-1].text == case.words
        assert utterance.seconds == len(case.sound) / 16_000


async def test_an_abandoned_utterance_says_no_more_and_disturbs_nobody(case: Case, ear: Recogniser) -> None:
    abandoned, kept = ear.open(), ear.open()
    speak(abandoned, case.sound)
    abandoned.abandon()
    speak(kept, case.sound)
    kept.finish()
    assert not [heard for heard in await read(abandoned) if heard.final]
    assert (await read(kept))[-1].text == case.words


async def test_an_utterance_without_sound_ends_with_no_words(ear: Recogniser) -> None:
    utterance = ear.open()
    utterance.finish()
    assert [(heard.text, heard.final, heard.seconds) for heard in await read(utterance)] == [("", True, 0.0)]


async def test_its_facts_name_it(case: Case, ear: Recogniser) -> None:
    assert ear.facts == case.engine.facts
    assert ear.facts.vendor == case.vendor
    assert ear.facts.version
    assert 0.2 < ear.facts.slowest_final_seconds < 1.5


@pytest.mark.parametrize("name", ["pocketsphinx", "whisper", "deepgram", "failover"])
async def test_an_engine_that_is_closed_ends_what_is_open(name: str, tmp_path: Path, cache: Path) -> None:
    async with running(name, tmp_path, cache, spell("hello")) as case:
        recogniser = case.engine.for_call()
        utterance = recogniser.open()
        utterance.hear(case.sound)
        await recogniser.close()
        await case.engine.close()
        with pytest.raises(Unavailable):
            await read(utterance)
