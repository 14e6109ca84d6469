"""Equal loudness for engines that do not know ours: learned per voice, steady within an utterance."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import numpy as np

from voice_node.speech.levels import SPEECH_LEVEL, from_pcm, limited, speech_level, to_pcm
from voice_node.speech.synthesis.port import RATE_HZ, Synthesiser
from voice_node.speech.voice import Voice

FIRST_GAIN = 2.0
"""How far the first utterance of a voice is moved at most: it is judged by its first piece alone."""
HIGHEST_GAIN = 4.0
NEW_SHARE = 0.3


class Levels:
    """How loud each voice of an engine speaks by itself: shared by the calls of a worker."""

    def __init__(self) -> None:
        self._levels: dict[Voice, float] = {}

    def gain(self, voice: Voice) -> float | None:
        """What brings the voice to the common loudness; ``None`` before it was heard."""
        level = self._levels.get(voice)
        return None if level is None else _bounded(SPEECH_LEVEL / level, HIGHEST_GAIN)

    def learn(self, voice: Voice, level: float) -> None:
        """An utterance of the voice was this loud."""
        before = self._levels.get(voice, level)
        self._levels[voice] = before + NEW_SHARE * (level - before)


class Levelled:
    """A synthesiser at the common loudness, its peaks limited. The gain changes between utterances only."""

    def __init__(self, inner: Synthesiser, levels: Levels) -> None:
        self._inner = inner
        self._levels = levels
        self.name, self.vendor, self.version = inner.name, inner.vendor, inner.version

    async def synthesise(self, text: str, voice: Voice) -> AsyncGenerator[bytes]:
        """As the inner one, louder or softer."""
        gain = self._levels.gain(voice)
        heard: list[bytes] = []
        async with aclosing(self._inner.synthesise(text, voice)) as pieces:
            async for pcm in pieces:
                samples = from_pcm(pcm)
                if gain is None and (level := speech_level(samples, RATE_HZ)):
                    gain = _bounded(SPEECH_LEVEL / level, FIRST_GAIN)
                heard.append(pcm)
                yield to_pcm(limited(samples * np.float32(gain or 1.0)))
        if level := speech_level(from_pcm(b"".join(heard)), RATE_HZ):
            self._levels.learn(voice, level)


def _bounded(gain: float, most: float) -> float:
    return min(max(gain, 1 / most), most)
