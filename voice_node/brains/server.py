"""One Ollama server: its client, its room, what it has, and the words in which it fails."""

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from datetime import timedelta
from typing import cast
from urllib.parse import urlsplit

import httpx
import ollama

from voice_node.brains.faults import CutShort, ModelFault, NoSuchModel, ServerBusy, ServerFailed, Unreadable
from voice_node.brains.questions import Question
from voice_node.breaker import Breaker

CONNECT_SECONDS, SILENT_SECONDS = 2.0, 120.0
"""A model that has to be loaded is silent for long; live turns have deadlines of their own."""
IDLE_SECONDS = 300.0
BUSY_SECONDS = 2.0
NOT_FOUND, BUSY = 404, 503


def make_client(address: str, *, connections: int) -> ollama.AsyncClient:
    """A client that keeps its connections: a live turn is not to wait for a handshake."""
    return ollama.AsyncClient(
        host=address,
        timeout=httpx.Timeout(SILENT_SECONDS, connect=CONNECT_SECONDS, pool=None),
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=connections, keepalive_expiry=IDLE_SECONDS),
    )


def full_name(model: str) -> str:
    """A model's name with its tag, as servers list it."""
    return model if ":" in model.rpartition("/")[2] else f"{model}:latest"


class OllamaServer:
    """Puts questions to one server. ``installed`` and ``loaded`` are the models it had when last looked at.

    Args:
        client: The server's client.
        address: Where it is.
        slots: How many requests of the node it may have in progress at once.
        share: How many of them are this worker's before its background work has to give way.
        breaker: When it is left alone.
        keep_loaded: How long a model stays in memory after its last use.
        context_tokens: The window of every request; for another one the server would load the model anew.
    """

    def __init__(
        self,
        client: ollama.AsyncClient,
        *,
        address: str,
        slots: int,
        share: int,
        breaker: Breaker,
        keep_loaded: timedelta,
        context_tokens: int,
    ) -> None:
        self.host = urlsplit(address).netloc.rpartition("@")[2]
        self.slots = slots
        self.share = share
        self.breaker = breaker
        self.installed: frozenset[str] = frozenset()
        self.loaded: frozenset[str] = frozenset()
        self._client = client
        self._keep_loaded_seconds = keep_loaded.total_seconds()
        self._context_tokens = context_tokens

    def takes(self, model: str, *, is_live: bool) -> bool:
        """Whether it can answer now; a live turn cannot wait until a model is loaded."""
        return self.breaker.is_closed and full_name(model) in (self.loaded if is_live else self.installed)

    async def write(self, question: Question, *, model: str) -> AsyncGenerator[str]:
        """The answer, piece by piece; closing the generator stops the server's work on it.

        Raises:
            ServerFailed: It cannot be reached, refuses, breaks off, or sends what is not its protocol.
            CutShort: It wrote as much as it may and was not done.
        """
        options = ollama.Options(
            temperature=question.temperature,
            num_predict=question.most_tokens,
            num_ctx=self._context_tokens,
            seed=question.seed,
        )
        reason: str | None = None
        with _named_faults():
            stream = await self._client.chat(
                model,
                question.messages,
                stream=True,
                think=False,
                format=dict(question.schema) if question.schema is not None else None,
                keep_alive=self._keep_loaded_seconds,
                options=options.model_dump(exclude_none=True),
            )
            async with aclosing(cast("AsyncGenerator[ollama.ChatResponse]", stream)) as parts:
                async for part in parts:
                    if part.message.content:
                        yield part.message.content
                    if part.done:
                        reason = part.done_reason or "stop"
        if reason is None:
            raise ServerFailed(f"{self.host} ended an answer that was not done")
        if reason == "length":
            raise CutShort(f"{self.host} cut an answer after {question.most_tokens} tokens")

    async def look(self) -> None:
        """Ask what it has and what it holds in memory.

        Raises:
            ServerFailed: It does not say.
        """
        with _named_faults():
            listed, running = await self._client.list(), await self._client.ps()
        self.installed, self.loaded = _names(listed.models), _names(running.models)

    async def load(self, model: str) -> None:
        """Have a model loaded, or kept loaded from now on.

        Raises:
            ServerFailed: It was not loaded.
        """
        with _named_faults():
            await self._client.chat(
                model, [], keep_alive=self._keep_loaded_seconds, options={"num_ctx": self._context_tokens}
            )
        self.loaded |= {full_name(model)}

    async def embed(self, texts: Sequence[str], *, model: str) -> list[list[float]]:
        """A vector for each text.

        Raises:
            ServerFailed: There are none.
        """
        with _named_faults():
            answer = await self._client.embed(model, list(texts), keep_alive=self._keep_loaded_seconds)
        return [list(vector) for vector in answer.embeddings]

    def blame(self, fault: ModelFault) -> None:
        """It failed a question: take it into account when it is chosen again."""
        if isinstance(fault, ServerBusy):
            self.breaker.failed(rests_seconds=BUSY_SECONDS)
        elif isinstance(fault, NoSuchModel):
            self.gone()
        else:
            self.breaker.failed()

    def gone(self) -> None:
        """Nothing is known of it any more until it is looked at again."""
        self.installed = self.loaded = frozenset()

    async def close(self) -> None:
        """Let its connections go."""
        await self._client.close()  # type: ignore[no-untyped-call]


def _names(listed: Sequence[ollama.ListResponse.Model] | Sequence[ollama.ProcessResponse.Model]) -> frozenset[str]:
    return frozenset(full_name(each.model) for each in listed if each.model)


@contextmanager
def _named_faults() -> Iterator[None]:
    """What the client raises, by its meaning. It reads whatever comes as it hopes to find it, hence the last ones."""
    try:
        yield
    except ollama.ResponseError as fault:
        kind = {NOT_FOUND: NoSuchModel, BUSY: ServerBusy}.get(fault.status_code, ServerFailed)
        raise kind(f"status {fault.status_code}") from fault
    except (ConnectionError, httpx.HTTPError) as fault:
        raise ServerFailed(type(fault).__name__) from fault
    except (ValueError, TypeError, AttributeError) as fault:
        raise Unreadable(type(fault).__name__) from fault
