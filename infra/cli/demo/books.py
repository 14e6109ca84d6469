"""What is kept of a campaign, read straight from the database during and after the run."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine

from shared.calls import CallAttempt
from shared.costs import ReservationState
from shared.kernel.ids import CampaignId
from shared.kernel.money import Money
from shared.leads import Lead, LeadStatus
from shared.reports.campaign_report import CampaignReport
from shared.reports.gather import ReportSource, campaign_records
from shared.reports.summarise import LeadRecord, summarise
from shared.storage.appointments import SqlAppointmentRepository
from shared.storage.calls import SqlCallRepository
from shared.storage.campaigns import SqlCampaignRepository
from shared.storage.costs import SqlCostRepository
from shared.storage.leads import SqlLeadRepository
from shared.storage.reports import SqlReportRepository

SOON = timedelta(minutes=2)
UNDER_WAY = frozenset({LeadStatus.NEW, LeadStatus.CLAIMED, LeadStatus.IN_CALL})


class Books:
    """The database of a run."""

    def __init__(self, engine: Engine, campaign_id: CampaignId) -> None:
        self._campaign_id = campaign_id
        self._costs = SqlCostRepository(engine)
        self._leads = SqlLeadRepository(engine)
        self._calls = SqlCallRepository(engine)
        self._source = ReportSource(
            campaigns=SqlCampaignRepository(engine),
            leads=self._leads,
            calls=self._calls,
            reports=SqlReportRepository(engine),
            costs=self._costs,
            appointments=SqlAppointmentRepository(engine),
        )

    def leads(self) -> Sequence[Lead]:
        """The campaign's leads, in the order of the list."""
        return self._leads.of_campaign(self._campaign_id)

    def attempts(self, lead: Lead) -> Sequence[CallAttempt]:
        """The lead's attempts, oldest first."""
        return self._calls.of_lead(lead.id)

    def records(self) -> tuple[LeadRecord, ...]:
        """Every lead with all that came of it."""
        return campaign_records(self._campaign_id, source=self._source)

    def report(self, records: Sequence[LeadRecord], *, now: datetime) -> CampaignReport:
        """The campaign's report over ``records``."""
        return summarise(self._source.campaigns.get(self._campaign_id), records, now=now)

    def imbalance(self) -> Money:
        """What the ledger is out by."""
        return self._costs.ledger_imbalance()

    def is_finished(self, now: datetime) -> bool:
        """Whether nothing more happens soon: every lead rests, and every call is over and settled."""
        leads = self.leads()
        return all(_rests(lead, now) for lead in leads) and all(
            self._is_settled(attempt) for lead in leads for attempt in self.attempts(lead)
        )

    def _is_settled(self, attempt: CallAttempt) -> bool:
        return attempt.is_over and self._costs.reservation(attempt.id).state is not ReservationState.HELD


def _rests(lead: Lead, now: datetime) -> bool:
    """Whether the lead waits for nothing that could happen within a few minutes."""
    is_due_soon = lead.next_attempt_at is not None and lead.next_attempt_at <= now + SOON
    return lead.status not in UNDER_WAY and not (lead.status is LeadStatus.READY and is_due_soon)
