"""The stand-in speaks Ollama's protocol with the vendor's own client."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import ollama
import pytest

from infra.simulator.ollama import Habits, Ollama, Pace, running_ollama
from tests.voice_node.media_client import until

NOW = datetime(2026, 3, 10, 18, tzinfo=UTC)
ASKED = [{"role": "user", "content": "SAY: What is your name?"}]


class Time:
    """A time that is put forward by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def server(time: Time) -> AsyncIterator[Ollama]:
    async with running_ollama(now=time) as running:
        yield running


@pytest.fixture
async def client(server: Ollama) -> AsyncIterator[ollama.AsyncClient]:
    async with ollama.AsyncClient(host=server.url) as connected:
        yield connected


async def said(client: ollama.AsyncClient, model: str = "qwen3:8b", **more: Any) -> ollama.ChatResponse:
    answer: ollama.ChatResponse = await client.chat(model, ASKED, **more)
    return answer


async def streamed(client: ollama.AsyncClient, model: str = "qwen3:8b") -> list[ollama.ChatResponse]:
    return [part async for part in await client.chat(model, ASKED, stream=True)]


async def test_an_answer_comes_whole_or_in_pieces_and_is_the_same(client: ollama.AsyncClient) -> None:
    whole, parts = await said(client), await streamed(client)

    assert "".join(part.message.content or "" for part in parts) == whole.message.content
    assert [part.done for part in parts] == [False] * (len(parts) - 1) + [True]
    assert parts[-1].done_reason == "stop"
    assert parts[-1].eval_count == len(parts) - 1
    assert whole.created_at == "2026-03-10T18:00:00Z"


async def test_the_same_question_has_the_same_answer_until_the_seed_changes(server: Ollama) -> None:
    async with ollama.AsyncClient(host=server.url) as client:
        first = [(await said(client, model)).message.content for model in ("hostile", "hallucinating")]
        again = [(await said(client, model)).message.content for model in ("hostile", "hallucinating")]
        others = set()
        for seed in range(8):
            server.habits.seed = seed
            others.add((await said(client, "hostile")).message.content)

    assert first == again
    assert len(others) > 1


async def test_a_prompt_is_answered_like_a_chat(client: ollama.AsyncClient) -> None:
    whole = await client.generate("qwen3:8b", "SAY: What is your name?")
    parts = [part async for part in await client.generate("qwen3:8b", "SAY: What is your name?", stream=True)]

    assert whole.response
    assert whole.response.endswith("your name?")
    assert "".join(part.response or "" for part in parts) == whole.response


async def test_a_form_is_filled_in(client: ollama.AsyncClient) -> None:
    schema = {
        "type": "object",
        "properties": {
            "kind": {"enum": ["seller"]},
            "beds": {"type": "integer", "minimum": 1},
            "tags": {"type": "array"},
        },
    }
    answer = await said(client, format=schema)
    plain = await said(client, format="json")

    assert json.loads(answer.message.content or "") == {"kind": "seller", "beds": 1, "tags": []}
    assert json.loads(plain.message.content or "") == {}


async def test_what_is_more_than_it_may_write_is_cut(client: ollama.AsyncClient) -> None:
    answer = await said(client, options={"num_predict": 2})

    assert (answer.done_reason, answer.eval_count) == ("length", 2)


async def test_a_model_that_is_not_there_is_not_found(client: ollama.AsyncClient) -> None:
    chat, stream = said(client, "llama9"), streamed(client, "llama9")
    for asking in (chat, stream, client.show("llama9"), client.embed("llama9", "x")):
        with pytest.raises(ollama.ResponseError, match="model 'llama9' not found") as refused:
            await asking
        assert refused.value.status_code == 404


async def test_models_are_listed_loaded_kept_and_unloaded(client: ollama.AsyncClient, time: Time) -> None:
    assert "qwen3:8b" in [each.model for each in (await client.list()).models]
    assert (await client.ps()).models == []

    loaded = await client.chat("qwen3:8b", [], keep_alive="10m", options={"num_ctx": 2_048})
    [held] = (await client.ps()).models
    assert (loaded.done_reason, held.model, held.context_length) == ("load", "qwen3:8b", 2_048)
    assert held.expires_at == NOW + timedelta(minutes=10)

    time.now += timedelta(minutes=11)
    assert (await client.ps()).models == []

    await client.chat("qwen3:8b", [], keep_alive=-1)
    time.now += timedelta(days=99)
    assert len((await client.ps()).models) == 1
    unloaded = await client.chat("qwen3:8b", [], keep_alive=0)
    assert unloaded.done_reason == "unload"
    assert (await client.ps()).models == []


async def test_another_window_loads_the_model_anew(server: Ollama, client: ollama.AsyncClient) -> None:
    server.habits.load_seconds = 0.1
    first = await said(client, options={"num_ctx": 2_048})
    second = await said(client, options={"num_ctx": 2_048})
    third = await said(client, options={"num_ctx": 8_192})

    loads = [(each.load_duration or 0) >= 90_000_000 for each in (first, second, third)]
    assert loads == [True, False, True]


async def test_no_more_are_answered_at_once_than_there_are_slots(server: Ollama) -> None:
    server.habits.slots = 2
    server.habits.pace = Pace(first_token_seconds=0.1)
    async with ollama.AsyncClient(host=server.url) as client:
        answers = [asyncio.create_task(said(client)) for _ in range(6)]
        done, _ = await asyncio.wait(answers, return_when=asyncio.FIRST_COMPLETED)
        assert 1 <= len(done) <= 2
        await asyncio.gather(*answers)


async def test_a_full_queue_is_busy(server: Ollama) -> None:
    server.habits.slots = server.habits.most_waiting = 1
    server.habits.pace = Pace(first_token_seconds=0.3)
    async with ollama.AsyncClient(host=server.url) as client:
        answers = await asyncio.gather(*(said(client) for _ in range(4)), return_exceptions=True)

    refused = [each for each in answers if isinstance(each, ollama.ResponseError)]
    assert {each.status_code for each in refused} == {503}
    assert len(refused) in (2, 3)


async def test_who_goes_away_is_not_worked_for(server: Ollama) -> None:
    server.habits.pace = Pace(token_seconds=5.0)
    async with ollama.AsyncClient(host=server.url) as client:
        stream = await client.chat("qwen3:8b", ASKED, stream=True)
        await anext(aiter(stream))
        assert server.working == 1
        await stream.aclose()
        await until(lambda: not server.working)


async def test_texts_that_share_words_are_near(client: ollama.AsyncClient) -> None:
    texts = ["how much is the fee", "what is the fee", "two bedrooms and a garage"]
    one, same, other = (await client.embed("qwen3:8b", texts)).embeddings

    def nearness(left: Any, right: Any) -> float:
        return float(sum(a * b for a, b in zip(left, right, strict=True)))

    assert nearness(one, same) > 0.5 > nearness(one, other)


async def test_the_rest_of_the_protocol(server: Ollama) -> None:
    async with httpx.AsyncClient(base_url=server.url) as http:
        assert (await http.get("/")).text == "Ollama is running"
        assert (await http.head("/")).status_code == 200
        assert "version" in (await http.get("/api/version")).json()
        assert (await http.get("/api/unknown")).status_code == 404
        assert (await http.post("/api/unknown")).status_code == 404
        assert (await http.post("/api/chat", content=b"{")).status_code == 400
        wrong = await http.post("/api/chat", json={"model": "qwen3:8b", "messages": ASKED, "keep_alive": "soon"})
        assert (wrong.status_code, wrong.json()["error"]) == (400, 'time: invalid duration "soon"')
        first = (await http.post("/api/chat", json={"model": "qwen3:8b", "messages": ASKED})).text.splitlines()
        assert json.loads(first[-1])["done"] is True


async def test_a_server_that_was_killed_comes_back_empty(server: Ollama, client: ollama.AsyncClient) -> None:
    await client.chat("qwen3:8b", [])
    await server.kill()
    with pytest.raises(ConnectionError):
        await client.list()
    await server.start()

    assert (await client.ps()).models == []


@pytest.mark.parametrize("stream", [True, False])
async def test_a_dying_model_breaks_the_connection(client: ollama.AsyncClient, stream: bool) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await (streamed(client, "dying") if stream else said(client, "dying"))


async def test_a_slow_model_is_slow(server: Ollama) -> None:
    assert server.habits.pace_of("slow:latest").first_token_seconds > 1
    assert server.habits.pace_of("qwen3:8b") == Pace()
    assert Habits().manner_of("slow:8b") == "slow"
