"""ElevenLabs as a voice of the node: sockets that are kept open for the voices in use, shared by all calls."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import aclosing

from voice_node.speech.synthesis.elevenlabs.config import ElevenLabsConfig
from voice_node.speech.synthesis.elevenlabs.faults import NAME, fault_of
from voice_node.speech.synthesis.elevenlabs.stream import ElevenLabsStream
from voice_node.speech.voice import Voice

NORMAL_WORDS_PER_MINUTE = 160
SLOWEST, FASTEST = 0.7, 1.2
MOST_SOCKETS = 4


class ElevenLabsEngine:
    """Speech for any number of calls at once. Sockets are opened when they are wanted, or ahead by ``warm``."""

    def __init__(self, config: ElevenLabsConfig) -> None:
        self._config = config
        self.name = NAME
        self.vendor = config.vendor
        cast = sorted(config.voices.items())
        self.version = f"{config.model}/{config.default_voice}/{cast}/{config.stability}/{config.similarity}"
        self._streams: defaultdict[str, list[ElevenLabsStream]] = defaultdict(list)
        self._opening: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def start(self) -> None:
        """Nothing is needed before the first call; ``warm`` connects ahead of need."""

    async def close(self) -> None:
        """Close every socket."""
        streams = [stream for open_streams in self._streams.values() for stream in open_streams]
        self._streams.clear()
        await asyncio.gather(*(stream.close() for stream in streams))

    async def warm(self, voice: Voice) -> None:
        """Have a socket open for this voice, so that its next text waits for no handshake.

        Raises:
            SynthesisFailed: The key is refused, or nobody answers.
        """
        await self._stream(self._config.voice_id(voice.name))

    def is_warm(self, voice: Voice) -> bool:
        """Whether a text in this voice could be spoken without a handshake."""
        return any(stream.has_room for stream in self._streams[self._config.voice_id(voice.name)])

    async def synthesise(self, text: str, voice: Voice) -> AsyncGenerator[bytes]:
        """Speak a text in the account's voice for ``voice``; raises ``SynthesisFailed``."""
        if not text.strip():
            return
        speed = min(max(voice.words_per_minute / NORMAL_WORDS_PER_MINUTE, SLOWEST), FASTEST)
        stream = await self._stream(self._config.voice_id(voice.name))
        async with aclosing(stream.speak(text, speed=speed)) as pieces:
            async for pcm in pieces:
                yield pcm

    async def _stream(self, voice_id: str) -> ElevenLabsStream:
        """A socket with room for one more text."""
        async with self._opening[voice_id]:
            streams = self._streams[voice_id]
            streams[:] = [stream for stream in streams if stream.is_open]
            for stream in streams:
                if stream.has_room:
                    return stream
            if len(streams) >= MOST_SOCKETS:
                raise fault_of("busy")
            streams.append(await ElevenLabsStream.open(self._config, voice_id))
            return streams[-1]
