"""The language models that word replies, looked at as a voice worker will: servers that answer, models they have."""

import asyncio
import time
from collections.abc import Sequence

from shared.brain_settings import BrainSettings
from voice_node.brains.faults import ServerFailed
from voice_node.brains.server import OllamaServer, full_name, make_client
from voice_node.breaker import Breaker

ABOUT = "language model"
LOOK_SECONDS = 4.0
GOES_ON = "the script words every reply"


def brain_checks(settings: BrainSettings) -> list[dict[str, str]]:
    """One line a server, as ``reauto check`` shows them; never bad, since the script needs no model."""
    if not settings.servers:
        return [_line(ABOUT, "good", f"none: {GOES_ON}", "")]
    return asyncio.run(_look(settings))


async def _look(settings: BrainSettings) -> list[dict[str, str]]:
    return list(await asyncio.gather(*(_seen(settings, address) for address in settings.servers)))


async def _seen(settings: BrainSettings, address: str) -> dict[str, str]:
    server = OllamaServer(
        make_client(address, connections=1),
        address=address,
        slots=settings.slots_by_server[address],
        share=settings.slots_by_server[address],
        breaker=Breaker(time.monotonic),
        keep_loaded=settings.keep_loaded,
        context_tokens=settings.context_tokens,
    )
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            await server.look()
    except (TimeoutError, ServerFailed):
        return _line(
            f"{ABOUT}: {server.host}", "poor", "does not answer", "start Ollama there, or take it out of OLLAMA_URL"
        )
    finally:
        await server.close()
    return _state(server, settings.models)


def _state(server: OllamaServer, models: Sequence[str]) -> dict[str, str]:
    about = f"{ABOUT}: {server.host}"
    missing = [model for model in models if full_name(model) not in server.installed]
    if missing:
        todo = "; ".join(f"ollama pull {model}" for model in missing)
        return _line(about, "poor", f"lacks {', '.join(missing)}", todo)
    states = (f"{model} {'loaded' if full_name(model) in server.loaded else 'not loaded yet'}" for model in models)
    return _line(about, "good", f"{', '.join(states)}; {server.slots} slots", "")


def _line(about: str, grade: str, seen: str, todo: str) -> dict[str, str]:
    return {"about": about, "grade": grade, "seen": seen, "todo": todo}
