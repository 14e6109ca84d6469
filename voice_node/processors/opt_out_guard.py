"""Hears that the caller wants no more calls, ahead of everything that thinks."""

from collections.abc import Awaitable, Callable

from pipecat.audio.dtmf.types import KeypadEntry
from pipecat.frames.frames import Frame, InputDTMFFrame, InterimTranscriptionFrame, TranscriptionFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

KEY = KeypadEntry.NINE
SURE_AFTER = 2
"""So many interim transcripts in a row must say it; what is still being recognised may yet change."""


class OptOutGuard(FrameProcessor):
    """Sits between speech-to-text and turn taking; depends on no model and on nothing behind it.

    Takes in: final and interim transcripts, and keys. On an opt-out it has it recorded at once, in a task of its own,
    and from then on swallows transcripts and keys: nothing answers them. Every other frame passes through untouched.
    """

    def __init__(self, *, is_opt_out: Callable[[str], bool], on_opt_out: Callable[[str], Awaitable[None]]) -> None:
        """Initialize the guard.

        Args:
            is_opt_out: Whether words ask not to be called again.
            on_opt_out: Awaited once with the words, or ``pressed 9``; records the wish and ends the call.
        """
        super().__init__(enable_direct_mode=True)
        self._is_opt_out = is_opt_out
        self._on_opt_out = on_opt_out
        self._has_fired = False
        self._in_a_row = 0

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Pass the frame on, unless it asks us to stop."""
        await super().process_frame(frame, direction)
        if isinstance(frame, InputDTMFFrame):
            await self._judge(frame, direction, frame.button is KEY, f"pressed {frame.button.value}")
        elif isinstance(frame, InterimTranscriptionFrame):
            self._in_a_row = self._in_a_row + 1 if self._is_opt_out(frame.text) else 0
            await self._judge(frame, direction, self._in_a_row >= SURE_AFTER, frame.text)
        elif isinstance(frame, TranscriptionFrame):
            await self._judge(frame, direction, self._is_opt_out(frame.text), frame.text)
        else:
            await self.push_frame(frame, direction)

    async def _judge(self, frame: Frame, direction: FrameDirection, is_opt_out: bool, words: str) -> None:
        if self._has_fired:
            return
        if not is_opt_out:
            await self.push_frame(frame, direction)
            return
        self._has_fired = True
        self.create_task(self._stop(words))

    async def _stop(self, words: str) -> None:
        await self._on_opt_out(words)
