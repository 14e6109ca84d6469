"""Deepgram by its own SDK against a server that speaks its protocol."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from shared.kernel.errors import Unavailable
from tests.voice_node.speech.recognition.deepgram_server import DeepgramServer, deepgram, spell, until
from tests.voice_node.speech.telephone import chunks
from voice_node.speech.recognition import Heard, Listened, Utterance
from voice_node.speech.recognition.deepgram_engine import DeepgramEngine
from voice_node.speech.recognition.deepgram_stream import DeepgramStream
from voice_node.speech.recognition.faults import (
    CreditGone,
    KeyRefused,
    LineDropped,
    RecognitionFault,
    TooManyStreams,
)


@asynccontextmanager
async def engine_at(server: DeepgramServer) -> AsyncIterator[DeepgramEngine]:
    engine = DeepgramEngine(key="a key", base_url=server.url, model="nova-3")
    await engine.start()
    yield engine
    await engine.close()


@asynccontextmanager
async def call_to(server: DeepgramServer) -> AsyncIterator[DeepgramStream]:
    async with engine_at(server) as engine:
        stream = engine.for_call()
        yield stream
        await stream.close()


def speak(utterance: Utterance, words: str) -> None:
    for chunk in chunks(spell(words)):
        utterance.hear(chunk)


async def read(utterance: Utterance) -> list[Heard]:
    return [heard async for heard in utterance]


async def hear(stream: DeepgramStream, words: str) -> Heard:
    utterance = stream.open()
    speak(utterance, words)
    utterance.finish()
    return (await read(utterance))[-1]


async def test_words_come_while_they_are_spoken_and_a_flush_brings_the_final_text() -> None:
    async with deepgram() as server, call_to(server) as stream:
        utterance = stream.open()
        speak(utterance, "please call me")
        answers = aiter(utterance)
        assert [(await anext(answers)).text for _ in range(3)] == ["please", "please call", "please call me"]
        utterance.finish()
        last = await anext(answers)
        assert (last.text, last.final, last.seconds) == ("please call me", True, 0.75)
        assert last.confidence == pytest.approx(0.9)
        assert utterance.listened == (Listened(vendor="deepgram_nova", seconds=0.75),)
    (visit,) = server.visits
    assert visit.authorization == "Token a key"
    assert {"model": "nova-3", "encoding": "mulaw", "sample_rate": "8000", "interim_results": "true"}.items() <= (
        visit.query.items()
    )
    assert visit.orders == ["Finalize", "CloseStream"]


async def test_one_connection_serves_every_utterance_of_a_call() -> None:
    async with deepgram() as server, call_to(server) as stream:
        assert (await hear(stream, "hello")).text == "hello"
        assert (await hear(stream, "call me back")).text == "call me back"
        assert len(server.visits) == 1


async def test_the_next_utterance_may_begin_before_the_last_one_has_its_text() -> None:
    async with deepgram() as server, call_to(server) as stream:
        first, second = stream.open(), stream.open()
        speak(first, "hello please")
        first.finish()
        speak(second, "thanks")
        second.finish()
        assert [(await read(each))[-1].text for each in (first, second)] == ["hello please", "thanks"]


async def test_a_flush_that_finds_nothing_waiting_need_not_be_answered() -> None:
    async with deepgram(settles_every=3) as server, call_to(server) as stream:
        assert (await hear(stream, "please call me")).text == "please call me"


async def test_parts_that_became_final_on_the_way_belong_to_the_text() -> None:
    async with deepgram(settles_every=2) as server, call_to(server) as stream:
        assert (await hear(stream, "please call me back tomorrow")).text == "please call me back tomorrow"


async def test_a_line_on_which_nobody_speaks_is_kept_open() -> None:
    async with deepgram() as server:
        engine = DeepgramEngine(key="a key", base_url=server.url, model="nova-3", keep_alive_seconds=0.01)
        await engine.start()
        stream = engine.for_call()
        await until(lambda: server.visits and server.visits[0].orders.count("KeepAlive") > 1)
        assert (await hear(stream, "hello")).text == "hello"
        await stream.close()
        await engine.close()


async def test_a_line_that_breaks_is_opened_again_and_told_what_has_no_final_text_yet() -> None:
    async with deepgram(settles_every=2, drops_after=3, times=1) as server, call_to(server) as stream:
        utterance = stream.open()
        speak(utterance, "please call me")
        await until(lambda: len(server.visits) == 2)
        speak(utterance, "back")
        utterance.finish()
        assert (await read(utterance))[-1].text == "please call me back"
        (listened,) = utterance.listened
        assert len(server.visits[1].sound) == 4_000
        assert listened.seconds == 1.25


async def test_a_line_that_breaks_while_nobody_speaks_is_opened_again_with_the_next_word() -> None:
    async with deepgram(drops_after=1, times=1) as server, call_to(server) as stream:
        await until(lambda: server.visits)
        abandoned = stream.open()
        speak(abandoned, "hello")
        abandoned.abandon()
        await until(lambda: server.visits[0].is_over)
        assert (await hear(stream, "call me")).text == "call me"
        assert len(server.visits) == 2


async def test_a_line_that_breaks_twice_is_given_up() -> None:
    async with deepgram(drops_after=1) as server, call_to(server) as stream:
        with pytest.raises(LineDropped):
            await hear(stream, "please call me")
        assert len(server.visits) == 2


@pytest.mark.parametrize(
    ("status", "fault"), [(401, KeyRefused), (402, CreditGone), (429, TooManyStreams), (500, LineDropped)]
)
async def test_a_refused_handshake_is_named(status: int, fault: type[RecognitionFault]) -> None:
    async with deepgram(refuses=status) as server, call_to(server) as stream:
        with pytest.raises(fault) as raised:
            await hear(stream, "hello")
        assert "a key" not in str(raised.value)
    async with deepgram(refuses=status) as server, engine_at(server) as engine:
        with pytest.raises(fault):
            await engine.probe()


async def test_an_error_on_the_line_is_passed_on() -> None:
    async with deepgram(says_error="no such thing") as server, call_to(server) as stream:
        with pytest.raises(LineDropped, match="no such thing"):
            await hear(stream, "hello please")


async def test_a_server_that_is_not_there_is_named() -> None:
    async with deepgram() as server:
        pass
    async with call_to(server) as stream:
        with pytest.raises(LineDropped):
            await hear(stream, "hello")


async def test_the_end_of_the_call_ends_what_is_open() -> None:
    async with deepgram() as server, call_to(server) as stream:
        utterance = stream.open()
        speak(utterance, "hello")
        await until(lambda: server.visits and server.visits[0].sound)
        await stream.close()
        with pytest.raises(LineDropped):
            await read(utterance)
        with pytest.raises(LineDropped):
            stream.open()
        assert server.visits[0].orders[-1] == "CloseStream"


async def test_an_open_door_can_be_looked_at_without_sound() -> None:
    async with deepgram() as server, engine_at(server) as engine:
        await engine.probe()
        assert not server.visits[0].sound


async def test_without_a_key_it_does_not_start() -> None:
    with pytest.raises(Unavailable, match="DEEPGRAM_API_KEY"):
        await DeepgramEngine(key="", base_url="https://api.deepgram.com", model="nova-3").start()
