"""Briefs and reports in memory."""

from shared.adapters.memory.appointments import MemoryAppointmentRepository
from shared.adapters.memory.store import MemoryStore
from shared.conversation import CallBrief, CallReport
from shared.conversation.offer import Offer, clock_of_person
from shared.kernel.clock import Clock
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId
from shared.kernel.outbox import NewMessage


class MemoryBriefRepository:
    """``BriefRepository`` in memory."""

    def __init__(self, store: MemoryStore, clock: Clock, *, offer: Offer | None = None) -> None:
        self._store = store
        self._clock = clock
        self._offer = offer or Offer()

    def get(self, attempt_id: AttemptId) -> CallBrief:
        with self._store.lock:
            attempt = self._store.attempts.get(attempt_id)
            if attempt is None or attempt.is_over:
                raise NotFound(f"no attempt {attempt_id} that goes on")
            lead = self._store.leads[attempt.lead_id]
            campaign = self._store.campaigns[attempt.campaign_id]
            seller = self._store.sellers[attempt.seller_id]
            opening = self._store.openings.get(campaign.id)
        now = self._clock.now()
        earliest, latest = self._offer.window(now)
        calendar = MemoryAppointmentRepository(self._store)
        agents = calendar.agents(seller.id)
        booked = calendar.booked(seller.id, starts_from=earliest, until=latest)
        return CallBrief(
            attempt_id=attempt.id,
            campaign_id=campaign.id,
            seller_id=seller.id,
            lead_id=lead.id,
            seller_name=seller.registered_name,
            callback_number=seller.callback_number,
            agent_voice=campaign.voice,
            script=campaign.script,
            opening_text=opening.text if opening else "",
            opening_audio=opening.audio if opening else b"",
            first_name=lead.first_name,
            last_name=lead.last_name,
            lead_kind=lead.kind,
            subject=lead.subject,
            source=lead.source,
            asked_at=lead.asked_at,
            timezone=clock_of_person(lead.timezone, phone=attempt.phone, agents=agents),
            phone=attempt.phone,
            slots=self._offer.slots(agents, booked, now=now),
            time_limit=campaign.time_limit,
            direction="inbound" if attempt.direction == "inbound" else "outbound",
        )


class MemoryReportRepository:
    """``ReportRepository`` in memory; a report asks for the closing of its call."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def add(self, report: CallReport) -> None:
        with self._store.lock:
            attempt = self._store.attempts.get(report.attempt_id)
            if attempt is None:
                raise NotFound(f"no attempt {report.attempt_id}")
            if report.attempt_id in self._store.reports:
                return
            self._store.reports[report.attempt_id] = report
            closing = {"attempt_id": report.attempt_id}
            self._store.put_messages(NewMessage(topic="close", body=closing, group=attempt.campaign_id))

    def get(self, attempt_id: AttemptId) -> CallReport | None:
        return self._store.reports.get(attempt_id)
