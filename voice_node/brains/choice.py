"""Which brain words the agent's free lines."""

import hashlib
import logging
from urllib.parse import urlsplit

import ollama

from shared.settings import BrainSettings
from voice_node.brains.cached_wording import CachedWording, WordedLines
from voice_node.brains.ollama import OllamaModel, answers
from voice_node.brains.port import NamedBrain
from voice_node.brains.scripted import ScriptedModel

log = logging.getLogger(__name__)


async def choose_brain(settings: BrainSettings, *, lines: WordedLines, installation: str) -> NamedBrain:
    """The model when its server answers and has it, otherwise the script; ``lines`` is where its answers are kept."""
    if settings.ollama_url is None:
        return ScriptedModel()
    client = ollama.AsyncClient(host=settings.ollama_url)
    if not await answers(client, settings.ollama_model):
        log.warning("The language model does not answer: the script words every reply")
        return ScriptedModel()
    cache = CachedWording(lines, installation=installation, model=settings.ollama_model)
    return OllamaModel(client, model=settings.ollama_model, deadline=settings.deadline, cache=cache)


def installation_of(database_url: str) -> str:
    """A name for whoever owns a database: a fingerprint of where it is, whoever asks it."""
    parts = urlsplit(database_url)
    where = f"{parts.hostname}:{parts.port}{parts.path}?{parts.query}"
    return hashlib.sha256(where.encode()).hexdigest()[:12]
