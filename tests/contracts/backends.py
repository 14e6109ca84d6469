"""The two sets of repositories that keep the same promises."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Engine, text

from shared.adapters.memory import (
    MemoryAlertRepository,
    MemoryAppointmentRepository,
    MemoryBriefRepository,
    MemoryCallRepository,
    MemoryCampaignCalls,
    MemoryCampaignRepository,
    MemoryConsentRepository,
    MemoryCostReports,
    MemoryCostRepository,
    MemoryLeadRepository,
    MemoryNumberCheckRepository,
    MemoryOutbox,
    MemoryOwnNumberRepository,
    MemoryRegistryRepository,
    MemoryReportRepository,
    MemorySignOffRepository,
    MemoryStore,
    MemorySuppressionRepository,
    MemoryUsageBook,
)
from shared.adapters.memory.analyses import MemoryAnalysisRepository
from shared.adapters.memory.campaign_board import MemoryCampaignBoard
from shared.adapters.memory.decisions import MemoryBlockedLeads
from shared.adapters.memory.folds import MemoryCallFolds
from shared.adapters.memory.gate import MemoryAnswerGate
from shared.adapters.memory.inbound import MemoryInboundRepository, MemoryPromptRepository, MemoryTaskRepository
from shared.adapters.memory.inbox import MemoryCallInbox
from shared.adapters.memory.scores import MemoryScoreBook
from shared.adapters.memory.scripts import MemoryScriptRepository
from shared.adapters.memory.stops import MemoryStopSwitches
from shared.adapters.memory.strays import MemoryStrays
from shared.appointments.ports import AppointmentRepository
from shared.calls import CallAttempt
from shared.calls.folding import CallFolds
from shared.calls.gate import AnswerGate
from shared.calls.inbound import InboundBook
from shared.calls.inbox import CallInbox
from shared.calls.ports import CallRepository
from shared.calls.reap import Strays
from shared.calls.reopen import BlockedLeads
from shared.calls.stops import StopSwitches
from shared.calls.tasks import TaskRepository
from shared.campaigns import CampaignState
from shared.campaigns.own_number import OwnNumberRepository
from shared.campaigns.ports import CampaignCalls, CampaignRepository
from shared.campaigns.prompts import PromptRepository
from shared.campaigns.sign_off import SignOffRepository
from shared.conversation.after.ports import AnalysisRepository
from shared.conversation.ports import BriefRepository, ReportRepository
from shared.conversation.script_versions import ScriptRepository
from shared.costs import Account, Booking, CostLine
from shared.costs.booking import settling
from shared.costs.ports import AlertRepository, CostRepository
from shared.costs.reconcile_usage import UsageBook
from shared.leads import Lead
from shared.leads.number_check import NumberCheckRepository
from shared.leads.ports import ConsentRepository, LeadRepository, SuppressionRepository
from shared.leads.registry import RegistryRepository
from shared.reports.campaign_figures import CampaignBoard
from shared.reports.cost_report import CostReports
from shared.storage.alerts import SqlAlertRepository
from shared.storage.analyses import SqlAnalysisRepository
from shared.storage.appointments import SqlAppointmentRepository
from shared.storage.blocked_leads import SqlBlockedLeads
from shared.storage.briefs import SqlBriefRepository
from shared.storage.call_folds import SqlCallFolds
from shared.storage.calls import SqlCallRepository
from shared.storage.campaign_board import SqlCampaignBoard
from shared.storage.campaign_calls import SqlCampaignCalls
from shared.storage.campaigns import SqlCampaignRepository
from shared.storage.consents import SqlConsentRepository
from shared.storage.cost_reports import SqlCostReports
from shared.storage.costs import SqlCostRepository
from shared.storage.inbound import SqlInboundRepository
from shared.storage.leads import SqlLeadRepository
from shared.storage.light.connections import Connections
from shared.storage.light.gate import SqlAnswerGate
from shared.storage.light.inbox import SqlCallInbox
from shared.storage.number_checks import SqlNumberCheckRepository
from shared.storage.outbox import SqlOutbox
from shared.storage.own_numbers import SqlOwnNumberRepository
from shared.storage.prompts import SqlPromptRepository
from shared.storage.registries import SqlRegistryRepository
from shared.storage.reports import SqlReportRepository
from shared.storage.scores import SqlScoreBook
from shared.storage.scripts import SqlScriptRepository
from shared.storage.sign_offs import SqlSignOffRepository
from shared.storage.stops import SqlStopSwitches
from shared.storage.strays import SqlStrays
from shared.storage.suppressions import SqlSuppressionRepository
from shared.storage.tables import metadata
from shared.storage.tasks import SqlTaskRepository
from shared.storage.usage_checks import SqlUsageBook
from tests.contracts.nouns import (
    CAMPAIGN_ID,
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
    registries: RegistryRepository
    blocked: BlockedLeads
    number_checks: NumberCheckRepository
    sign_offs: SignOffRepository
    campaigns: CampaignRepository
    own_numbers: OwnNumberRepository
    campaign_calls: CampaignCalls
    board: CampaignBoard
    costs: CostRepository
    alerts: AlertRepository
    usage_book: UsageBook
    cost_reports: CostReports
    appointments: AppointmentRepository
    calls: CallRepository
    briefs: BriefRepository
    reports: ReportRepository
    scores: MemoryScoreBook | SqlScoreBook
    analyses: AnalysisRepository
    inbound: InboundBook
    prompts: PromptRepository
    scripts: ScriptRepository
    tasks: TaskRepository
    outbox: SqlOutbox | MemoryOutbox
    gate: AnswerGate
    inbox: CallInbox
    folds: CallFolds
    stops: StopSwitches
    strays: Strays

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

    def settle(self, attempt: CallAttempt, *lines: CostLine, basis: int = 0) -> bool:
        """Whether spending these lines changed anything."""

        def decide(account: Account) -> Booking | None:
            return settling(account, lines, basis=basis, now=NOON)

        return self.costs.book(attempt.id, decide) is not None

    def run(self) -> None:
        """Have the campaign run."""
        self.campaigns.save(replace(self.campaigns.get(CAMPAIGN_ID), state=CampaignState.RUNNING))

    def plan(self, lead: Lead | None = None, **changed: object) -> CallAttempt:
        """A planned attempt, for a lead of its own if none is given, in a campaign that runs."""
        lead = lead or self.add_lead()
        self.run()
        attempt = make_attempt(lead, **changed)
        self.calls.plan(attempt, lead, make_permission(), make_reservation(attempt))
        return attempt


def memory_backend() -> Backend:
    store = MemoryStore()
    return Backend(
        leads=MemoryLeadRepository(store),
        consents=MemoryConsentRepository(store),
        suppressions=MemorySuppressionRepository(store),
        registries=MemoryRegistryRepository(store),
        blocked=MemoryBlockedLeads(store),
        number_checks=MemoryNumberCheckRepository(store),
        sign_offs=MemorySignOffRepository(store),
        campaigns=MemoryCampaignRepository(store),
        own_numbers=MemoryOwnNumberRepository(store),
        campaign_calls=MemoryCampaignCalls(store),
        board=MemoryCampaignBoard(store),
        costs=MemoryCostRepository(store),
        alerts=MemoryAlertRepository(store),
        usage_book=MemoryUsageBook(store),
        cost_reports=MemoryCostReports(store),
        appointments=MemoryAppointmentRepository(store),
        calls=MemoryCallRepository(store),
        briefs=MemoryBriefRepository(store, FixedClock()),
        reports=MemoryReportRepository(store),
        scores=MemoryScoreBook(store),
        analyses=MemoryAnalysisRepository(store),
        inbound=MemoryInboundRepository(store),
        prompts=MemoryPromptRepository(store),
        scripts=MemoryScriptRepository(store),
        tasks=MemoryTaskRepository(store),
        outbox=MemoryOutbox(store),
        gate=MemoryAnswerGate(store),
        inbox=MemoryCallInbox(store),
        folds=MemoryCallFolds(store),
        stops=MemoryStopSwitches(store),
        strays=MemoryStrays(store),
    )


def sql_backend(engine: Engine, light: Connections | None = None) -> Backend:
    light = light or Connections(engine.url.render_as_string(hide_password=False), size=4)
    return Backend(
        leads=SqlLeadRepository(engine),
        consents=SqlConsentRepository(engine),
        suppressions=SqlSuppressionRepository(engine),
        registries=SqlRegistryRepository(engine),
        blocked=SqlBlockedLeads(engine),
        number_checks=SqlNumberCheckRepository(engine),
        sign_offs=SqlSignOffRepository(engine),
        campaigns=SqlCampaignRepository(engine),
        own_numbers=SqlOwnNumberRepository(engine),
        campaign_calls=SqlCampaignCalls(engine),
        board=SqlCampaignBoard(engine),
        costs=SqlCostRepository(engine),
        alerts=SqlAlertRepository(engine),
        usage_book=SqlUsageBook(engine),
        cost_reports=SqlCostReports(engine),
        appointments=SqlAppointmentRepository(engine),
        calls=SqlCallRepository(engine),
        briefs=SqlBriefRepository(engine, FixedClock()),
        reports=SqlReportRepository(engine),
        scores=SqlScoreBook(engine),
        analyses=SqlAnalysisRepository(engine),
        inbound=SqlInboundRepository(engine),
        prompts=SqlPromptRepository(engine),
        scripts=SqlScriptRepository(engine),
        tasks=SqlTaskRepository(engine),
        outbox=SqlOutbox(engine),
        gate=SqlAnswerGate(light),
        inbox=SqlCallInbox(light),
        folds=SqlCallFolds(engine),
        stops=SqlStopSwitches(engine),
        strays=SqlStrays(engine),
    )


def emptied(engine: Engine) -> Engine:
    """A database whose tables are empty; quicker than a new one."""
    with engine.begin() as db:
        db.execute(text("set local session_replication_role = replica"))  # the ledger refuses to be emptied
        for table in reversed(metadata.sorted_tables):
            db.execute(table.delete())
    return engine
