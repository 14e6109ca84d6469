"""Budgets, what is held against them, what calls cost, and the double-entry ledger; money in whole micro-dollars."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.costs import Component, Level, Period, ReservationState, Scope, Unit
from shared.storage.tables.base import key, metadata, moment, one_of, reference, words

budgets = Table(
    "budgets",
    metadata,
    key(),
    reference("seller_id", "sellers.id", is_optional=True),
    words("scope"),
    words("period"),
    Column("period_start", Date),
    Column("limit_micro_usd", BigInteger, nullable=False),
    Column("pending_micro_usd", BigInteger, nullable=False),
    Column("posted_micro_usd", BigInteger, nullable=False),
    Column("overdrawn_micro_usd", BigInteger, nullable=False),
    one_of("scope", Scope),
    one_of("period", Period),
    CheckConstraint("(period = 'total') = (period_start is null)", name="start"),
    CheckConstraint("(scope = 'installation') = (seller_id is null)", name="owner"),
    CheckConstraint(
        "pending_micro_usd >= 0 and posted_micro_usd >= 0 and overdrawn_micro_usd >= 0", name="not_negative"
    ),
    CheckConstraint(
        "posted_micro_usd + pending_micro_usd <= limit_micro_usd + overdrawn_micro_usd", name="not_overspent"
    ),
)
Index("budgets_period_idx", budgets.c.period, budgets.c.period_start)

spending_limits = Table(
    "spending_limits",
    metadata,
    key(),
    words("scope"),
    reference("seller_id", "sellers.id", is_optional=True),
    words("period"),
    Column("limit_micro_usd", BigInteger, nullable=False),
    moment("set_at"),
    one_of("scope", (Scope.SELLER, Scope.INSTALLATION)),
    one_of("period", (Period.DAY, Period.WEEK, Period.MONTH)),
    CheckConstraint("(scope = 'installation') = (seller_id is null)", name="owner"),
    CheckConstraint("limit_micro_usd >= 0", name="not_negative"),
)

reservations = Table(
    "reservations",
    metadata,
    reference("attempt_id", "call_attempts.id", is_key=True),
    reference("budget_id", "budgets.id"),
    Column("amount_micro_usd", BigInteger, nullable=False),
    words("state"),
    moment("made_at"),
    Column("limit_ids", ARRAY(Uuid(as_uuid=False)), nullable=False),
    Column("basis", Integer, nullable=False),
    Column("is_bounded", Boolean, nullable=False),
    one_of("state", ReservationState),
    CheckConstraint("amount_micro_usd >= 0", name="not_negative"),
)
Index("reservations_held_idx", reservations.c.attempt_id, postgresql_where=text("state = 'held'"))
Index("reservations_made_at_idx", reservations.c.made_at)

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

charges = Table(
    "charges",
    metadata,
    key(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    moment("at"),
    Column("budget_ids", ARRAY(Uuid(as_uuid=False)), nullable=False),
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
Index("charges_at_idx", charges.c.at)

ledger_transactions = Table(
    "ledger_transactions",
    metadata,
    key(),
    Column("ref", Text, nullable=False, unique=True),
    words("kind"),
    moment("at"),
)
Index("ledger_transactions_at_idx", ledger_transactions.c.at)

ledger_entries = Table(
    "ledger_entries",
    metadata,
    reference("transaction_id", "ledger_transactions.id", is_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    words("account"),
    Column("amount_micro_usd", BigInteger, nullable=False),
)
Index("ledger_entries_account_idx", ledger_entries.c.account)

money_alerts = Table(
    "money_alerts",
    metadata,
    key(),
    words("key"),
    words("level"),
    words("kind"),
    reference("seller_id", "sellers.id", is_optional=True),
    moment("at"),
    words("reason"),
    Column("evidence", JSONB, nullable=False),
    moment("sent_at", is_optional=True),
    one_of("level", Level),
    UniqueConstraint("key"),
)
Index("money_alerts_at_idx", money_alerts.c.at)

usage_checks = Table(
    "usage_checks",
    metadata,
    Column("day", Date, primary_key=True),
    Column("category", Text, primary_key=True),
    Column("our_count", Integer, nullable=False),
    Column("our_micro_usd", BigInteger, nullable=False),
    Column("their_count", Integer, nullable=False),
    Column("their_micro_usd", BigInteger, nullable=False),
    Column("holds", Boolean, nullable=False),
    Column("gaps", JSONB, nullable=False),
    moment("at"),
)
