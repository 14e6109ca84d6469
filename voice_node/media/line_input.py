"""The first of the pipeline, whatever the line: reads it as long as the call lasts."""

import asyncio
from abc import abstractmethod

from pipecat.frames.frames import CancelFrame, EndFrame, Frame, StartFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor


class LineInput(FrameProcessor):
    """Reads in one task from the pipeline's start to its end.

    Pipecat's own takes two tasks, a queue and a timeout for every message; here what is read goes on in the task
    that reads it, as far as the first processor with a queue.
    """

    def __init__(self) -> None:
        super().__init__(enable_direct_mode=True)
        self._reading: asyncio.Task[None] | None = None

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Begin and end with the pipeline; pass everything on."""
        await super().process_frame(frame, direction)
        await self.push_frame(frame, direction)
        if isinstance(frame, StartFrame):
            self._reading = self.create_task(self.read())
        elif isinstance(frame, EndFrame | CancelFrame):
            await self._stop()

    async def cleanup(self) -> None:
        """Leave nothing running."""
        await self._stop()
        await super().cleanup()  # type: ignore[no-untyped-call]

    @abstractmethod
    async def read(self) -> None:
        """Push what comes, until no more does."""

    async def close(self) -> None:
        """The call is over, and reading has stopped; called once."""

    async def _stop(self) -> None:
        reading, self._reading = self._reading, None
        if reading is not None:
            await self.cancel_task(reading)
            await self.close()
