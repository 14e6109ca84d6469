"""Budgets, what is held against them, what calls cost, and the double-entry ledger; money in whole micro-dollars."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, Numeric, Table, Text

from shared.costs import Component, ReservationState, Unit
from shared.storage.tables.base import key, metadata, moment, one_of, reference, words

budgets = Table(
    "budgets",
    metadata,
    key(),
    reference("seller_id", "sellers.id"),
    Column("limit_micro_usd", BigInteger, nullable=False),
    Column("pending_micro_usd", BigInteger, nullable=False),
    Column("posted_micro_usd", BigInteger, nullable=False),
    CheckConstraint("pending_micro_usd >= 0 and posted_micro_usd >= 0", name="not_negative"),
    CheckConstraint("posted_micro_usd + pending_micro_usd <= limit_micro_usd", name="not_overspent"),
)

reservations = Table(
    "reservations",
    metadata,
    reference("attempt_id", "call_attempts.id", is_key=True),
    reference("budget_id", "budgets.id"),
    Column("amount_micro_usd", BigInteger, nullable=False),
    words("state"),
    moment("made_at"),
    one_of("state", ReservationState),
    CheckConstraint("amount_micro_usd >= 0", name="not_negative"),
)

cost_lines = Table(
    "cost_lines",
    metadata,
    reference("attempt_id", "call_attempts.id", is_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    words("component"),
    words("vendor"),
    Column("quantity", Numeric, nullable=False),
    words("unit"),
    Column("unit_price_micro_usd", BigInteger, nullable=False),
    Column("amount_micro_usd", BigInteger, nullable=False),
    words("price_version"),
    one_of("component", Component),
    one_of("unit", Unit),
)

ledger_transactions = Table(
    "ledger_transactions",
    metadata,
    key(),
    Column("ref", Text, nullable=False, unique=True),
    words("kind"),
    moment("at"),
)

ledger_entries = Table(
    "ledger_entries",
    metadata,
    reference("transaction_id", "ledger_transactions.id", is_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    words("account"),
    Column("amount_micro_usd", BigInteger, nullable=False),
)
Index("ledger_entries_account_idx", ledger_entries.c.account)
