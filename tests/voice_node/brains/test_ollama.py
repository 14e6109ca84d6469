"""The model words what it may, in time, or the script does in the same turn."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import ollama
import pytest

from shared.conversation import AgentName, ConversationState, Line, Move
from shared.conversation.phrasing import say
from shared.conversation.script import load_script
from tests.voice_node.doubles import make_brief
from voice_node.brains.ollama import OllamaModel, answers
from voice_node.brains.scripted import ScriptedModel

BRIEF = make_brief(script="seller_home_value")
SCRIPT = load_script("seller_home_value")
QUESTION = next(iter(SCRIPT.questions)).field
MOVE = Move(
    agent=AgentName.QUALIFIER,
    state=ConversationState(turn=2),
    lines=(Line(act="identified", is_exact=True), Line(act=f"ask.{QUESTION}")),
)
SCRIPTED = list(say(MOVE.lines, state=MOVE.state, brief=BRIEF, script=SCRIPT))


@dataclass
class FakeOllama:
    """A server that speaks Ollama's ``/api/chat`` and ``/api/tags``, one connection per request."""

    words: list[str] = field(default_factory=lambda: ["Tell me, what brings", " you to sell?"])
    delay_seconds: float = 0.0
    status: int = 200
    asked: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0
    serving: list[asyncio.Task[Any]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.serving.append(task)
        with contextlib.suppress(ConnectionError, asyncio.CancelledError), contextlib.closing(writer):
            await self._answer(reader, writer)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0
        )
        body = await reader.readexactly(length)
        writer.write(f"HTTP/1.1 {self.status} X\r\ncontent-type: application/x-ndjson\r\n".encode())
        writer.write(b"connection: close\r\n\r\n")
        if head.startswith(b"GET"):
            writer.write(json.dumps({"models": [{"model": "small:latest"}]}).encode())
        else:
            self.asked.append(json.loads(body))
            await self._chat(writer)

    async def _chat(self, writer: asyncio.StreamWriter) -> None:
        for word in self.words:
            await asyncio.sleep(self.delay_seconds)
            part = {"model": "small", "message": {"role": "assistant", "content": word}, "done": False}
            writer.write(json.dumps(part).encode() + b"\n")
            await writer.drain()
        end = {"model": "small", "message": {"role": "assistant", "content": ""}, "done": True}
        writer.write(json.dumps(end).encode() + b"\n")


@pytest.fixture
async def server() -> AsyncIterator[FakeOllama]:
    fake = FakeOllama()
    listening = await asyncio.start_server(fake.serve, "127.0.0.1", 0)
    fake.port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield fake
        for task in fake.serving:
            task.cancel()
        await asyncio.gather(*fake.serving, return_exceptions=True)


def model_of(fake: FakeOllama, *, deadline: float = 2.0) -> OllamaModel:
    client = ollama.AsyncClient(host=f"http://127.0.0.1:{fake.port}")
    return OllamaModel(client, model="small", deadline=timedelta(seconds=deadline))


async def worded(model: OllamaModel | ScriptedModel, move: Move = MOVE) -> list[str]:
    return [text async for text in model.word(BRIEF, move, "yes this is bob")]


async def test_free_lines_are_worded_and_exact_ones_are_not(server: FakeOllama) -> None:
    assert await worded(model_of(server)) == [
        SCRIPTED[0],
        "Tell me,",
        "what brings you to sell?",
    ]
    [request] = server.asked
    assert request["stream"] is True
    assert "yes this is bob" in request["messages"][1]["content"]


async def test_words_that_come_too_late_are_replaced_in_the_same_turn(server: FakeOllama) -> None:
    server.delay_seconds = 5.0

    assert await worded(model_of(server, deadline=0.1)) == SCRIPTED


async def test_a_sentence_is_spoken_before_the_next_is_there(server: FakeOllama) -> None:
    server.words = ["Good to hear. ", "What brings", " you to sell?"]
    server.delay_seconds = 0.2
    heard = model_of(server).word(BRIEF, MOVE, "yes this is bob")

    assert [await anext(heard), await anext(heard)] == [SCRIPTED[0], "Good to hear."]
    server.words.clear()
    await heard.aclose()


async def test_the_script_goes_on_where_a_model_stalls(server: FakeOllama) -> None:
    server.words = ["Good to hear. ", "What", " brings", " you", " to", " sell", "?"]
    server.delay_seconds = 0.15

    assert await worded(model_of(server, deadline=0.4)) == [SCRIPTED[0], "Good to hear.", SCRIPTED[-1]]


async def test_a_claim_that_code_did_not_make_is_not_spoken(server: FakeOllama) -> None:
    server.words = ["Your home is worth $900,000, guaranteed. ", "What brings you to sell?"]

    assert await worded(model_of(server)) == SCRIPTED


async def test_a_server_that_fails_is_left_alone_after_three_times(server: FakeOllama) -> None:
    server.status = 500
    model = model_of(server)

    for _ in range(5):
        assert await worded(model) == SCRIPTED

    assert len(server.asked) == 3


async def test_a_server_that_is_gone_costs_only_its_words() -> None:
    gone = OllamaModel(ollama.AsyncClient(host="http://127.0.0.1:9"), model="small", deadline=timedelta(seconds=1))

    assert await worded(gone) == SCRIPTED


async def test_a_move_of_exact_lines_asks_no_model(server: FakeOllama) -> None:
    exact = Move(agent=AgentName.GREETER, state=ConversationState(), lines=(Line(act="hold", is_exact=True),))

    assert await worded(model_of(server), exact) == ["Thank you, I'll hold."]
    assert server.asked == []


@pytest.mark.parametrize(("model", "expected"), [("small", True), ("small:latest", True), ("other", False)])
async def test_a_server_answers_for_the_models_it_has(server: FakeOllama, model: str, expected: bool) -> None:
    assert await answers(ollama.AsyncClient(host=f"http://127.0.0.1:{server.port}"), model) is expected


async def test_no_server_answers_for_nothing() -> None:
    assert not await answers(ollama.AsyncClient(host="http://127.0.0.1:9"), "small")


async def test_the_script_says_every_line_as_it_stands() -> None:
    assert await worded(ScriptedModel()) == SCRIPTED
