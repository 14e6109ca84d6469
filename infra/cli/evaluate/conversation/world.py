"""What is done during a played call: nothing is kept, and what goes wrong goes wrong as the scenario says."""

from dataclasses import dataclass
from datetime import datetime

from infra.cli.evaluate.conversation.minutes import Minutes
from infra.cli.evaluate.conversation.scenario import WorldPart
from shared.conversation import ActionResult, CallBrief, OpenSlot
from shared.kernel.ids import AppointmentId


@dataclass
class World:
    """``Actions`` of a played call. ``appointment`` is the start of the one that stands in the calendar (UTC)."""

    part: WorldPart
    minutes: Minutes
    appointment: datetime | None = None
    bookings: int = 0

    async def opt_out(self, brief: CallBrief, words: str) -> ActionResult:
        """Suppress the number."""
        result = ActionResult.UNKNOWN if self.part.opt_out_is_down else ActionResult.DONE
        self.minutes.done("opt_out", f"the number is suppressed: {result}")
        return result

    async def book(self, brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId) -> ActionResult:
        """Book a slot; whatever the lead had before is moved there."""
        self.bookings += 1
        result = self._booked()
        if result is ActionResult.DONE:
            self.appointment = slot.starts_at
        self.minutes.done("book", f"booking {slot.starts_at:%Y-%m-%d %H:%M} UTC: {result}", slot.starts_at)
        return result

    async def stop_recording(self, brief: CallBrief) -> ActionResult:
        """Record no more, and delete what was recorded."""
        self.minutes.done("stop_recording", "the recording is stopped and deleted")
        return ActionResult.DONE

    def _booked(self) -> ActionResult:
        if self.part.booking_is_down:
            return ActionResult.UNKNOWN
        is_first = self.bookings == 1
        return ActionResult.TAKEN if self.part.first_slot_is_taken and is_first else ActionResult.DONE
