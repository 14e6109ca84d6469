"""What each address of the server answers."""

import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from http import HTTPStatus

from pydantic import ValidationError

from infra.simulator.ollama.answers import Answering
from infra.simulator.ollama.embedding import embedding
from infra.simulator.ollama.habits import Habits
from infra.simulator.ollama.http import JSON, NDJSON, TEXT, Exchange, Request
from infra.simulator.ollama.memory import Memory, QueueIsFull, keep_of
from infra.simulator.ollama.protocol import Asked, EmbedAsked, Lines, Options, encoded, stamp
from infra.simulator.ollama.writing import written
from shared.kernel.errors import Malformed

VERSION = "0.12.6"
BUSY = "server busy, please try again.  maximum pending requests exceeded"
SIZE_BYTES, CONTEXT_TOKENS = 5_225_388_164, 40_960
DETAILS = {
    "parent_model": "", "format": "gguf", "family": "qwen3", "families": ["qwen3"], "parameter_size": "8.2B",
    "quantization_level": "Q4_K_M",
}  # fmt: skip


class Endpoints:
    """Answers requests; ``asked`` are the questions that came, in their order.

    Args:
        habits: How the server behaves.
        now: The time, aware.
    """

    def __init__(self, habits: Habits, now: Callable[[], datetime]) -> None:
        self.asked: list[Asked] = []
        self._habits = habits
        self._now = now
        self._memory = Memory(habits, now)
        self._gets: Mapping[str, Callable[[], object]] = {
            "/api/tags": self._tags,
            "/api/ps": lambda: {"models": self._memory.listed()},
            "/api/version": lambda: {"version": VERSION},
        }
        self._posts: Mapping[str, Callable[[Request, Exchange], Awaitable[None]]] = {
            "/api/chat": self._ask,
            "/api/generate": self._ask,
            "/api/embed": self._embed,
            "/api/show": self._show,
        }

    @property
    def working(self) -> int:
        """How many requests are worked on or wait for a slot."""
        return self._memory.working

    @property
    def loaded(self) -> tuple[str, ...]:
        """The models in memory."""
        return tuple(each["name"] for each in self._memory.listed())

    async def answer(self, request: Request, exchange: Exchange) -> None:
        """Answer a request, or say what is wrong with it."""
        if request.method in ("GET", "HEAD"):
            await self._tell(request, exchange)
            return
        endpoint = self._posts.get(request.path)
        if request.method != "POST" or endpoint is None:
            await exchange.whole(b"404 page not found", status=HTTPStatus.NOT_FOUND, kind=TEXT)
            return
        try:
            await endpoint(request, exchange)
        except ValidationError as fault:
            await _refuse(exchange, HTTPStatus.BAD_REQUEST, f"invalid request: {fault.error_count()} faults")
        except Malformed as fault:
            await _refuse(exchange, HTTPStatus.BAD_REQUEST, str(fault))
        except QueueIsFull:
            await _refuse(exchange, HTTPStatus.SERVICE_UNAVAILABLE, BUSY)

    async def _tell(self, request: Request, exchange: Exchange) -> None:
        found = self._gets.get(request.path)
        if found is not None:
            await exchange.whole(encoded(found()) if request.method == "GET" else b"")
        elif request.path == "/":
            await exchange.whole(b"Ollama is running" if request.method == "GET" else b"", kind=TEXT)
        else:
            await exchange.whole(b"404 page not found", status=HTTPStatus.NOT_FOUND, kind=TEXT)

    def _tags(self) -> dict[str, object]:
        return {
            "models": [
                {
                    "name": name, "model": name, "modified_at": stamp(self._now()), "size": SIZE_BYTES,
                    "digest": "", "details": DETAILS,
                }
                for name in self._habits.models
            ]
        }  # fmt: skip

    async def _ask(self, request: Request, exchange: Exchange) -> None:
        began = time.perf_counter()
        asked, is_chat = Asked.model_validate_json(request.body), request.path == "/api/chat"
        name = self._habits.installed(asked.model)
        if name is None:
            await _refuse_model(exchange, asked.model)
            return
        keep = keep_of(asked.keep_alive)
        lines = Lines(asked.model, is_chat=is_chat, now=self._now())
        tokens = (asked.options or Options()).num_ctx
        streams = asked.stream is not False
        if not asked.said:
            keeps = keep is None or bool(keep)
            if keeps:
                async with self._memory.place(name, context_tokens=tokens, keep=keep, needs_slot=False):
                    pass
            else:
                self._memory.unload(name)
            line = encoded(lines.last(reason="load" if keeps else "unload")) + b"\n" * streams
            await exchange.whole(line, kind=NDJSON if streams else JSON)
            return
        self.asked.append(asked)
        async with self._memory.place(name, context_tokens=tokens, keep=keep) as loaded_seconds:
            answer = written(asked, self._habits.manner_of(name), self._habits)
            answering = Answering(
                exchange, lines=lines, pace=self._habits.pace_of(name), began=began, loaded_seconds=loaded_seconds
            )
            await (answering.stream if streams else answering.whole)(asked, answer)

    async def _embed(self, request: Request, exchange: Exchange) -> None:
        asked = EmbedAsked.model_validate_json(request.body)
        if self._habits.installed(asked.model) is None:
            await _refuse_model(exchange, asked.model)
            return
        texts = (asked.input,) if isinstance(asked.input, str) else asked.input
        await exchange.whole(encoded({"model": asked.model, "embeddings": [embedding(text) for text in texts]}))

    async def _show(self, request: Request, exchange: Exchange) -> None:
        asked = Asked.model_validate_json(request.body)
        if self._habits.installed(asked.model) is None:
            await _refuse_model(exchange, asked.model)
            return
        about = {"general.architecture": "qwen3", "qwen3.context_length": CONTEXT_TOKENS}
        shown = {"details": DETAILS, "model_info": about, "capabilities": ["completion"], "template": "{{ .Prompt }}"}
        await exchange.whole(encoded(shown))


async def _refuse_model(exchange: Exchange, model: str) -> None:
    await _refuse(exchange, HTTPStatus.NOT_FOUND, f"model '{model}' not found")


async def _refuse(exchange: Exchange, status: HTTPStatus, error: str) -> None:
    await exchange.whole(encoded({"error": error}), status=status)
