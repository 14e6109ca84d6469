"""What words the replies of played calls: the script, a configured Ollama, or a stand-in that speaks its protocol."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path


from infra.cli.evaluate.conversation.wishes import MANNERS
from infra.local.child import free_port
from infra.local.interrupts import Interrupts
from infra.local.processes import Program, Supervisor, answers_http, python_module
from shared.kernel.errors import Unavailable
from shared.settings import BrainSettings, read
from voice_node.brains.choice import choose_brain
from voice_node.brains.port import Brain
from voice_node.brains.scripted import ScriptedModel



STAND_IN = "infra.simulator.ollama"
AT_ONCE = 16
"""So many calls are played at once where a server makes each of them wait."""


@contextmanager
def ollama_settings(manner: str | None) -> Iterator[BrainSettings]:
    """The configured Ollama, or a stand-in of this manner while the block runs; a manner always means the stand-in.

    Raises:
        Unavailable: The stand-in does not start.
    """
    configured = read(BrainSettings)
    if manner is None and configured.ollama_url:
        yield configured
        return
    port = free_port()
    with (
        tempfile.TemporaryDirectory(prefix="reauto-ollama-") as folder,
        Interrupts() as interrupts,
        Supervisor(interrupts) as supervisor,
    ):
        command = python_module(STAND_IN, "--port", str(port), "--manner", manner or MANNERS[0])
        supervisor.start(
            Program("ollama", command, logs=Path(folder), probe=answers_http(port, "/api/tags"), grace_seconds=2)
        )
        yield configured.model_copy(update={"ollama_url": f"http://127.0.0.1:{port}"})


@asynccontextmanager
async def ollama_brain(settings: BrainSettings) -> AsyncIterator[Brain]:
    """The node's own client of that server.

    Raises:
        Unavailable: The server does not answer, or lacks the model: what would be measured is the script.
    """
    brain = await choose_brain(settings)
    if isinstance(brain, ScriptedModel):
        raise Unavailable(f"no language model {settings.ollama_model} answers at {settings.ollama_url}")
    yield brain
