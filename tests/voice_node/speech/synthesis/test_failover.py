"""When a voice fails: the next one speaks the same words, and the first is left alone for a while."""

import asyncio
import itertools
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import Unavailable
from shared.metrics import Metric, counting
from tests.voice_node.speech.synthesis.voices import WordByWord, spoken
from voice_node.breaker import FAILURES, REST_SECONDS, Breaker
from voice_node.speech.synthesis.cover import Cover
from voice_node.speech.synthesis.failover import Failover, Stage
from voice_node.speech.synthesis.port import SynthesisFailed
from voice_node.speech.synthesis.resuming import rest_of
from voice_node.speech.voice import UnknownVoice, Voice

AVA = Voice(name="en-us+f2")
TEXT = "Thursday at two is free, or Friday at ten. Which one would you like?"


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class OnCue(WordByWord):
    """Speaks when told to. ``is_asked`` is set as soon as it was asked."""

    cue: asyncio.Event = field(default_factory=asyncio.Event)
    is_asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def synthesise(self, text: str, voice: Voice) -> AsyncGenerator[bytes]:
        self.is_asked.set()
        try:
            await self.cue.wait()
            async with aclosing(super().synthesise(text, voice)) as pieces:
                async for pcm in pieces:
                    yield pcm
        finally:
            self.closed += not self.cue.is_set()


def chain(
    *engines: WordByWord,
    now: Clock | None = None,
    patience: float = 0.02,
    head_start: float = 0,
    cover: Cover | None = None,
) -> Failover:
    clock = now or Clock()
    return Failover(
        [
            Stage(
                engine=engine,
                breaker=Breaker(clock),
                first_byte_seconds=patience,
                stall_seconds=patience,
                head_start_seconds=head_start,
            )
            for engine in engines
        ],
        cover=cover,
    )


def nothing_covered() -> Cover:
    """Whatever comes has been heard by the next look."""
    return Cover(itertools.count(0, 1_000).__next__)


def speaking(voices: Failover) -> asyncio.Task[list[bytes]]:
    return asyncio.create_task(spoken(voices.synthesise(TEXT, AVA)))


async def test_the_first_engine_speaks_when_it_can() -> None:
    first, second = WordByWord(), WordByWord()
    assert len(await spoken(chain(first, second).synthesise(TEXT, AVA))) == len(TEXT.split())
    assert second.asked == []


async def test_an_engine_that_fails_at_once_is_followed_by_one_that_says_everything() -> None:
    first, second = WordByWord(name="premium", fault=SynthesisFailed("premium", "quota_exceeded")), WordByWord()
    with counting() as counted:
        await spoken(chain(first, second).synthesise(TEXT, AVA))
    assert second.asked == [TEXT]
    labels = (("engine", "premium"), ("reason", "quota_exceeded"))
    assert counted.sums() == {(Metric.SPEECH_FAILURES, labels): 1}


async def test_a_slow_first_byte_is_a_failure_and_the_slow_engine_is_closed() -> None:
    first, second = WordByWord(hangs=True), WordByWord()
    await spoken(chain(first, second).synthesise(TEXT, AVA))
    assert second.asked == [TEXT]
    assert first.closed == 1


async def test_an_engine_that_breaks_off_is_followed_from_the_clause_it_broke_in() -> None:
    first, second = WordByWord(fault=SynthesisFailed("premium", "dropped"), breaks_after=8), WordByWord()
    await spoken(chain(first, second).synthesise(TEXT, AVA))
    assert second.asked == ["or Friday at ten. Which one would you like?"]


async def test_an_engine_that_stalls_is_followed_from_the_clause_it_stalled_in() -> None:
    first, second = WordByWord(hangs=True, breaks_after=12), WordByWord()
    await spoken(chain(first, second, cover=nothing_covered()).synthesise(TEXT, AVA))
    assert second.asked == ["Which one would you like?"]


async def test_a_late_engine_is_not_left_before_the_next_one_has_sound() -> None:
    first, second = OnCue(), OnCue()
    saying = speaking(chain(first, second))
    await second.is_asked.wait()
    first.cue.set()
    assert len(await saying) == len(TEXT.split())
    assert (len(first.said), second.said) == (len(TEXT.split()), [])


async def test_a_late_engine_is_left_once_the_next_one_has_sound() -> None:
    first, second = OnCue(), OnCue()
    saying = speaking(chain(first, second))
    await second.is_asked.wait()
    second.cue.set()
    assert len(await saying) == len(TEXT.split())
    assert (first.asked, second.asked) == ([], [TEXT])


async def test_the_next_engine_is_asked_ahead_and_not_heard_when_the_first_speaks_in_time() -> None:
    first, second = OnCue(), OnCue()
    saying = speaking(chain(first, second, patience=30, head_start=30))
    await second.is_asked.wait()
    first.cue.set()
    assert len(await saying) == len(TEXT.split())
    assert (len(first.said), second.closed) == (len(TEXT.split()), 1)


async def test_an_engine_is_not_late_while_something_is_still_heard() -> None:
    first, second, cover = OnCue(), OnCue(), Cover(lambda: 0.0)
    cover.add(bytes(16_000 * 60))
    saying = speaking(chain(first, second, cover=cover))
    await asyncio.sleep(0.1)
    assert not second.is_asked.is_set()
    first.cue.set()
    assert len(await saying) == len(TEXT.split())


async def test_when_the_next_one_fails_too_its_fault_is_told() -> None:
    voices = chain(WordByWord(hangs=True), WordByWord(fault=SynthesisFailed("local", "died")))
    with pytest.raises(Unavailable, match="local: died"):
        await spoken(voices.synthesise(TEXT, AVA))


async def test_an_interruption_closes_whoever_was_asked() -> None:
    first, second = OnCue(), OnCue()
    saying = speaking(chain(first, second, patience=30, head_start=30))
    await second.is_asked.wait()
    saying.cancel()
    await asyncio.gather(saying, return_exceptions=True)
    assert (first.closed, second.closed) == (1, 1)


async def test_an_engine_that_tells_how_far_it_came_is_believed() -> None:
    fault = SynthesisFailed("premium", "dropped", spoken=TEXT.index("Which"))
    first, second = WordByWord(fault=fault, breaks_after=2), WordByWord()
    await spoken(chain(first, second).synthesise(TEXT, AVA))
    assert second.asked == ["Which one would you like?"]


async def test_an_engine_that_breaks_after_the_last_word_needs_no_other() -> None:
    first, second = WordByWord(fault=SynthesisFailed("premium", "dropped", spoken=14), breaks_after=2), WordByWord()
    await spoken(chain(first, second).synthesise("Are you there?", AVA))
    assert second.asked == []


async def test_speech_without_sound_is_a_failure() -> None:
    first, second = WordByWord(is_mute=True), WordByWord()
    await spoken(chain(first, second).synthesise("Hello.", AVA))
    assert second.asked == ["Hello."]


async def test_the_last_fault_is_told_when_nobody_speaks() -> None:
    first = WordByWord(fault=SynthesisFailed("premium", "dropped"))
    second = WordByWord(fault=SynthesisFailed("local", "died"))
    with pytest.raises(Unavailable, match="local: died"):
        await spoken(chain(first, second).synthesise(TEXT, AVA))


async def test_a_voice_that_one_engine_lacks_does_not_trip_its_breaker() -> None:
    clock = Clock()
    first, second = WordByWord(fault=UnknownVoice("en-us+nobody")), WordByWord()
    voices = chain(first, second, now=clock)
    for _ in range(FAILURES + 1):
        await spoken(voices.synthesise("Hello.", AVA))
    assert len(first.asked) == FAILURES + 1


async def test_an_engine_that_keeps_failing_is_left_alone_and_then_tried_once() -> None:
    clock = Clock()
    first, second = WordByWord(fault=SynthesisFailed("premium", "dropped")), WordByWord()
    voices = chain(first, second, now=clock)
    for _ in range(FAILURES + 2):
        await spoken(voices.synthesise("Hello.", AVA))
    assert len(first.asked) == FAILURES
    clock.seconds += REST_SECONDS
    await spoken(voices.synthesise("Hello.", AVA))
    await spoken(voices.synthesise("Hello.", AVA))
    assert len(first.asked) == FAILURES + 1
    clock.seconds += REST_SECONDS
    first.fault = None
    await spoken(voices.synthesise("Hello.", AVA))
    await spoken(voices.synthesise("Hello.", AVA))
    assert len(first.asked) == FAILURES + 3


async def test_the_last_engine_is_asked_even_when_it_should_rest() -> None:
    only = WordByWord(fault=SynthesisFailed("local", "died"))
    voices = chain(only)
    for _ in range(FAILURES + 1):
        with pytest.raises(Unavailable):
            await spoken(voices.synthesise("Hello.", AVA))
    only.fault = None
    assert await spoken(voices.synthesise("Hello.", AVA))


async def test_an_interruption_is_no_failure_and_closes_the_engine() -> None:
    first, second = WordByWord(), WordByWord()
    pieces = chain(first, second).synthesise(TEXT, AVA)
    await anext(pieces)
    await pieces.aclose()
    assert first.closed == 1
    assert second.asked == []


@given(st.text(alphabet="ab ,.?", max_size=80), st.floats(0, 20), st.none() | st.integers(0, 90))
def test_no_word_is_lost_by_resuming(text: str, seconds: float, reached: int | None) -> None:
    rest = rest_of(text, seconds=seconds, spoken=reached)
    assert text.strip().endswith(rest)
    if reached is not None and seconds > 0:
        assert len(text.strip()) - len(rest) <= max(reached, 0) or not rest
