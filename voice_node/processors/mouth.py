"""Where the conversation meets the pipeline: turns come out, speech goes in."""

from collections.abc import Callable

from pipecat.frames.frames import (
    Frame,
    InputDTMFFrame,
    InterruptionFrame,
    TTSAudioRawFrame,
    TTSSpeakFrame,
    TTSStoppedFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from voice_node.frames import CallerTurnFrame, UtteranceEndFrame, UtteranceStartFrame
from voice_node.media.messages import SAMPLE_RATE_HZ
from voice_node.processors.speech_gate import SpeechGate
from voice_node.speech.mulaw import from_mulaw
from voice_node.turns.playout import Playout, Utterance

PIECE_BYTES = 4_000
"""Half a second of mu-law: ready audio goes in pieces, so that the first leaves before the last is cut up."""


class Mouth(FrameProcessor):
    """Sits between turn taking and text-to-speech.

    Takes in: ``CallerTurnFrame`` and keys, which it hands to ``on_heard``. Gives out the agent's speech, each
    utterance between a start and an end frame. Every other frame passes through.
    """

    def __init__(
        self, *, playout: Playout, gate: SpeechGate, on_heard: Callable[[CallerTurnFrame | InputDTMFFrame], None]
    ) -> None:
        """Initialize the processor.

        Args:
            playout: The ledger of the agent's speech.
            gate: Where speech waits that may yet not be said.
            on_heard: Called with every turn of the caller and every key.
        """
        super().__init__()
        self._playout = playout
        self._gate = gate
        self._on_heard = on_heard
        self.times_interrupted = 0

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Hand the caller's turns over; pass everything else on."""
        await super().process_frame(frame, direction)
        if isinstance(frame, CallerTurnFrame | InputDTMFFrame):
            self._on_heard(frame)
            return
        if isinstance(frame, InterruptionFrame) and direction is FrameDirection.DOWNSTREAM:
            self.times_interrupted += 1
        await self.push_frame(frame, direction)

    async def say(
        self, text: str, *, turn: int, is_protected: bool = False, decided_at: float | None = None
    ) -> Utterance:
        """Have text spoken behind everything that waits to be spoken."""
        utterance = self._playout.add(text, turn=turn, is_protected=is_protected, decided_at=decided_at)
        await self._speak(utterance)
        return utterance

    async def prepare(self, text: str, *, turn: int) -> Utterance:
        """Have text synthesised that may yet not be said; it waits at the gate."""
        utterance = self._playout.draft(text, turn=turn)
        await self._speak(utterance)
        return utterance

    async def release(
        self, utterance: Utterance, *, turn: int, is_protected: bool = False, decided_at: float | None = None
    ) -> None:
        """Say what was prepared."""
        self._playout.confirm(utterance, turn=turn, is_protected=is_protected, decided_at=decided_at)
        await self._gate.pass_on()

    async def drop_prepared(self) -> None:
        """What was prepared is not said; nothing else is on its way to the line."""
        await self.push_frame(InterruptionFrame())

    async def _speak(self, utterance: Utterance) -> None:
        await self.push_frame(UtteranceStartFrame(utterance))
        await self.push_frame(TTSSpeakFrame(utterance.text, append_to_context=False))
        await self.push_frame(UtteranceEndFrame(utterance))

    async def play(self, mulaw: bytes, *, text: str, turn: int) -> Utterance:
        """Play audio that is ready (mu-law, 8,000 Hz, mono); it is never cut short."""
        utterance = self._playout.add(text, turn=turn, is_protected=True)
        await self.push_frame(UtteranceStartFrame(utterance))
        for start in range(0, len(mulaw), PIECE_BYTES):
            pcm = from_mulaw(mulaw[start : start + PIECE_BYTES])
            await self.push_frame(TTSAudioRawFrame(audio=pcm, sample_rate=SAMPLE_RATE_HZ, num_channels=1))
        await self.push_frame(TTSStoppedFrame())
        await self.push_frame(UtteranceEndFrame(utterance))
        return utterance

    async def hush(self) -> None:
        """Stop speaking at once, protected or not."""
        self._playout.clear()
        await self.broadcast_interruption()  # type: ignore[no-untyped-call]
