"""The node's line home: the only file that waits on the cloud, and keeps what the cloud cannot take now."""

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeVar

from shared.appointments import Appointment, Cancellation
from shared.appointments.ports import AppointmentRepository
from shared.conversation import ActionResult, CallBrief, CallReport, OpenSlot
from shared.conversation.ports import BriefRepository, ReportRepository
from shared.conversation.script import script_of
from shared.conversation.turn import warm_up
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict, Malformed, NotFound, Refused, Unavailable
from shared.kernel.ids import AppointmentId, AttemptId
from shared.leads import Suppression, SuppressionReason
from voice_node.spool import Entry, Spool

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")

PATIENCE_SECONDS = 4.0
"""How long a caller may wait for a write; then it is kept for later and the call goes on."""
REPORT, SUPPRESSION, CANCELLATION = "report", "suppression", "cancellation"


class Suppressions(Protocol):
    """The one thing the node does with the list of suppressed numbers."""

    def add(self, suppression: Suppression) -> None:
        """Put a number on the list before anyone is told that it is there. Safe to repeat."""
        ...


class CallDesk(Protocol):
    """What a call does with the desk. Implemented by ``Desk``, which tells what each does."""

    async def brief(self, attempt_id: AttemptId, part: int = 0) -> CallBrief:
        """Everything to know before saying hello."""
        ...

    async def opt_out(self, brief: CallBrief, words: str) -> ActionResult:
        """Suppress the number."""
        ...

    async def book(self, brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId) -> ActionResult:
        """Book a slot."""
        ...

    async def move(
        self, brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId, *, instead_of: AppointmentId | None
    ) -> ActionResult:
        """Book a slot in place of an appointment."""
        ...

    async def cancel(self, brief: CallBrief, appointment_id: AppointmentId | None) -> ActionResult:
        """Cancel an appointment."""
        ...

    async def report(self, report: CallReport) -> None:
        """Tell home how it went."""
        ...


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Blocking shared code, offered to the event loop one thread at a time."""

    briefs: BriefRepository
    reports: ReportRepository
    suppressions: Suppressions
    appointments: AppointmentRepository
    spool: Spool
    clock: Clock

    async def brief(self, attempt_id: AttemptId, part: int = 0) -> CallBrief:
        """Everything to know before saying hello, or before going on where the line broke.

        Raises:
            NotFound: There is no such attempt.
            Unavailable: The database does not answer in time.
        """
        return await _in_time(asyncio.to_thread(self._brief, attempt_id, part))

    def _brief(self, attempt_id: AttemptId, part: int) -> CallBrief:
        """The brief, with its script ready: a version that was never spoken here takes some milliseconds to read."""
        brief = self.briefs.get(attempt_id, part=part)
        if brief.script_body:
            warm_up(script_of(brief))
        return brief

    async def opt_out(self, brief: CallBrief, words: str) -> ActionResult:
        """Suppress the number for the whole installation; ``UNKNOWN`` when that is kept to be repeated until done."""
        suppression = Suppression(
            phone=brief.phone,
            reason=SuppressionReason.OPT_OUT,
            at=self.clock.now(),
            attempt_id=brief.attempt_id,
            evidence=words,
        )
        try:
            await _in_time(asyncio.to_thread(self.suppressions.add, suppression))
        except Unavailable:
            await asyncio.to_thread(self.spool.add, Entry(kind=SUPPRESSION, body=_suppression_body(suppression)))
            log.warning("An opt-out is kept to be written later", extra={"attempt": brief.attempt_id})
            return ActionResult.UNKNOWN
        return ActionResult.DONE

    async def book(self, brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId) -> ActionResult:
        """Book a slot: ``DONE``, ``TAKEN`` by someone else, or ``UNKNOWN`` and to be confirmed."""
        appointment = _appointment(brief, slot, appointment_id)
        return await self._booked(brief, asyncio.to_thread(self.appointments.book, appointment))

    async def move(
        self, brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId, *, instead_of: AppointmentId | None
    ) -> ActionResult:
        """Book a slot in place of an appointment, which stands unless it is ``DONE``; otherwise as ``book``."""
        if instead_of is None:
            return ActionResult.UNKNOWN
        appointment = replace(_appointment(brief, slot, appointment_id), moved_from=instead_of)
        now = self.clock.now()
        return await self._booked(brief, asyncio.to_thread(self.appointments.move, appointment, now=now))

    async def cancel(self, brief: CallBrief, appointment_id: AppointmentId | None) -> ActionResult:
        """Cancel an appointment; ``UNKNOWN`` when that is kept to be repeated until done, or its id is not known."""
        if appointment_id is None:
            return ActionResult.UNKNOWN
        given_up = Cancellation(appointment_id=appointment_id, attempt_id=brief.attempt_id, at=self.clock.now())
        try:
            await _in_time(asyncio.to_thread(self.appointments.cancel, given_up))
        except NotFound:
            log.warning("An appointment to be cancelled is not there", extra={"attempt": brief.attempt_id})
            return ActionResult.UNKNOWN
        except Unavailable:
            await asyncio.to_thread(self.spool.add, Entry(kind=CANCELLATION, body=_cancellation_body(given_up)))
            log.warning("A cancellation is kept to be written later", extra={"attempt": brief.attempt_id})
            return ActionResult.UNKNOWN
        return ActionResult.DONE

    async def _booked(self, brief: CallBrief, work: Awaitable[None]) -> ActionResult:
        try:
            await _in_time(work)
        except Conflict:
            return ActionResult.TAKEN
        except (NotFound, Unavailable):
            log.warning("A booking could not be written", extra={"attempt": brief.attempt_id})
            return ActionResult.UNKNOWN
        return ActionResult.DONE

    async def report(self, report: CallReport) -> None:
        """Tell home how it went; kept for later when home does not answer."""
        try:
            await _in_time(asyncio.to_thread(self.reports.add, report))
        except Unavailable:
            entry = Entry(kind=REPORT, body=report.model_dump(mode="json"))
            await asyncio.to_thread(self.spool.add, entry)
            log.warning("A report is kept to be written later", extra={"attempt": report.attempt_id})

    async def replay(self) -> int:
        """Write what was kept; returns how many entries could be. Stops at the first that still cannot."""
        try:
            return await asyncio.to_thread(self.spool.replay, self._deliver)
        except Unavailable:
            return 0

    def _deliver(self, entry: Entry) -> None:
        try:
            if entry.kind == REPORT:
                self.reports.add(CallReport.model_validate(entry.body))
            elif entry.kind == CANCELLATION:
                self.appointments.cancel(_cancellation(entry.body))
            else:
                self.suppressions.add(_suppression(entry.body))
        except (Refused, NotFound, Conflict, Malformed):
            # It will never be taken; it must not hold up what waits behind it.
            self.spool.bury(entry)
            log.exception("An entry of the spool was refused and set aside", extra={"kind": entry.kind})


async def _in_time(work: Awaitable[Answer]) -> Answer:
    """The result of ``work``, or ``Unavailable`` when it takes too long; the thread behind it runs on."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await work
    except TimeoutError as late:
        raise Unavailable("the database does not answer in time") from late


def _appointment(brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId) -> Appointment:
    return Appointment(
        id=appointment_id,
        seller_id=brief.seller_id,
        agent_id=slot.agent_id,
        lead_id=brief.lead_id,
        attempt_id=brief.attempt_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        timezone=brief.timezone,
    )


def _cancellation_body(given_up: Cancellation) -> dict[str, str | None]:
    return {
        "appointment_id": given_up.appointment_id,
        "attempt_id": given_up.attempt_id,
        "at": given_up.at.isoformat(),
    }


def _cancellation(body: dict[str, str]) -> Cancellation:
    return Cancellation(
        appointment_id=AppointmentId(body["appointment_id"]),
        attempt_id=AttemptId(body["attempt_id"]),
        at=datetime.fromisoformat(body["at"]),
    )


def _suppression_body(suppression: Suppression) -> dict[str, str | None]:
    return {
        "phone": suppression.phone,
        "at": suppression.at.isoformat(),
        "attempt_id": suppression.attempt_id,
        "evidence": suppression.evidence,
    }


def _suppression(body: dict[str, str]) -> Suppression:
    return Suppression(
        phone=body["phone"],
        reason=SuppressionReason.OPT_OUT,
        at=datetime.fromisoformat(body["at"]),
        attempt_id=AttemptId(body["attempt_id"]),
        evidence=body["evidence"],
    )
