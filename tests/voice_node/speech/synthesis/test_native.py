"""A Spanish sentence is spoken by a voice that speaks Spanish, every other one by the call's own."""

from collections.abc import AsyncGenerator

import pytest

from shared.conversation.script import load_script
from tests.voice_node.speech.synthesis.voices import WordByWord, spoken
from voice_node.speech.espeak import EspeakEngine
from voice_node.speech.prepared.texts import script_texts, spanish_texts
from voice_node.speech.synthesis.native import SPANISH, NativeVoice, native_voice
from voice_node.speech.voice import AGENT_VOICE, Voice

SCRIPT = load_script("seller_home_value")
OFFER = SCRIPT.variants["spanish_offer"][0]


class Cast(WordByWord):
    """Writes down who was to speak."""

    async def synthesise(self, text: str, voice: Voice) -> AsyncGenerator[bytes]:
        self.said.append(voice.name)
        async for pcm in super().synthesise(text, voice):
            yield pcm


async def test_each_text_goes_to_the_voice_that_has_its_language() -> None:
    own, native = Cast(name="own"), Cast(name="native")
    voice = NativeVoice(own, native, dict.fromkeys(spanish_texts(SCRIPT), SPANISH))

    await spoken(voice.synthesise("I'm sorry, I only speak English.", AGENT_VOICE))
    await spoken(voice.synthesise(f" {OFFER}\n", AGENT_VOICE))

    assert (own.asked, own.said[0]) == (["I'm sorry, I only speak English."], "en-us+f2")
    assert (len(native.asked), native.said[0]) == (1, "es-419+f2")
    assert voice.name == "own"


def test_the_voice_keeps_its_manner() -> None:
    voice = native_voice(SPANISH, Voice(name="en-us", words_per_minute=150, pitch=40))

    assert voice == Voice(name="es-419", words_per_minute=150, pitch=40)


def test_what_is_spanish_is_known_and_is_not_prepared_in_english() -> None:
    spanish = spanish_texts(SCRIPT)

    assert OFFER in spanish
    assert len(spanish) == 4
    assert spanish.isdisjoint(script_texts(SCRIPT))


@pytest.mark.parametrize("name", [AGENT_VOICE.name, "en-us"])
async def test_the_embedded_engine_speaks_it(name: str) -> None:
    engine = EspeakEngine()
    await engine.start()
    try:
        spanish = native_voice(SPANISH, Voice(name=name))
        sound = [await engine.render(OFFER, each) for each in (spanish, Voice(name=name))]
    finally:
        await engine.close()

    assert len(sound[0]) > 8_000 * 2
    assert sound[0] != sound[1]
