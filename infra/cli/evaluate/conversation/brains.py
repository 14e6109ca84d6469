"""What words the replies of played calls: a configured Ollama, or a stand-in that speaks its protocol."""

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import ollama

import voice_node.brains
from infra.cli.evaluate.conversation.wishes import AT_ONCE, MANNERS
from infra.local.child import free_port
from infra.local.interrupts import Interrupts
from infra.local.processes import Program, Supervisor, answers_http, python_module
from shared.brain_settings import BrainSettings
from shared.kernel.errors import Unavailable
from shared.settings import read
from voice_node.brains.choice import running_brain
from voice_node.brains.port import Brain

STAND_IN = "infra.simulator.ollama"
LOOK_SECONDS = 5.0


@contextmanager
def ollama_settings(manner: str | None) -> Iterator[BrainSettings]:
    """The configured Ollama, or a stand-in of this manner while the block runs; a manner always means the stand-in.

    Raises:
        Unavailable: The stand-in does not start.
    """
    configured = read(BrainSettings)
    if manner is None and configured.servers:
        yield configured
        return
    logging.getLogger(voice_node.brains.__name__).setLevel(logging.ERROR)  # its faults are on purpose
    port = free_port()
    with (
        tempfile.TemporaryDirectory(prefix="reauto-ollama-") as folder,
        Interrupts() as interrupts,
        Supervisor(interrupts) as supervisor,
    ):
        given = ("--port", str(port), "--manner", manner or MANNERS[0], "--model", configured.model)
        command = python_module(STAND_IN, *given)
        supervisor.start(
            Program("ollama", command, logs=Path(folder), probe=answers_http(port, "/api/tags"), grace_seconds=2)
        )
        yield configured.model_copy(update={"servers": (f"http://127.0.0.1:{port}",), "slots": (AT_ONCE,)})


@asynccontextmanager
async def ollama_brain(settings: BrainSettings) -> AsyncIterator[Brain]:
    """The node's own brain with these servers.

    Raises:
        Unavailable: No server answers and has the model: what would be measured is the script.
    """
    for address in settings.servers:
        if not await _has_model(address, settings.model):
            raise Unavailable(f"no language model {settings.model} answers at {address}")
    async with running_brain(settings) as running:
        yield running.brain


async def _has_model(address: str, model: str) -> bool:
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            listed = await ollama.AsyncClient(host=address).list()
    except (TimeoutError, ollama.ResponseError, ConnectionError, httpx.HTTPError):
        return False
    return any(each.model in (model, f"{model}:latest") for each in listed.models)
