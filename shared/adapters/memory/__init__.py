"""Every port in memory: for tests, and for trying things out without servers."""

from shared.adapters.memory.alerts import MemoryAlertRepository, MemoryAlertSink
from shared.adapters.memory.appointments import MemoryAppointmentRepository
from shared.adapters.memory.calls import MemoryCallRepository
from shared.adapters.memory.campaign_calls import MemoryCampaignCalls
from shared.adapters.memory.campaigns import MemoryCampaignRepository, MemoryOwnNumberRepository
from shared.adapters.memory.capacity import MemoryCapacity
from shared.adapters.memory.conversation import MemoryBriefRepository, MemoryReportRepository
from shared.adapters.memory.cost_reports import MemoryCostReports
from shared.adapters.memory.costs import MemoryCostRepository
from shared.adapters.memory.leads import MemoryConsentRepository, MemoryLeadRepository, MemorySuppressionRepository
from shared.adapters.memory.outbox import MemoryOutbox
from shared.adapters.memory.registries import (
    MemoryNumberCheckRepository,
    MemoryNumberLookup,
    MemoryRegistryRepository,
    MemorySignOffRepository,
)
from shared.adapters.memory.stops import MemoryStopSwitches
from shared.adapters.memory.store import MemoryStore
from shared.adapters.memory.telephony import MemoryTelephony
from shared.adapters.memory.usage import MemoryCarrierBooks, MemoryUsageBook

__all__ = [
    "MemoryAlertRepository",
    "MemoryAlertSink",
    "MemoryAppointmentRepository",
    "MemoryBriefRepository",
    "MemoryCallRepository",
    "MemoryCampaignCalls",
    "MemoryCampaignRepository",
    "MemoryCapacity",
    "MemoryCarrierBooks",
    "MemoryConsentRepository",
    "MemoryCostReports",
    "MemoryCostRepository",
    "MemoryLeadRepository",
    "MemoryNumberCheckRepository",
    "MemoryNumberLookup",
    "MemoryOutbox",
    "MemoryOwnNumberRepository",
    "MemoryRegistryRepository",
    "MemoryReportRepository",
    "MemorySignOffRepository",
    "MemoryStopSwitches",
    "MemoryStore",
    "MemorySuppressionRepository",
    "MemoryTelephony",
    "MemoryUsageBook",
]
