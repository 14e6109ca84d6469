"""Every port in memory: for tests, and for trying things out without servers."""

from shared.adapters.memory.appointments import MemoryAppointmentRepository
from shared.adapters.memory.calls import MemoryCallRepository
from shared.adapters.memory.campaigns import MemoryCampaignRepository
from shared.adapters.memory.capacity import MemoryCapacity
from shared.adapters.memory.conversation import MemoryBriefRepository, MemoryReportRepository
from shared.adapters.memory.costs import MemoryCostRepository
from shared.adapters.memory.leads import MemoryConsentRepository, MemoryLeadRepository, MemorySuppressionRepository
from shared.adapters.memory.outbox import MemoryOutbox
from shared.adapters.memory.store import MemoryStore
from shared.adapters.memory.telephony import MemoryTelephony

__all__ = [
    "MemoryAppointmentRepository",
    "MemoryBriefRepository",
    "MemoryCallRepository",
    "MemoryCampaignRepository",
    "MemoryCapacity",
    "MemoryConsentRepository",
    "MemoryCostRepository",
    "MemoryLeadRepository",
    "MemoryOutbox",
    "MemoryReportRepository",
    "MemoryStore",
    "MemorySuppressionRepository",
    "MemoryTelephony",
]
