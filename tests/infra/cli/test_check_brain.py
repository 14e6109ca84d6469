"""``reauto check`` looks at the language models."""

import asyncio
from datetime import UTC, datetime

import pytest

from infra.cli.check_brain import brain_checks
from infra.simulator.ollama import Ollama, running_ollama
from shared.brain_settings import BrainSettings
from voice_node.brains.choice import running_brain

NOW = datetime(2026, 3, 10, 18, tzinfo=UTC)


def settings(addresses: str, model: str) -> BrainSettings:
    return BrainSettings(_env_file=None, OLLAMA_URL=addresses, OLLAMA_MODEL=model)


async def checked(server: Ollama, model: str, *, warm: bool = False) -> list[dict[str, str]]:
    found = settings(f"{server.url},http://127.0.0.1:9", model)
    if warm:
        async with running_brain(found):
            pass
    return await asyncio.to_thread(brain_checks, found)


async def test_a_server_that_answers_and_one_that_does_not() -> None:
    async with running_ollama(now=lambda: NOW) as server:
        there, gone = await checked(server, "qwen3:8b", warm=True)

    assert (there["grade"], there["seen"], there["todo"]) == ("good", "qwen3:8b loaded; 4 slots", "")
    assert gone == {
        "about": "language model: 127.0.0.1:9",
        "grade": "poor",
        "seen": "does not answer",
        "todo": "start Ollama there, or take it out of OLLAMA_URL",
    }


async def test_a_missing_model_is_to_be_pulled() -> None:
    async with running_ollama(now=lambda: NOW) as server:
        line, _ = await checked(server, "llama9")

    assert (line["grade"], line["seen"], line["todo"]) == ("poor", "lacks llama9", "ollama pull llama9")


async def test_a_model_that_is_not_loaded_yet_is_said_to_be() -> None:
    async with running_ollama(now=lambda: NOW) as server:
        line, _ = await checked(server, "qwen3:8b")

    assert line["seen"].startswith("qwen3:8b not loaded yet")


@pytest.mark.parametrize("addresses", ["", " , "])
def test_without_a_server_the_script_words_everything(addresses: str) -> None:
    [line] = brain_checks(settings(addresses, "x"))

    assert (line["grade"], line["seen"]) == ("good", "none: the script words every reply")
