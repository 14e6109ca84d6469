"""The last door before the line: holds back speech that may not be said yet, and takes back what was cut short."""

from collections import deque
from dataclasses import dataclass, field

from pipecat.frames.frames import Frame, InterruptionFrame, TTSAudioRawFrame, TTSStartedFrame, TTSStoppedFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from voice_node.frames import UtteranceEndFrame, UtteranceStartFrame
from voice_node.media.messages import SAMPLE_RATE_HZ
from voice_node.turns.playout import Playout, Utterance
from voice_node.turns.word_times import rests_in, word_ends

BYTES_PER_SECOND = SAMPLE_RATE_HZ * 2
PIECE_BYTES = BYTES_PER_SECOND // 2
_OURS = (UtteranceStartFrame, UtteranceEndFrame, TTSAudioRawFrame, TTSStartedFrame, TTSStoppedFrame)


@dataclass(kw_only=True)
class Tape:
    """The sound of one utterance as far as it is there: 16-bit mono PCM at 8,000 Hz."""

    utterance: Utterance
    pcm: bytearray = field(default_factory=bytearray)
    is_complete: bool = False


class SpeechGate(FrameProcessor):
    """Sits between text-to-speech and the line.

    Takes in: the agent's speech, utterance by utterance. A tentative utterance waits here, with all behind it, until
    it is released or dropped. ``hold`` silences the line at once and keeps what was not heard; ``resume`` says it from
    the first unheard word on. An interruption drops everything.
    """

    def __init__(self, *, playout: Playout) -> None:
        super().__init__(enable_direct_mode=True)
        self._playout = playout
        self._waiting: deque[Frame] = deque()
        self._tapes: dict[int, Tape] = {}
        self._kept: list[Tape] = []
        self._renamed: dict[int, Utterance] = {}
        self._current: int | None = None
        self._is_shut = False
        self._is_passing = False
        self._line_is_clear = True

    @property
    def is_holding(self) -> bool:
        """Whether speech was cut short and waits for it to be decided what becomes of it."""
        return self._is_shut

    @property
    def unheard_words(self) -> int:
        """How many words of what was cut short nobody has heard."""
        return sum(len(tape.utterance.unheard.split()) for tape in self._kept)

    @property
    def nothing_was_heard(self) -> bool:
        """Whether what is held was cut short before its first word was out."""
        return not any(tape.utterance.heard for tape in self._kept)

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Let the agent's speech wait its turn; pass everything else on."""
        await super().process_frame(frame, direction)
        if isinstance(frame, _OURS) and direction is FrameDirection.DOWNSTREAM:
            self._waiting.append(self._as_renamed(frame))
            await self.pass_on()
        elif isinstance(frame, InterruptionFrame) and direction is FrameDirection.DOWNSTREAM:
            self._forget()
            await self._clear_line(frame)
        else:
            await self.push_frame(frame, direction)

    async def pass_on(self) -> None:
        """Send on what need not wait any longer."""
        if self._is_passing:
            return
        self._is_passing = True
        try:
            while self._waiting and not self._is_shut and not _is_tentative(self._waiting[0]):
                frame = self._waiting.popleft()
                self._record(frame)
                self._line_is_clear = False
                await self.push_frame(frame)
        finally:
            self._is_passing = False

    async def hold(self) -> None:
        """Silence the line now, and keep what was not heard."""
        self._playout.cut([tape.utterance for tape in self._tapes.values()])
        self._is_shut = True
        self._kept += [tape for tape in self._tapes.values() if tape.utterance.was_interrupted]
        self._tapes.clear()
        await self._clear_line(InterruptionFrame())

    async def resume(self) -> None:
        """Say what was held from the first unheard word on, and go on behind it."""
        kept, self._kept = self._kept, []
        again: list[Frame] = []
        for tape in kept:
            again += self._rest_of(tape)
        self._waiting = deque(again + [self._as_renamed(frame) for frame in self._waiting])
        self._is_shut = False
        await self.pass_on()

    def _rest_of(self, tape: Tape) -> list[Frame]:
        utterance = tape.utterance
        if not utterance.unheard:
            return []
        rest = self._playout.continued(utterance)
        skipped = round(utterance.heard_seconds * SAMPLE_RATE_HZ) * 2
        frames: list[Frame] = [UtteranceStartFrame(rest)]
        for start in range(skipped, len(tape.pcm), PIECE_BYTES):
            frames.append(_audio(bytes(tape.pcm[start : start + PIECE_BYTES])))
        if tape.is_complete:
            return [*frames, TTSStoppedFrame(), UtteranceEndFrame(rest)]
        self._renamed[utterance.number] = rest
        return frames

    def _as_renamed(self, frame: Frame) -> Frame:
        while isinstance(frame, UtteranceEndFrame) and frame.utterance.number in self._renamed:
            frame = UtteranceEndFrame(self._renamed.pop(frame.utterance.number))
        return frame

    def _record(self, frame: Frame) -> None:
        """Keep the sound of what is sent, until it was heard."""
        if isinstance(frame, UtteranceStartFrame):
            self._tapes = {number: tape for number, tape in self._tapes.items() if tape.utterance.ended_at is None}
            self._tapes[frame.utterance.number] = Tape(utterance=frame.utterance)
            self._current = frame.utterance.number
        elif isinstance(frame, TTSAudioRawFrame) and self._current in self._tapes:
            self._tapes[self._current].pcm += frame.audio
        elif isinstance(frame, UtteranceEndFrame) and frame.utterance.number in self._tapes:
            tape = self._tapes[frame.utterance.number]
            tape.is_complete = True
            seconds = len(tape.pcm) / BYTES_PER_SECOND
            tape.utterance.total_seconds = seconds
            tape.utterance.word_ends = word_ends(tape.utterance.text, seconds, rests_in(bytes(tape.pcm)))

    async def _clear_line(self, interruption: InterruptionFrame) -> None:
        """Tell the line to drop what it holds, unless it has got nothing since it was told so last."""
        if not self._line_is_clear:
            self._line_is_clear = True
            await self.push_frame(interruption)

    def _forget(self) -> None:
        self._waiting.clear()
        self._tapes.clear()
        self._kept.clear()
        self._renamed.clear()
        self._is_shut = False


def _is_tentative(frame: Frame) -> bool:
    return isinstance(frame, UtteranceStartFrame) and frame.utterance.is_tentative


def _audio(pcm: bytes) -> TTSAudioRawFrame:
    return TTSAudioRawFrame(audio=pcm, sample_rate=SAMPLE_RATE_HZ, num_channels=1)
