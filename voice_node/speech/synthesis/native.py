"""Sentences in another language, spoken by a voice that has it; everything else goes to the call's own voice."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing

from voice_node.speech.synthesis.port import Synthesiser
from voice_node.speech.voice import Voice

SPANISH = "es-419"
"""The language of the embedded engine that people in the Americas speak."""


class NativeVoice:
    """A synthesiser over two: which of them speaks a text is known by the text itself, whole.

    Args:
        own: The call's own voice.
        native: Speaks the other languages.
        languages: Texts that are in another language, and the engine's name for it.
    """

    def __init__(self, own: Synthesiser, native: Synthesiser, languages: Mapping[str, str]) -> None:
        self._own = own
        self._native = native
        self._languages = languages
        self.name, self.vendor, self.version = own.name, own.vendor, own.version

    async def synthesise(self, text: str, voice: Voice) -> AsyncGenerator[bytes]:
        """As the one whose language it is; the other language keeps the voice's variant, rate and pitch."""
        language = self._languages.get(" ".join(text.split()))
        speaker = self._own if language is None else self._native
        chosen = voice if language is None else native_voice(language, voice)
        async with aclosing(speaker.synthesise(text, chosen)) as pieces:
            async for pcm in pieces:
                yield pcm


def native_voice(language: str, voice: Voice) -> Voice:
    """The voice, speaking the language: ``en-us+f2`` becomes ``es-419+f2``."""
    _, plus, variant = voice.name.partition("+")
    return Voice(name=f"{language}{plus}{variant}", words_per_minute=voice.words_per_minute, pitch=voice.pitch)
