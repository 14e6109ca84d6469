"""Reservations, cost lines and the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reservations",
        sa.Column("attempt_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("budget_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("amount_micro_usd", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('held', 'settled', 'void')", name=op.f("reservations_state_check")),
        sa.CheckConstraint("amount_micro_usd >= 0", name=op.f("reservations_not_negative_check")),
        sa.ForeignKeyConstraint(["attempt_id"], ["call_attempts.id"], name=op.f("reservations_attempt_id_fkey")),
        sa.ForeignKeyConstraint(["budget_id"], ["budgets.id"], name=op.f("reservations_budget_id_fkey")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("reservations_pkey")),
    )
    op.create_table(
        "cost_lines",
        sa.Column("attempt_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("vendor", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("unit_price_micro_usd", sa.BigInteger(), nullable=False),
        sa.Column("amount_micro_usd", sa.BigInteger(), nullable=False),
        sa.Column("price_version", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "component in ('carrier_voice', 'media_stream', 'machine_detection', 'recording', 'speech_to_text', "
            "'text_to_speech', 'language_model', 'compute', 'overhead')",
            name=op.f("cost_lines_component_check"),
        ),
        sa.CheckConstraint(
            "unit in ('minute', 'second', 'call', 'character', 'token')", name=op.f("cost_lines_unit_check")
        ),
        sa.ForeignKeyConstraint(["attempt_id"], ["call_attempts.id"], name=op.f("cost_lines_attempt_id_fkey")),
        sa.PrimaryKeyConstraint("attempt_id", "number", name=op.f("cost_lines_pkey")),
    )
    op.create_table(
        "ledger_transactions",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("ledger_transactions_pkey")),
        sa.UniqueConstraint("ref", name=op.f("ledger_transactions_ref_key")),
    )
    op.create_table(
        "ledger_entries",
        sa.Column("transaction_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("amount_micro_usd", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["ledger_transactions.id"], name=op.f("ledger_entries_transaction_id_fkey")
        ),
        sa.PrimaryKeyConstraint("transaction_id", "number", name=op.f("ledger_entries_pkey")),
    )
    op.create_index("ledger_entries_account_idx", "ledger_entries", ["account"], unique=False)


def downgrade() -> None:
    op.drop_table("ledger_entries")
    op.drop_table("ledger_transactions")
    op.drop_table("cost_lines")
    op.drop_table("reservations")
