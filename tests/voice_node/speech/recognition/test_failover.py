"""One engine fails, the next one hears the same utterance; an engine that keeps failing is left alone for a while."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from shared.kernel.errors import Unavailable
from shared.metrics import Metric, counting
from tests.voice_node.speech.recognition.deepgram_server import deepgram, spell, until
from tests.voice_node.speech.telephone import chunks, over_the_line
from voice_node.speech.recognition import EngineFacts, Heard, Listened, RecognitionEngine, Utterance
from voice_node.speech.recognition.deepgram_engine import DeepgramEngine
from voice_node.speech.recognition.failover import FailoverEngine
from voice_node.speech.recognition.failover_utterance import FailoverUtterance
from voice_node.speech.recognition.faults import KeyRefused, LineDropped
from voice_node.speech.recognition.sphinx_engine import sphinx_engine
from voice_node.speech.renderer import Renderer

SOUND = spell("hello please call")
LONG, SHORT = 20.0, 0.02


@dataclass
class Engine:
    """An engine that says a guess while it listens, then its final text; ``fails`` instead, or says nothing more."""

    name: str
    guess: str = ""
    fails: Unavailable | None = None
    is_mute: bool = False
    takes: float = 0.0
    starts: bool = True
    opened: list["Ear"] = field(default_factory=list)
    closed: int = 0

    @property
    def facts(self) -> EngineFacts:
        return EngineFacts(name=self.name, vendor=f"{self.name} inc", version="1", slowest_final_seconds=0.3)

    async def start(self) -> None:
        if not self.starts:
            raise Unavailable(f"{self.name} has no model")

    def for_call(self) -> "Engine":
        return self

    def open(self) -> "Ear":
        self.opened.append(Ear(self))
        return self.opened[-1]

    async def close(self) -> None:
        self.closed += 1


class Ear:
    """An utterance of such an engine: its text is its name and the number of bytes it heard."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._ended = asyncio.Event()
        self.sound = bytearray()
        self.abandoned = False

    @property
    def seconds(self) -> float:
        return len(self.sound) / 16_000

    @property
    def listened(self) -> tuple[Listened, ...]:
        return (Listened(vendor=self._engine.facts.vendor, seconds=self.seconds),)

    def hear(self, pcm: bytes) -> None:
        self.sound += pcm

    def finish(self) -> None:
        self._ended.set()

    def abandon(self) -> None:
        self.abandoned = True
        self._ended.set()

    async def __aiter__(self) -> AsyncIterator[Heard]:
        if self._engine.guess:
            yield Heard(text=self._engine.guess, final=False, seconds=self.seconds)
        if self._engine.fails:
            raise self._engine.fails
        await self._ended.wait()
        if self.abandoned:
            return
        if self._engine.is_mute:
            await asyncio.Event().wait()
        await asyncio.sleep(self._engine.takes)
        yield Heard(text=f"{self._engine.name} {len(self.sound)}", final=True, seconds=self.seconds)


@asynccontextmanager
async def ears(*engines: RecognitionEngine, deadline: float = LONG) -> AsyncIterator[FailoverEngine]:
    failover = FailoverEngine(engines, deadline_seconds=deadline, now=lambda: 0.0)
    await failover.start()
    yield failover
    await failover.close()


async def read(utterance: Utterance) -> list[Heard]:
    return [heard async for heard in utterance]


async def said(failover: FailoverEngine, sound: bytes = SOUND) -> tuple[list[Heard], FailoverUtterance]:
    utterance = failover.for_call().open()
    for chunk in chunks(sound):
        utterance.hear(chunk)
    utterance.finish()
    return await read(utterance), utterance


async def test_the_first_engine_is_heard_and_the_second_is_not_even_asked() -> None:
    first, second = Engine("first", guess="hello"), Engine("second")
    async with ears(first, second) as failover:
        heard, utterance = await said(failover)
        assert [(each.text, each.final) for each in heard] == [("hello", False), (f"first {len(SOUND)}", True)]
        assert utterance.listened == (Listened(vendor="first inc", seconds=len(SOUND) / 16_000),)
        assert not second.opened
        assert failover.facts == first.facts


async def test_an_engine_that_fails_in_mid_sentence_hands_the_whole_utterance_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    first, second = Engine("first", guess="hel", fails=LineDropped("gone")), Engine("second")
    with counting() as tally, caplog.at_level(logging.WARNING):
        async with ears(first, second) as failover:
            heard, utterance = await said(failover)
    assert heard[-1].text == f"second {len(SOUND)}"
    assert first.opened[0].abandoned
    assert [each.vendor for each in utterance.listened] == ["first inc", "second inc"]
    assert tally.sums() == {(Metric.RECOGNITION_FAULTS, (("engine", "first"), ("reason", "line_dropped"))): 1}
    assert [(record.__dict__["engine"], record.__dict__["taken_over_by"]) for record in caplog.records] == [
        ("first", "second")
    ]


async def test_an_engine_that_is_not_done_in_time_hands_the_utterance_on() -> None:
    first, second = Engine("first", is_mute=True), Engine("second")
    async with ears(first, second, deadline=SHORT) as failover:
        heard, _ = await said(failover)
        assert heard[-1].text == f"second {len(SOUND)}"


async def test_the_deadline_counts_from_the_end_of_speech() -> None:
    first, second = Engine("first"), Engine("second")
    async with ears(first, second, deadline=SHORT) as failover:
        utterance = failover.for_call().open()
        reading = asyncio.create_task(read(utterance))
        await asyncio.sleep(5 * SHORT)
        utterance.hear(SOUND)
        utterance.finish()
        assert (await reading)[-1].text == f"first {len(SOUND)}"


async def test_the_last_engine_is_waited_for() -> None:
    only = Engine("only", takes=5 * SHORT)
    async with ears(only, deadline=SHORT) as failover:
        heard, _ = await said(failover)
        assert heard[-1].text == f"only {len(SOUND)}"


async def test_when_all_fail_the_last_guess_is_better_than_nothing() -> None:
    first, second = (
        Engine("first", guess="stop calling", fails=LineDropped("gone")),
        Engine("second", fails=LineDropped("gone")),
    )
    async with ears(first, second) as failover:
        heard, _ = await said(failover)
        assert (heard[-1].text, heard[-1].final) == ("stop calling", True)
    async with ears(Engine("only", fails=LineDropped("gone"))) as failover:
        with pytest.raises(LineDropped):
            await said(failover)


async def test_an_abandoned_utterance_says_no_more() -> None:
    async with ears(Engine("first", guess="hello")) as failover:
        utterance = failover.for_call().open()
        utterance.hear(SOUND)
        utterance.abandon()
        assert not [heard for heard in await read(utterance) if heard.final]


async def test_an_engine_that_does_not_start_is_left_out_and_without_any_there_is_no_start() -> None:
    broken, works = Engine("broken", starts=False), Engine("works")
    async with ears(broken, works) as failover:
        heard, _ = await said(failover)
        assert heard[-1].text == f"works {len(SOUND)}"
    with pytest.raises(Unavailable, match="broken has no model"):
        await FailoverEngine([broken], deadline_seconds=1, now=lambda: 0.0).start()


async def test_a_refused_key_is_not_tried_again_by_the_next_call() -> None:
    first, second = Engine("first", fails=KeyRefused("no")), Engine("second")
    async with ears(first, second) as failover:
        await said(failover)
        await said(failover)
        assert (len(first.opened), len(second.opened)) == (1, 2)
        assert failover.facts == second.facts


async def test_deepgram_breaks_off_in_mid_sentence_and_the_embedded_engine_hears_the_same_words(
    cache: Path, renderer: Renderer
) -> None:
    sound = over_the_line(renderer, "Please take me off your list.")
    async with deepgram(drops_after=2) as server:
        cloud = DeepgramEngine(key="a key", base_url=server.url, model="nova-3")
        failover = FailoverEngine(
            [cloud, sphinx_engine(cache, processes=1, decoders=1)], deadline_seconds=LONG, now=lambda: 0.0
        )
        await failover.start()
        call = failover.for_call()
        utterance = call.open()
        reading = asyncio.create_task(read(utterance))
        utterance.hear(sound[:16_000])
        await until(lambda: len(server.visits) == 2 and server.visits[1].is_over)
        utterance.hear(sound[16_000:])
        utterance.finish()
        assert (await reading)[-1].text == "please take me off your list"
        await call.close()
        await failover.close()


async def test_when_every_engine_rests_one_is_asked_all_the_same() -> None:
    only = Engine("only", fails=KeyRefused("no"))
    async with ears(only) as failover:
        with pytest.raises(KeyRefused):
            await said(failover)
        only.fails = None
        heard, _ = await said(failover)
        assert heard[-1].text == f"only {len(SOUND)}"


async def test_deepgram_that_takes_everything_and_says_nothing_is_too_slow() -> None:
    second = Engine("second")
    async with deepgram(is_mute=True) as server:
        cloud = DeepgramEngine(key="a key", base_url=server.url, model="nova-3")
        with counting() as tally:
            async with ears(cloud, second, deadline=SHORT) as failover:
                call = failover.for_call()
                utterance = call.open()
                utterance.hear(SOUND)
                utterance.finish()
                assert (await read(utterance))[-1].text == f"second {len(SOUND)}"
                await call.close()
        assert tally.sums() == {(Metric.RECOGNITION_FAULTS, (("engine", "deepgram"), ("reason", "too_slow"))): 1}
