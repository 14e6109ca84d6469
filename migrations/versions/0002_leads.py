"""Leads, consents and suppressions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leads",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("seller_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("campaign_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("timezone", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("disposition", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('seller', 'buyer', 'renter')", name=op.f("leads_kind_check")),
        sa.CheckConstraint("phone ~ '^\\+[1-9][0-9]{6,14}$'", name=op.f("leads_phone_check")),
        sa.CheckConstraint(
            "status in ('new', 'ready', 'claimed', 'in_call', 'qualified', 'not_qualified', 'not_interested', "
            "'opted_out', 'unreachable', 'invalid', 'blocked', 'exhausted')",
            name=op.f("leads_status_check"),
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("leads_campaign_id_fkey")),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name=op.f("leads_seller_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("leads_pkey")),
        sa.UniqueConstraint("campaign_id", "phone", name=op.f("leads_campaign_id_phone_key")),
    )
    op.create_index(
        "leads_due_idx",
        "leads",
        ["campaign_id", "next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("status = 'ready'"),
    )
    op.create_index("leads_phone_idx", "leads", ["phone"], unique=False)
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("seller_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("channels", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("ip_address", sa.Text(), nullable=False),
        sa.Column("obtained_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("phone ~ '^\\+[1-9][0-9]{6,14}$'", name=op.f("consents_phone_check")),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name=op.f("consents_seller_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("consents_pkey")),
    )
    op.create_index("consents_phone_idx", "consents", ["phone"], unique=False)
    op.create_table(
        "suppressions",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seller_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("attempt_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.CheckConstraint("phone ~ '^\\+[1-9][0-9]{6,14}$'", name=op.f("suppressions_phone_check")),
        sa.CheckConstraint(
            "reason <> 'opt_out' or seller_id is null", name=op.f("suppressions_opt_out_covers_all_check")
        ),
        sa.CheckConstraint(
            "reason in ('opt_out', 'wrong_number', 'bad_number', 'do_not_call', 'manual')",
            name=op.f("suppressions_reason_check"),
        ),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name=op.f("suppressions_seller_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("suppressions_pkey")),
        sa.UniqueConstraint(
            "phone",
            "reason",
            "seller_id",
            "attempt_id",
            name=op.f("suppressions_phone_reason_seller_id_attempt_id_key"),
            postgresql_nulls_not_distinct=True,
        ),
    )


def downgrade() -> None:
    op.drop_table("suppressions")
    op.drop_table("consents")
    op.drop_table("leads")
