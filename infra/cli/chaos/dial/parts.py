"""What the functions of a world reach for: over the memory twins, or over a real database."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from psycopg import Connection
from sqlalchemy import Engine

from infra.cli.chaos.dial.writes import Writes
from shared.adapters.memory import (
    MemoryAppointmentRepository,
    MemoryCallRepository,
    MemoryCampaignRepository,
    MemoryConsentRepository,
    MemoryCostRepository,
    MemoryLeadRepository,
    MemoryNumberCheckRepository,
    MemoryOwnNumberRepository,
    MemoryRegistryRepository,
    MemoryReportRepository,
    MemorySignOffRepository,
    MemoryStopSwitches,
    MemoryStore,
    MemorySuppressionRepository,
)
from shared.adapters.memory.alerts import MemoryAlertRepository
from shared.adapters.memory.campaign_calls import MemoryCampaignCalls
from shared.adapters.memory.folds import MemoryCallFolds
from shared.adapters.memory.gate import MemoryAnswerGate
from shared.adapters.memory.inbox import MemoryCallInbox
from shared.adapters.memory.scores import MemoryScoreBook
from shared.adapters.memory.strays import MemoryStrays
from shared.appointments.ports import AppointmentRepository
from shared.calls.folding import CallFolds
from shared.calls.gate import AnswerGate
from shared.calls.inbox import CallInbox
from shared.calls.ports import CallRepository
from shared.calls.reap import Strays
from shared.calls.record import LeadRecords
from shared.calls.stops import StopSwitches
from shared.campaigns.own_number import OwnNumberRepository
from shared.campaigns.ports import CampaignCalls, CampaignRepository
from shared.campaigns.sign_off import SignOffRepository
from shared.conversation.ports import ReportRepository
from shared.costs.ports import AlertRepository, CostRepository
from shared.kernel.outbox import NewMessage
from shared.leads.number_check import NumberCheckRepository
from shared.leads.ports import ConsentRepository, LeadRepository, SuppressionRepository
from shared.leads.registry import RegistryRepository
from shared.reports.score_report import Scores
from shared.storage.alerts import SqlAlertRepository
from shared.storage.appointments import SqlAppointmentRepository
from shared.storage.call_folds import SqlCallFolds
from shared.storage.calls import SqlCallRepository
from shared.storage.campaign_calls import SqlCampaignCalls
from shared.storage.campaigns import SqlCampaignRepository
from shared.storage.consents import SqlConsentRepository
from shared.storage.costs import SqlCostRepository
from shared.storage.lead_records import SqlLeadRecords
from shared.storage.leads import SqlLeadRepository
from shared.storage.light.connections import Connections
from shared.storage.light.gate import SqlAnswerGate
from shared.storage.light.inbox import SqlCallInbox
from shared.storage.number_checks import SqlNumberCheckRepository
from shared.storage.own_numbers import SqlOwnNumberRepository
from shared.storage.registries import SqlRegistryRepository
from shared.storage.reports import SqlReportRepository
from shared.storage.scores import SqlScoreBook
from shared.storage.sign_offs import SqlSignOffRepository
from shared.storage.stops import SqlStopSwitches
from shared.storage.strays import SqlStrays
from shared.storage.suppressions import SqlSuppressionRepository

Written = Callable[[NewMessage], None]


@dataclass
class ListeningStore(MemoryStore):
    """A memory that says so when a message is written, instead of keeping it."""

    written: Written = field(default=lambda _message: None)

    def put_messages(self, *messages: NewMessage, default: datetime | None = None) -> None:
        """Hand messages on: the world delivers them."""
        for message in messages:
            self.written(message)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Every repository, unwatched. ``collect`` fetches the messages that were written, where nobody says so.

    ``records`` reads at once what the repositories know of a lead, where something can.
    """

    leads: LeadRepository
    consents: ConsentRepository
    suppressions: SuppressionRepository
    registries: RegistryRepository
    number_checks: NumberCheckRepository
    sign_offs: SignOffRepository
    campaigns: CampaignRepository
    own_numbers: OwnNumberRepository
    campaign_calls: CampaignCalls
    appointments: AppointmentRepository
    calls: CallRepository
    folds: CallFolds
    costs: CostRepository
    alerts: AlertRepository
    reports: ReportRepository
    scores: Scores
    stops: StopSwitches
    strays: Strays
    gate: AnswerGate
    inbox: CallInbox
    collect: Callable[[], list[NewMessage]]
    records: LeadRecords | None = None


def memory_parts(store: ListeningStore) -> Parts:
    """The twins over one memory."""
    return Parts(
        leads=MemoryLeadRepository(store),
        consents=MemoryConsentRepository(store),
        suppressions=MemorySuppressionRepository(store),
        registries=MemoryRegistryRepository(store),
        number_checks=MemoryNumberCheckRepository(store),
        sign_offs=MemorySignOffRepository(store),
        campaigns=MemoryCampaignRepository(store),
        own_numbers=MemoryOwnNumberRepository(store),
        campaign_calls=MemoryCampaignCalls(store),
        appointments=MemoryAppointmentRepository(store),
        calls=MemoryCallRepository(store),
        folds=MemoryCallFolds(store),
        costs=MemoryCostRepository(store),
        alerts=MemoryAlertRepository(store),
        reports=MemoryReportRepository(store),
        scores=MemoryScoreBook(store),
        stops=MemoryStopSwitches(store),
        strays=MemoryStrays(store),
        gate=MemoryAnswerGate(store),
        inbox=MemoryCallInbox(store),
        collect=list,
    )


def sql_parts(engine: Engine, connections: Connections, outbox: Connection, *, writes: Writes | None = None) -> Parts:
    """The repositories over one database; its outbox is emptied as the relay does it.

    With ``writes``, which hear everything that is written, only after there was something.
    """

    def collect() -> list[NewMessage]:
        if writes is not None and not writes.taken():
            return []
        rows = outbox.execute('delete from outbox returning topic, body, "group", available_at, seq').fetchall()
        return [
            NewMessage(topic=topic, body=body, group=group, available_at=at)
            for topic, body, group, at, _ in sorted(rows, key=lambda row: row[4])
        ]

    return Parts(
        leads=SqlLeadRepository(engine),
        consents=SqlConsentRepository(engine),
        suppressions=SqlSuppressionRepository(engine),
        registries=SqlRegistryRepository(engine),
        number_checks=SqlNumberCheckRepository(engine),
        sign_offs=SqlSignOffRepository(engine),
        campaigns=SqlCampaignRepository(engine),
        own_numbers=SqlOwnNumberRepository(engine),
        campaign_calls=SqlCampaignCalls(engine),
        appointments=SqlAppointmentRepository(engine),
        calls=SqlCallRepository(engine),
        folds=SqlCallFolds(engine),
        costs=SqlCostRepository(engine),
        alerts=SqlAlertRepository(engine),
        reports=SqlReportRepository(engine),
        scores=SqlScoreBook(engine),
        stops=SqlStopSwitches(engine),
        strays=SqlStrays(engine),
        gate=SqlAnswerGate(connections),
        inbox=SqlCallInbox(connections),
        records=SqlLeadRecords(engine),
        collect=collect,
    )
