"""A language model of an Ollama server, which words what may be worded and nothing else."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from datetime import timedelta

import httpx
import ollama

from shared.conversation import CallBrief, Move
from shared.conversation.phrasing import say
from shared.conversation.prompt import Prompt, prompt_for
from shared.conversation.script import script_of
from shared.conversation.wording import Wording

log = logging.getLogger(__name__)

FAULTS_TO_OPEN = 3
OPEN_SECONDS = 30.0
OPTIONS = {"temperature": 0.4, "num_predict": 90}
KEEP_LOADED = "30m"


class OllamaModel:
    """Words the free lines at the end of a move; the exact ones before them are spoken meanwhile.

    Each sentence is spoken as soon as it is whole. Where one claims more than code gave it, or the next is not there
    before the deadline, the script goes on in the same turn. After three failures in a row the model is left alone for
    a while.

    Args:
        client: The server's client.
        model: Its name on the server.
        deadline: How long a sentence may take, the first one from the request on.
    """

    def __init__(self, client: ollama.AsyncClient, *, model: str, deadline: timedelta) -> None:
        self._client = client
        self._model = model
        self._deadline_seconds = deadline.total_seconds()
        self._faults = 0
        self._open_until = 0.0

    async def word(self, brief: CallBrief, move: Move, heard: str) -> AsyncGenerator[str]:
        """The move's lines, in order."""
        script = script_of(brief)
        texts = say(move.lines, state=move.state, brief=brief, script=script)
        prompt = None if move.ends_call else prompt_for(move, heard, brief=brief, script=script)
        if prompt is None or self._is_resting:
            for text in texts:
                yield text
            return
        sentences: asyncio.Queue[str | None] = asyncio.Queue()
        asking = asyncio.create_task(self._ask(prompt, heard, sentences))
        try:
            for text in texts[: len(texts) - len(prompt.scripted)]:
                yield text
            while (sentence := await sentences.get()) is not None:
                yield sentence
        finally:
            asking.cancel()

    @property
    def _is_resting(self) -> bool:
        return time.monotonic() < self._open_until

    async def _ask(self, prompt: Prompt, heard: str, sentences: "asyncio.Queue[str | None]") -> None:
        """Put what is to be spoken into ``sentences``, and ``None`` behind the last."""
        wording = Wording(prompt.scripted, data=(heard,))
        try:
            await self._listen(prompt, wording, sentences)
        except (TimeoutError, ollama.ResponseError, ConnectionError, httpx.HTTPError) as fault:
            self._failed(fault)
            rest = wording.give_up()
        else:
            self._faults = 0
            rest = wording.finish()
        for sentence in (*rest, None):
            sentences.put_nowait(sentence)

    async def _listen(self, prompt: Prompt, wording: Wording, sentences: "asyncio.Queue[str | None]") -> None:
        messages = [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}]
        async with asyncio.timeout(self._deadline_seconds) as deadline:
            stream = await self._client.chat(
                self._model, messages, stream=True, think=False, keep_alive=KEEP_LOADED, options=OPTIONS
            )
            async for part in stream:
                for sentence in wording.take(part.message.content or ""):
                    sentences.put_nowait(sentence)
                    deadline.reschedule(asyncio.get_running_loop().time() + self._deadline_seconds)
                if wording.is_over:
                    return

    def _failed(self, fault: Exception) -> None:
        self._faults += 1
        log.warning("The language model failed a turn", extra={"fault": type(fault).__name__, "in_a_row": self._faults})
        if self._faults >= FAULTS_TO_OPEN:
            self._open_until = time.monotonic() + OPEN_SECONDS
            self._faults = 0


async def answers(client: ollama.AsyncClient, model: str, *, timeout_seconds: float = 3.0) -> bool:
    """Whether the server is there and has the model."""
    try:
        async with asyncio.timeout(timeout_seconds):
            listed = await client.list()
    except (TimeoutError, ollama.ResponseError, ConnectionError, httpx.HTTPError):
        return False
    return any(each.model in (model, f"{model}:latest") for each in listed.models)
