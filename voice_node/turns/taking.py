"""Who has the floor: turns of the caller, their end, and whether they may cut the agent short."""

from collections.abc import Callable
from typing import Any

from pipecat.frames.frames import (
    Frame,
    InputAudioRawFrame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection
from pipecat.turns.user_start import TranscriptionUserTurnStartStrategy, VADUserTurnStartStrategy
from pipecat.turns.user_stop import TurnAnalyzerUserTurnStopStrategy
from pipecat.turns.user_turn_processor import UserTurnProcessor
from pipecat.turns.user_turn_strategies import UserTurnStrategies

from voice_node.frames import CallerTurnFrame
from voice_node.turns.end_of_turn import SharedSmartTurn
from voice_node.turns.playout import Playout

UNHEARD_TURN_SECONDS = 1.4
"""A turn in which nothing was recognised ends this long after the last sound."""


class TurnTaking(UserTurnProcessor):
    """Sits between speech-to-text and the conversation.

    Takes in: audio, voice activity, transcripts. Gives out one ``CallerTurnFrame`` per turn, and an interruption when
    the caller starts to speak over words that may be cut short. Audio and transcripts end here.
    """

    def __init__(self, *, playout: Playout, now: Callable[[], float], on_words: Callable[[str, bool], None]) -> None:
        """Initialize the processor.

        Args:
            playout: The ledger of the agent's speech.
            now: Seconds since the stream began.
            on_words: Called with every transcript, and whether it is final.
        """
        super().__init__(
            user_turn_strategies=UserTurnStrategies(
                start=[VADUserTurnStartStrategy(), TranscriptionUserTurnStartStrategy()],
                stop=[TurnAnalyzerUserTurnStopStrategy(turn_analyzer=SharedSmartTurn())],
            ),
            user_turn_stop_timeout=UNHEARD_TURN_SECONDS,
        )
        self._playout = playout
        self._now = now
        self._on_words = on_words
        self._words: list[str] = []
        self._started = 0.0
        self._ended = 0.0
        self.caller_is_speaking = False
        self.last_sound_at = 0.0

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Note what is said before the turn strategies judge it."""
        if isinstance(frame, TranscriptionFrame):
            self._words.append(frame.text.strip())
            self._on_words(frame.text, True)
            self.last_sound_at = self._now()
        elif isinstance(frame, InterimTranscriptionFrame):
            self._on_words(frame.text, False)
            self.last_sound_at = self._now()
        elif isinstance(frame, VADUserStartedSpeakingFrame):
            self.caller_is_speaking = True
        elif isinstance(frame, VADUserStoppedSpeakingFrame):
            self.caller_is_speaking = False
            self._ended = self.last_sound_at = self._now()
        await super().process_frame(frame, direction)

    async def push_frame(self, frame: Frame, direction: FrameDirection = FrameDirection.DOWNSTREAM) -> None:
        """Nobody behind needs audio or transcripts: they stop here."""
        if not isinstance(frame, InputAudioRawFrame | TranscriptionFrame | InterimTranscriptionFrame):
            await super().push_frame(frame, direction)

    async def broadcast_interruption(self) -> None:
        """Cut the agent short, if there is something to cut and it may be cut."""
        if self._playout.is_silent or self._playout.is_protected:
            return
        self._playout.clear()
        await super().broadcast_interruption()  # type: ignore[no-untyped-call]

    async def _on_user_turn_started(self, controller: Any, strategy: Any, params: Any) -> None:
        self._started = self._now()
        await super()._on_user_turn_started(controller, strategy, params)

    async def _on_user_turn_stopped(self, controller: Any, strategy: Any, params: Any) -> None:
        turn = CallerTurnFrame(
            text=" ".join(word for word in self._words if word),
            started=self._started,
            ended=max(self._ended, self._started),
        )
        self._words.clear()
        await super()._on_user_turn_stopped(controller, strategy, params)
        await self.push_frame(turn)
