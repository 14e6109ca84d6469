"""A gate with a line behind it, for tests of what is heard of the agent's speech."""

from dataclasses import dataclass, field

from pipecat.frames.frames import Frame, InterruptionFrame, TTSAudioRawFrame
from pipecat.processors.frame_processor import FrameDirection

from tests.voice_node.doubles import tone
from voice_node.frames import UtteranceEndFrame, UtteranceStartFrame
from voice_node.processors.speech_gate import SpeechGate
from voice_node.turns.playout import Playout, Utterance

WORDS = "one two three four five six seven eight nine ten"


@dataclass
class Line:
    """A gate, and a line behind it that plays what it gets; the clock stands until it is told to go on."""

    at: float = 0.0
    sent: list[Frame] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.playout = Playout(lambda: self.at)
        self.gate = SpeechGate(playout=self.playout)

        async def take(frame: Frame, direction: FrameDirection = FrameDirection.DOWNSTREAM) -> None:
            self.sent.append(frame)
            if isinstance(frame, UtteranceStartFrame):
                self.playout.begin(frame.utterance)
            elif isinstance(frame, TTSAudioRawFrame):
                self.playout.sent(len(frame.audio) / 16_000)
            elif isinstance(frame, UtteranceEndFrame):
                self.playout.finish(frame.utterance)
            elif isinstance(frame, InterruptionFrame):
                self.playout.line_cleared()

        object.__setattr__(self.gate, "push_frame", take)

    async def give(self, frame: Frame) -> None:
        await self.gate.process_frame(frame, FrameDirection.DOWNSTREAM)

    async def say(self, utterance: Utterance, *, seconds: float = 4.0, is_complete: bool = True) -> None:
        await self.give(UtteranceStartFrame(utterance))
        await self.give(TTSAudioRawFrame(audio=tone(seconds), sample_rate=8_000, num_channels=1))
        if is_complete:
            await self.give(UtteranceEndFrame(utterance))

    @property
    def seconds(self) -> float:
        """How much speech was sent since the last interruption."""
        total = 0.0
        for frame in self.sent:
            if isinstance(frame, InterruptionFrame):
                total = 0.0
            elif isinstance(frame, TTSAudioRawFrame):
                total += len(frame.audio) / 16_000
        return total

    @property
    def clears(self) -> int:
        return sum(isinstance(frame, InterruptionFrame) for frame in self.sent)
