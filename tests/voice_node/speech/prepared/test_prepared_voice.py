"""A reply starts from what is prepared; only the rest is synthesised, and no join is heard."""

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.conversation.script import load_script, script_names
from tests.voice_node.doubles import make_brief
from tests.voice_node.speech.synthesis.voices import WordByWord, hum, spoken
from voice_node.speech.espeak import EspeakEngine
from voice_node.speech.levels import SPEECH_LEVEL, from_pcm, speech_level
from voice_node.speech.prepared.cache import AudioCache
from voice_node.speech.prepared.preparation import Preparation
from voice_node.speech.prepared.seams import FADE_SAMPLES, SmoothEnds, trimmed
from voice_node.speech.prepared.shelves import MemoryShelf
from voice_node.speech.prepared.texts import person_texts, script_texts, seller_texts
from voice_node.speech.prepared.voice import PreparedVoice
from voice_node.speech.synthesis.levelled import Levelled, Levels
from voice_node.speech.voice import AGENT_VOICE, Voice

AVA = Voice(name="en-us+f2")


@pytest.fixture
def cache() -> AudioCache:
    return AudioCache(memory=MemoryShelf(10_000_000), remote=None, disk=None, now=lambda: 0.0)


@pytest.fixture
async def engine() -> AsyncIterator[EspeakEngine]:
    running = EspeakEngine()
    await running.start()
    yield running
    await running.close()


async def prepare(preparation: Preparation, *texts: str, voice: Voice = AVA) -> None:
    preparation.want(texts, voice)
    working = asyncio.create_task(preparation.run())
    await preparation.all_made()
    working.cancel()


async def test_a_text_that_is_prepared_asks_nothing_of_the_engine(cache: AudioCache) -> None:
    engine = WordByWord()
    await prepare(Preparation(engine, cache), "Are you there?")
    engine.asked.clear()
    assert len(await spoken(PreparedVoice(engine, cache).synthesise("Are you there?", AVA))) == 1
    assert engine.asked == []


async def test_a_text_of_which_nothing_is_prepared_goes_through_whole(cache: AudioCache) -> None:
    engine = WordByWord()
    await spoken(PreparedVoice(engine, cache).synthesise("One, two. Three.", AVA))
    assert engine.asked == ["One, two. Three."]


async def test_only_what_lies_between_prepared_sentences_is_synthesised(cache: AudioCache) -> None:
    engine = WordByWord()
    await prepare(Preparation(engine, cache), "Great.", "Does that work for you?")
    engine.asked.clear()
    text = "Great. Thursday is free. So is Friday. Does that work for you?"
    pieces = await spoken(PreparedVoice(engine, cache).synthesise(text, AVA))
    assert engine.asked == ["Thursday is free. So is Friday."]
    assert len(pieces[0]) > 0


async def test_a_sentence_starts_from_its_prepared_first_clause(cache: AudioCache) -> None:
    engine = WordByWord()
    await prepare(Preparation(engine, cache), "Just so I have it right,")
    engine.asked.clear()
    await spoken(PreparedVoice(engine, cache).synthesise("Just so I have it right, you said three bedrooms?", AVA))
    assert engine.asked == ["you said three bedrooms?"]


async def test_an_engine_of_another_version_does_not_get_this_ones_sound(cache: AudioCache) -> None:
    await prepare(Preparation(WordByWord(), cache), "Great.")
    newer = WordByWord(version="2")
    await spoken(PreparedVoice(newer, cache).synthesise("Great.", AVA))
    assert newer.asked == ["Great."]


async def test_what_is_there_is_not_prepared_again_and_people_on_the_line_go_first(cache: AudioCache) -> None:
    engine = WordByWord()
    preparation = Preparation(engine, cache)
    preparation.want(["One.", "Two."], AVA)
    preparation.want(["Hello Bob."], AVA, is_personal=True)
    preparation.want(["One."], AVA)
    await prepare(preparation)
    assert engine.asked == ["Hello Bob.", "One.", "Two."]


@pytest.mark.parametrize("name", script_names())
def test_every_script_has_words_to_prepare_and_none_with_a_gap(name: str) -> None:
    script = load_script(name)
    brief = make_brief(script=name)
    fixed, sellers = list(script_texts(script)), list(seller_texts(brief, script))
    personal = list(person_texts(brief, script))
    assert len(fixed) > 20
    assert not [text for text in [*fixed, *sellers, *personal] if "{" in text]
    assert any("Acme" in text for text in sellers)
    assert not [text for text in sellers if "Bob" in text or "Oak" in text]
    assert "Is this Bob?" in personal
    assert 3 <= len(personal) <= 12
    inbound = list(person_texts(make_brief(script=name, direction="inbound"), script))
    assert "Am I speaking with Bob?" in inbound


async def test_cached_and_fresh_speech_are_equally_loud_and_meet_without_a_click(
    cache: AudioCache, engine: EspeakEngine
) -> None:
    head, rest = "Thank you for telling me.", "Would Thursday afternoon at two work for you?"
    await prepare(Preparation(engine, cache), head, voice=AGENT_VOICE)
    pieces = await spoken(PreparedVoice(engine, cache).synthesise(f"{head} {rest}", AGENT_VOICE))
    cached, fresh = from_pcm(pieces[0]), from_pcm(b"".join(pieces[1:]))
    assert speech_level(cached, 8_000) == pytest.approx(SPEECH_LEVEL, rel=0.35)
    assert speech_level(fresh, 8_000) == pytest.approx(speech_level(cached, 8_000), rel=0.35)
    for edge in (cached[:1], cached[-1:], fresh[:1], fresh[-1:]):
        assert np.abs(edge).max() < 0.01
    assert np.abs(np.concatenate([cached, fresh])).max() < 0.95


async def test_voices_of_any_level_become_equally_loud_and_never_clip() -> None:
    for level in (0.04, 0.1, 0.35):
        voices = Levelled(WordByWord(level=level), Levels())
        first, second = [from_pcm(b"".join(await spoken(voices.synthesise("one two three", AVA)))) for _ in range(2)]
        assert speech_level(second, 8_000) == pytest.approx(SPEECH_LEVEL, rel=0.05)
        assert np.abs(first).max() < 0.95
        inner = from_pcm(hum(0.4, level=level))
        assert speech_level(first, 8_000) / speech_level(inner, 8_000) == pytest.approx(
            min(max(SPEECH_LEVEL / level, 0.5), 2.0), rel=0.06
        )


@given(st.lists(st.integers(0, 400), max_size=8))
def test_smooth_ends_lose_no_sample_and_touch_only_the_ends(sizes: list[int]) -> None:
    whole = (np.ones(sum(sizes)) * 12_000).astype("<i2")
    ends, taken, begin = SmoothEnds(), b"", 0
    for size in sizes:
        taken += ends.take(whole[begin : begin + size].tobytes())
        begin += size
    taken += ends.finish()
    samples = np.frombuffer(taken, dtype="<i2")
    assert len(samples) == len(whole)
    if len(samples) > 3 * FADE_SAMPLES:
        assert np.abs(samples[FADE_SAMPLES:-FADE_SAMPLES].astype(int) - 12_000).max() <= 1
        assert abs(int(samples[0])) < 200
        assert abs(int(samples[-1])) < 200
        assert np.abs(np.diff(samples.astype(int))).max() < 1_000


def test_silence_around_speech_is_cut_and_silence_alone_is_nothing() -> None:
    quiet = bytes(8_000)
    assert trimmed(quiet) == b""
    assert len(trimmed(quiet + hum(0.5) + quiet)) == pytest.approx(len(hum(0.5)), abs=800)
