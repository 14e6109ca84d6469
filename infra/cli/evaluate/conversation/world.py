"""What is done during a played call: nothing is kept, and what goes wrong goes wrong as the scenario says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

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
        """Book a slot."""
        return self._take("book", slot)

    async def move(
        self, brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId, *, instead_of: AppointmentId | None
    ) -> ActionResult:
        """Book a slot in place of an appointment, which stands until that is done."""
        return self._take("move", slot)

    async def cancel(self, brief: CallBrief, appointment_id: AppointmentId | None) -> ActionResult:
        """Cancel an appointment."""
        result = ActionResult.UNKNOWN if self.part.booking_is_down else ActionResult.DONE
        if result is ActionResult.DONE:
            self.appointment = None
        self.minutes.done("cancel", f"cancelling the appointment: {result}")
        return result

    async def stop_recording(self, brief: CallBrief) -> ActionResult:
        """Record no more, and delete what was recorded."""
        self.minutes.done("stop_recording", "the recording is stopped and deleted")
        return ActionResult.DONE

    def _take(self, deed: Literal["book", "move"], slot: OpenSlot) -> ActionResult:
        self.bookings += 1
        result = self._booked()
        if result is ActionResult.DONE:
            self.appointment = slot.starts_at
        self.minutes.done(deed, f"{deed} {slot.starts_at:%Y-%m-%d %H:%M} UTC: {result}", slot.starts_at)
        return result

    def _booked(self) -> ActionResult:
        if self.part.booking_is_down:
            return ActionResult.UNKNOWN
        is_first = self.bookings == 1
        return ActionResult.TAKEN if self.part.first_slot_is_taken and is_first else ActionResult.DONE
