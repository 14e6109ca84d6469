"""Which brain words the agent's free lines, and the models behind it."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from shared.brain_settings import BrainSettings
from shared.conversation.prompt import WINDOW
from shared.conversation.prompt_window import Window
from shared.conversation.versions import SCRIPT_ALONE
from voice_node.brains.cached_wording import WAIT_SECONDS, CachedWording, WordedLines
from voice_node.brains.keeper import Keeper, Rhythm
from voice_node.brains.meter import Meter
from voice_node.brains.ollama import MOST_TOKENS, OllamaModel
from voice_node.brains.pool import OllamaPool
from voice_node.brains.port import Brain
from voice_node.brains.questions import Patience, Purpose
from voice_node.brains.scripted import ScriptedModel
from voice_node.brains.server import OllamaServer, make_client
from voice_node.breaker import Breaker


@dataclass(frozen=True, kw_only=True)
class Cache:
    """Where answers are kept, whose they are, and how long they are waited for."""

    lines: WordedLines
    installation: str
    wait_seconds: float = WAIT_SECONDS


@dataclass(frozen=True, kw_only=True)
class RunningBrain:
    """What words the lines, and where work for language models can be put; ``models`` is ``None`` without a server.

    ``model`` is whose words the lines are, as reports keep it.
    """

    brain: Brain
    models: OllamaPool | None
    model: str = SCRIPT_ALONE


@asynccontextmanager
async def running_brain(
    settings: BrainSettings,
    *,
    workers: int = 1,
    meter: Meter | None = None,
    rhythm: Rhythm | None = None,
    cache: Cache | None = None,
) -> AsyncIterator[RunningBrain]:
    """The model where servers are configured, otherwise the script; servers are looked after until the block ends.

    Args:
        settings: Which servers and models there are.
        workers: How many processes share this node's part of the servers.
        meter: Told how it goes.
        rhythm: How often servers are looked at, and how long those that failed rest.
        cache: Where answers that anybody may hear are kept, if anywhere.
    """
    rhythm = rhythm or Rhythm()
    if not settings.servers:
        yield RunningBrain(brain=ScriptedModel(), models=None)
        return
    async with AsyncExitStack() as closing:
        servers = [_server(settings, address, workers, rhythm) for address in settings.servers]
        for server in servers:
            closing.push_async_callback(server.close)
        keepers: dict[OllamaServer, Keeper] = {}
        pool = _pool(settings, servers, meter or Meter(), troubled=lambda server: keepers[server].hurry())
        for server in servers:
            keepers[server] = _keeper(settings, server, rhythm, changed=pool.servers_changed)
        watching = [asyncio.create_task(keeper.watch(), name="language model") for keeper in keepers.values()]
        closing.push_async_callback(_end, watching)
        with suppress(TimeoutError):
            async with asyncio.timeout(rhythm.start_seconds):
                await asyncio.gather(*(keeper.settled.wait() for keeper in keepers.values()))
        yield RunningBrain(brain=_brain(settings, pool, cache), models=pool, model=settings.model)


def installation_of(database_url: str) -> str:
    """A name for whoever owns a database: a fingerprint of where it is, whoever asks it."""
    parts = urlsplit(database_url)
    where = f"{parts.hostname}:{parts.port}{parts.path}?{parts.query}"
    return hashlib.sha256(where.encode()).hexdigest()[:12]


def models_by_purpose(settings: BrainSettings) -> dict[Purpose, str]:
    """The model of each purpose; that of replies does what has none of its own."""
    return {
        Purpose.REPLY: settings.model,
        Purpose.EXTRACTION: settings.extraction_model or settings.model,
        Purpose.SUMMARY: settings.summary_model or settings.model,
    }


def _brain(settings: BrainSettings, pool: OllamaPool, cache: Cache | None) -> OllamaModel:
    kept = None
    if cache is not None:
        kept = CachedWording(
            cache.lines, installation=cache.installation, model=settings.model, wait_seconds=cache.wait_seconds
        )
    window = Window(most_tokens=min(settings.context_tokens, WINDOW.most_tokens), answer_tokens=MOST_TOKENS)
    return OllamaModel(pool, cache=kept, window=window)


def _server(settings: BrainSettings, address: str, workers: int, rhythm: Rhythm) -> OllamaServer:
    slots = settings.slots_by_server[address]
    return OllamaServer(
        make_client(address, connections=slots + 2),
        address=address,
        slots=slots,
        share=max(1, slots // workers),
        breaker=Breaker(time.monotonic, rests_seconds=rhythm.rest_seconds),
        keep_loaded=settings.keep_loaded,
        context_tokens=settings.context_tokens,
    )


def _pool(
    settings: BrainSettings,
    servers: Sequence[OllamaServer],
    meter: Meter,
    *,
    troubled: Callable[[OllamaServer], None],
) -> OllamaPool:
    return OllamaPool(
        servers,
        models=models_by_purpose(settings),
        patience=Patience(reply=settings.deadline, slot=settings.slot_wait, background=settings.background_deadline),
        most_waiting=settings.queue,
        meter=meter,
        now=time.monotonic,
        troubled=troubled,
    )


def _keeper(settings: BrainSettings, server: OllamaServer, rhythm: Rhythm, *, changed: Callable[[], None]) -> Keeper:
    return Keeper(
        server,
        models=settings.models,
        keep_loaded=settings.keep_loaded,
        rhythm=rhythm,
        changed=changed,
        now=time.monotonic,
    )


async def _end(watching: list["asyncio.Task[None]"]) -> None:
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
