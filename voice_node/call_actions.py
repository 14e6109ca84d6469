"""What can be done during one call: what the desk does for all of them, and stopping its recording."""

from dataclasses import dataclass

from shared.conversation import ActionResult, CallBrief, OpenSlot
from shared.kernel.ids import AppointmentId
from voice_node.desk import CallDesk
from voice_node.media.recorder import Recorder
from voice_node.media.recording import NoRecording, Recording
from voice_node.observers.transcript import Transcript


@dataclass(frozen=True, kw_only=True)
class CallActions:
    """``Actions`` of one call."""

    desk: CallDesk
    recorder: Recorder | None
    recording: Recording | NoRecording
    transcript: Transcript

    async def opt_out(self, brief: CallBrief, words: str) -> ActionResult:
        """Suppress the number."""
        return await self.desk.opt_out(brief, words)

    async def book(self, brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId) -> ActionResult:
        """Book a slot."""
        return await self.desk.book(brief, slot, appointment_id)

    async def move(
        self, brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId, *, instead_of: AppointmentId | None
    ) -> ActionResult:
        """Book a slot in place of an appointment."""
        return await self.desk.move(brief, slot, appointment_id, instead_of=instead_of)

    async def cancel(self, brief: CallBrief, appointment_id: AppointmentId | None) -> ActionResult:
        """Cancel an appointment."""
        return await self.desk.cancel(brief, appointment_id)

    async def stop_recording(self, brief: CallBrief) -> ActionResult:
        """Keep neither sound nor words of the person from now on, and delete the sound there is."""
        self.transcript.keep_no_words()
        if self.recorder is None:
            return ActionResult.DONE
        return await self.recorder.stop(brief, self.recording)
