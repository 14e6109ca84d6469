"""Who speaks the test sets: a voice of an engine, whose sound is made once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from voice_node.speech.synthesis.port import Synthesiser
from voice_node.speech.voice import AGENT_VOICE, CALLER_VOICES, Voice


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """A voice of an engine; what it has said is kept. ``is_prepared`` says that calls prepare its speech."""

    engine: Synthesiser
    voice: Voice
    is_prepared: bool = True
    _said: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The engine and the voice."""
        own = ", the agent's own" if self.voice == AGENT_VOICE else ""
        return f"{self.engine.name} {self.voice.name}{own}"

    async def say(self, text: str) -> bytes:
        """The text as 16-bit little-endian mono PCM at 8,000 Hz.

        Raises:
            UnknownVoice: The engine has no such voice.
            Unavailable: The engine failed.
        """
        if text not in self._said:
            self._said[text] = b"".join([pcm async for pcm in self.engine.synthesise(text, self.voice)])
        return self._said[text]


def speakers_of(
    engine: Synthesiser, cast: Mapping[str, str] | None = None, *, are_prepared: bool = True
) -> Sequence[Speaker]:
    """The voices of an engine that calls may be spoken with: those of its cast, or eSpeak's recommended ones.

    The agent's own comes first.
    """
    if cast is None:
        voices = (AGENT_VOICE, *CALLER_VOICES)
    else:
        named = tuple(Voice(name=name) for name in sorted(cast) if name != "*")
        voices = (AGENT_VOICE, *named) if "*" in cast or not named else named
    return tuple(Speaker(engine=engine, voice=voice, is_prepared=are_prepared) for voice in voices)


def callers_among(speakers: Sequence[Speaker]) -> Sequence[Speaker]:
    """Those who may play callers: everybody but the agent's own voice, unless there is no other."""
    return tuple(speaker for speaker in speakers if speaker.voice != AGENT_VOICE) or speakers
