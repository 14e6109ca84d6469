"""The real engines, started once for many tests where they allow it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from voice_node.speech.bandwidth import load_weights
from voice_node.speech.decoder import Decoder
from voice_node.speech.espeak import EspeakEngine
from voice_node.speech.recognition.process_pool import ProcessPool
from voice_node.speech.recognition.sphinx_engine import sphinx_engine
from voice_node.speech.renderer import Renderer
from voice_node.speech.speech_model import SpeechModel, prepare_model


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("speech")


@pytest.fixture(scope="session")
def model(cache: Path) -> SpeechModel:
    return prepare_model(cache)


@pytest.fixture(scope="session")
def decoder(model: SpeechModel) -> Decoder:
    return Decoder(model, load_weights())


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    with Renderer() as running:
        yield running


@pytest.fixture
async def engine() -> AsyncIterator[EspeakEngine]:
    running = EspeakEngine()
    await running.start()
    yield running
    await running.close()


@pytest.fixture
async def pool(cache: Path, model: SpeechModel) -> AsyncIterator[ProcessPool]:
    running = sphinx_engine(cache, processes=1, decoders=2)
    await running.start()
    yield running
    await running.close()
