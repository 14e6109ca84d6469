"""A voice that starts from prepared speech where it has some, and synthesises only the rest."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from voice_node.speech.clauses import CLAUSE_PAUSE_MS, LAST_PAUSE_MS, SENTENCE_PAUSE_MS
from voice_node.speech.prepared.cache import AudioCache
from voice_node.speech.prepared.entry import key_of
from voice_node.speech.prepared.pieces import head_and_rest, sentences
from voice_node.speech.prepared.seams import SmoothEnds, silence
from voice_node.speech.synthesis.port import Synthesiser
from voice_node.speech.voice import Voice


@dataclass(frozen=True, kw_only=True)
class Part:
    """A stretch of a text, the silence after it, and its sound where that is prepared."""

    text: str
    pause_ms: int
    sound: bytes | None = None


class PreparedVoice:
    """A synthesiser over another one and the cache. Texts of which nothing is prepared go through whole."""

    def __init__(self, inner: Synthesiser, cache: AudioCache) -> None:
        self._inner = inner
        self._cache = cache
        self.name, self.vendor, self.version = inner.name, inner.vendor, inner.version

    async def synthesise(self, text: str, voice: Voice) -> AsyncGenerator[bytes]:
        """As the inner one; the sound of prepared sentences and first clauses comes at once."""
        parts = await self._parts(text, voice)
        for place, part in enumerate(parts):
            pause = silence(part.pause_ms if place < len(parts) - 1 else LAST_PAUSE_MS)
            if part.sound is not None:
                yield part.sound + pause
                continue
            ends = SmoothEnds()
            async with aclosing(self._inner.synthesise(part.text, voice)) as pieces:
                async for pcm in pieces:
                    if smooth := ends.take(pcm):
                        yield smooth
            if last := ends.finish():
                yield last + (pause if len(parts) > 1 else b"")

    async def _parts(self, text: str, voice: Voice) -> list[Part]:
        parts: list[Part] = []
        for sentence in sentences(text):
            for part in await self._parts_of(sentence, voice):
                if parts and part.sound is None and parts[-1].sound is None:
                    # The engine says in one go what it has to say in one go: the melody is better.
                    parts[-1] = Part(text=f"{parts[-1].text} {part.text}", pause_ms=part.pause_ms)
                else:
                    parts.append(part)
        return parts

    async def _parts_of(self, sentence: str, voice: Voice) -> list[Part]:
        whole = await self._cache.get(key_of(sentence, voice, self._inner))
        split = head_and_rest(sentence) if whole is None else None
        if split is not None:
            head = await self._cache.get(key_of(split[0], voice, self._inner))
            if head is not None:
                return [
                    Part(text=split[0], pause_ms=CLAUSE_PAUSE_MS, sound=head),
                    Part(text=split[1], pause_ms=SENTENCE_PAUSE_MS),
                ]
        return [Part(text=sentence, pause_ms=SENTENCE_PAUSE_MS, sound=whole)]
