"""Which brain words the agent's free lines."""

import logging

import ollama

from shared.settings import BrainSettings
from voice_node.brains.ollama import OllamaModel, answers
from voice_node.brains.port import Brain
from voice_node.brains.scripted import ScriptedModel

log = logging.getLogger(__name__)


async def choose_brain(settings: BrainSettings) -> Brain:
    """The model when its server answers and has it, otherwise the script."""
    if settings.ollama_url is None:
        return ScriptedModel()
    client = ollama.AsyncClient(host=settings.ollama_url)
    if not await answers(client, settings.ollama_model):
        log.warning("The language model does not answer: the script words every reply")
        return ScriptedModel()
    return OllamaModel(client, model=settings.ollama_model, deadline=settings.deadline)
