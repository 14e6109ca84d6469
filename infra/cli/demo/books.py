"""What is kept of a campaign, read straight from the database during and after the run."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from shared.calls import CallAttempt
from shared.costs import ReservationState
from shared.kernel.ids import CampaignId, LeadId
from shared.kernel.money import Money
from shared.leads import Lead, LeadStatus
from shared.reports.campaign_report import CampaignReport
from shared.reports.gather import ReportSource, campaign_records
from shared.reports.summarise import LeadRecord, summarise
from shared.storage.appointments import SqlAppointmentRepository
from shared.storage.calls import SqlCallRepository
from shared.storage.calls.attempts import attempt_of
from shared.storage.campaigns import SqlCampaignRepository
from shared.storage.costs import SqlCostRepository
from shared.storage.engine import reading
from shared.storage.leads import SqlLeadRepository
from shared.storage.reports import SqlReportRepository
from shared.storage.tables import call_attempts

SOON = timedelta(minutes=2)
UNDER_WAY = frozenset({LeadStatus.NEW, LeadStatus.CLAIMED, LeadStatus.IN_CALL})


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where one lead stands: the lead, and its attempts, oldest first."""

    lead: Lead
    attempts: tuple[CallAttempt, ...] = ()

    @property
    def live(self) -> CallAttempt | None:
        """The attempt under way, if there is one."""
        return self.attempts[-1] if self.attempts and not self.attempts[-1].is_over else None

    def rests(self, now: datetime) -> bool:
        """Whether the lead waits for nothing that could happen within a few minutes."""
        lead = self.lead
        is_due_soon = lead.next_attempt_at is not None and lead.next_attempt_at <= now + SOON
        return lead.status not in UNDER_WAY and not (lead.status is LeadStatus.READY and is_due_soon)


class Books:
    """The database of a run."""

    def __init__(self, engine: Engine, campaign_id: CampaignId) -> None:
        self._engine = engine
        self._campaign_id = campaign_id
        self._costs = SqlCostRepository(engine)
        self._leads = SqlLeadRepository(engine)
        self._source = ReportSource(
            campaigns=SqlCampaignRepository(engine),
            leads=self._leads,
            calls=SqlCallRepository(engine),
            reports=SqlReportRepository(engine),
            costs=self._costs,
            appointments=SqlAppointmentRepository(engine),
        )

    def standings(self) -> tuple[Standing, ...]:
        """Where every lead stands, in the order of the list; two queries, however many there are."""
        attempts: dict[LeadId, list[CallAttempt]] = defaultdict(list)
        for attempt in self._attempts():
            attempts[attempt.lead_id].append(attempt)
        return tuple(
            Standing(lead=lead, attempts=tuple(attempts[lead.id]))
            for lead in self._leads.of_campaign(self._campaign_id)
        )

    def records(self) -> tuple[LeadRecord, ...]:
        """Every lead with all that came of it."""
        return campaign_records(self._campaign_id, source=self._source)

    def report(self, records: Sequence[LeadRecord], *, now: datetime) -> CampaignReport:
        """The campaign's report over ``records``."""
        return summarise(self._source.campaigns.get(self._campaign_id), records, now=now)

    def imbalance(self) -> Money:
        """What the ledger is out by."""
        return self._costs.ledger_imbalance()

    def is_finished(self, standings: Sequence[Standing], now: datetime) -> bool:
        """Whether nothing more happens soon: every lead rests, and every call is over and settled."""
        return all(one.rests(now) for one in standings) and all(
            self._is_settled(attempt) for one in standings for attempt in one.attempts
        )

    def _attempts(self) -> Sequence[CallAttempt]:
        ours = call_attempts.c.campaign_id == self._campaign_id
        with reading(self._engine) as db:
            rows = db.execute(select(call_attempts).where(ours).order_by(call_attempts.c.attempt_no)).mappings()
            return [attempt_of(row) for row in rows]

    def _is_settled(self, attempt: CallAttempt) -> bool:
        return attempt.is_over and self._costs.reservation(attempt.id).state is not ReservationState.HELD
