"""The two sets of repositories that keep the same promises."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, text

from shared.adapters.memory import (
    MemoryAppointmentRepository,
    MemoryBriefRepository,
    MemoryCallRepository,
    MemoryCampaignRepository,
    MemoryConsentRepository,
    MemoryCostRepository,
    MemoryLeadRepository,
    MemoryOutbox,
    MemoryReportRepository,
    MemoryStore,
    MemorySuppressionRepository,
)
from shared.appointments.ports import AppointmentRepository
from shared.calls import CallAttempt
from shared.calls.ports import CallRepository
from shared.campaigns.ports import CampaignRepository
from shared.conversation.ports import BriefRepository, ReportRepository
from shared.costs.ports import CostRepository
from shared.leads import Lead
from shared.leads.ports import ConsentRepository, LeadRepository, SuppressionRepository
from shared.storage.appointments import SqlAppointmentRepository
from shared.storage.briefs import SqlBriefRepository
from shared.storage.calls import SqlCallRepository
from shared.storage.campaigns import SqlCampaignRepository
from shared.storage.consents import SqlConsentRepository
from shared.storage.costs import SqlCostRepository
from shared.storage.leads import SqlLeadRepository
from shared.storage.outbox import SqlOutbox
from shared.storage.reports import SqlReportRepository
from shared.storage.suppressions import SqlSuppressionRepository
from shared.storage.tables import metadata
from tests.contracts.nouns import (
    NOON,
    SELLER,
    make_attempt,
    make_budget,
    make_campaign,
    make_consent,
    make_lead,
    make_permission,
    make_reservation,
)


@dataclass(frozen=True)
class FixedClock:
    """It is always noon."""

    def now(self) -> datetime:
        return NOON


@dataclass(frozen=True, kw_only=True)
class Backend:
    """Every repository over one database, or over one memory."""

    leads: LeadRepository
    consents: ConsentRepository
    suppressions: SuppressionRepository
    campaigns: CampaignRepository
    costs: CostRepository
    appointments: AppointmentRepository
    calls: CallRepository
    briefs: BriefRepository
    reports: ReportRepository
    outbox: SqlOutbox | MemoryOutbox

    def furnish(self) -> "Backend":
        """With a seller, a budget and a campaign."""
        self.campaigns.add_seller(SELLER)
        self.costs.add_budget(make_budget())
        self.campaigns.save(make_campaign())
        return self

    def add_lead(self, **changed: object) -> Lead:
        lead = make_lead(**changed)
        self.leads.add([lead], [make_consent(lead)])
        return lead

    def plan(self, lead: Lead | None = None, **changed: object) -> CallAttempt:
        """A planned attempt, for a lead of its own if none is given."""
        lead = lead or self.add_lead()
        attempt = make_attempt(lead, **changed)
        self.calls.plan(attempt, lead, make_permission(), make_reservation(attempt))
        return attempt


def memory_backend() -> Backend:
    store = MemoryStore()
    return Backend(
        leads=MemoryLeadRepository(store),
        consents=MemoryConsentRepository(store),
        suppressions=MemorySuppressionRepository(store),
        campaigns=MemoryCampaignRepository(store),
        costs=MemoryCostRepository(store),
        appointments=MemoryAppointmentRepository(store),
        calls=MemoryCallRepository(store),
        briefs=MemoryBriefRepository(store, FixedClock()),
        reports=MemoryReportRepository(store),
        outbox=MemoryOutbox(store),
    )


def sql_backend(engine: Engine) -> Backend:
    return Backend(
        leads=SqlLeadRepository(engine),
        consents=SqlConsentRepository(engine),
        suppressions=SqlSuppressionRepository(engine),
        campaigns=SqlCampaignRepository(engine),
        costs=SqlCostRepository(engine),
        appointments=SqlAppointmentRepository(engine),
        calls=SqlCallRepository(engine),
        briefs=SqlBriefRepository(engine, FixedClock()),
        reports=SqlReportRepository(engine),
        outbox=SqlOutbox(engine),
    )


def emptied(engine: Engine) -> Engine:
    """A database whose tables are empty; quicker than a new one."""
    with engine.begin() as db:
        db.execute(text("set local session_replication_role = replica"))  # the ledger refuses to be emptied
        for table in reversed(metadata.sorted_tables):
            db.execute(table.delete())
    return engine
