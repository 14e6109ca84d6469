"""The tables of the database, one file per room."""

from shared.storage.tables.appointments import agents, appointments
from shared.storage.tables.base import metadata
from shared.storage.tables.calls import call_attempts, call_events, permissions
from shared.storage.tables.campaigns import campaigns, openings, sellers
from shared.storage.tables.conversation import reports, turns
from shared.storage.tables.costs import budgets, cost_lines, ledger_entries, ledger_transactions, reservations
from shared.storage.tables.leads import consents, leads, suppressions
from shared.storage.tables.outbox import outbox

__all__ = [
    "agents",
    "appointments",
    "budgets",
    "call_attempts",
    "call_events",
    "campaigns",
    "consents",
    "cost_lines",
    "leads",
    "ledger_entries",
    "ledger_transactions",
    "metadata",
    "openings",
    "outbox",
    "permissions",
    "reports",
    "reservations",
    "sellers",
    "suppressions",
    "turns",
]
