"""What the memory twins keep together, because transactions reach across rooms."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import RLock

from shared.appointments import Agent, Appointment
from shared.calls import CallAttempt, Permission
from shared.calls.ports import ProviderEvent
from shared.campaigns import Campaign, Opening, Seller
from shared.conversation import CallReport
from shared.costs import Budget, CostLine, LedgerTransaction, Reservation
from shared.kernel.ids import new_id
from shared.kernel.outbox import NewMessage
from shared.leads import Consent, Lead, LeadStatus, Suppression


@dataclass
class Waiting:
    """A message and how far it got."""

    id: str
    message: NewMessage
    lease_until: datetime | None = None
    receives: int = 0
    dead_at: datetime | None = None
    error: str = ""
    available_at: datetime | None = None


@dataclass
class MemoryStore:
    """One database, so to say. Whoever changes it holds ``lock`` and changes nothing before all checks are made."""

    lock: RLock = field(default_factory=RLock)
    sellers: dict[str, Seller] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    openings: dict[str, Opening] = field(default_factory=dict)
    leads: dict[str, Lead] = field(default_factory=dict)
    consents: dict[str, Consent] = field(default_factory=dict)
    suppressions: list[Suppression] = field(default_factory=list)
    attempts: dict[str, CallAttempt] = field(default_factory=dict)
    dispositions: dict[str, str] = field(default_factory=dict)
    permissions: list[tuple[str, Permission]] = field(default_factory=list)
    events: dict[tuple[str, str, str], ProviderEvent] = field(default_factory=dict)
    budgets: dict[str, Budget] = field(default_factory=dict)
    reservations: dict[str, Reservation] = field(default_factory=dict)
    cost_lines: dict[str, tuple[CostLine, ...]] = field(default_factory=dict)
    transactions: dict[str, LedgerTransaction] = field(default_factory=dict)
    agents: dict[str, Agent] = field(default_factory=dict)
    appointments: dict[str, Appointment] = field(default_factory=dict)
    reports: dict[str, CallReport] = field(default_factory=dict)
    messages: list[Waiting] = field(default_factory=list)

    def put_lead(self, lead: Lead) -> None:
        """Keep a lead, opted out for good once it is."""
        known = self.leads.get(lead.id)
        if known is not None and known.status is LeadStatus.OPTED_OUT:
            lead = opted_out(lead)
        self.leads[lead.id] = lead

    def put_messages(self, *messages: NewMessage, default: datetime | None = None) -> None:
        """Keep messages for whoever leases them."""
        for message in messages:
            self.messages.append(Waiting(id=new_id(), message=message, available_at=message.available_at or default))


def opted_out(lead: Lead) -> Lead:
    """The lead, never to be rung again."""
    return replace(lead, status=LeadStatus.OPTED_OUT, next_attempt_at=None)
