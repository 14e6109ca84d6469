"""The tables of the database, one file per room."""

from shared.storage.tables.appointments import agents, appointments, cancellations
from shared.storage.tables.base import metadata
from shared.storage.tables.calls import call_attempts, call_events, permissions
from shared.storage.tables.campaigns import campaign_moves, campaigns, openings, own_numbers, sellers
from shared.storage.tables.conversation import call_analyses, prompts, reports, scores, turns
from shared.storage.tables.costs import (
    budgets,
    charges,
    cost_lines,
    ledger_entries,
    ledger_transactions,
    money_alerts,
    reservations,
    spending_limits,
    usage_checks,
)
from shared.storage.tables.inbound import inbound_desks, tasks
from shared.storage.tables.leads import consents, leads, suppressions
from shared.storage.tables.outbox import outbox
from shared.storage.tables.recordings import recording_notes
from shared.storage.tables.registries import number_checks, registry_copies, registry_numbers, sign_offs
from shared.storage.tables.scripts import script_drafts, script_versions, scripts
from shared.storage.tables.stops import stop_switches

__all__ = [
    "agents",
    "appointments",
    "budgets",
    "call_analyses",
    "call_attempts",
    "call_events",
    "campaign_moves",
    "campaigns",
    "cancellations",
    "charges",
    "consents",
    "cost_lines",
    "inbound_desks",
    "leads",
    "ledger_entries",
    "ledger_transactions",
    "metadata",
    "money_alerts",
    "number_checks",
    "openings",
    "outbox",
    "own_numbers",
    "permissions",
    "prompts",
    "recording_notes",
    "registry_copies",
    "registry_numbers",
    "reports",
    "reservations",
    "scores",
    "script_drafts",
    "script_versions",
    "scripts",
    "sellers",
    "sign_offs",
    "spending_limits",
    "stop_switches",
    "suppressions",
    "tasks",
    "turns",
    "usage_checks",
]
