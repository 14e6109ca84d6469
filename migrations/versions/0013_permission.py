"""What permission asks of: copies of do-not-call registries, what is known of a number, what counsel signed off.

And what it answers from: every decision keeps its facts and the version of the rules, so that it can be replayed.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

PHONE = "phone ~ '^\\+[1-9][0-9]{6,14}$'"
REASONS = "'opt_out', 'wrong_number', 'bad_number', 'do_not_call', 'manual'"
LINES = "'mobile', 'landline', 'fixed_voip', 'non_fixed_voip', 'toll_free', 'premium', 'pager', 'voicemail', 'unknown'"
IF_APP = "do $if$ begin if to_regrole('reauto_app') is not null then {statements} end if; end $if$;"
GRANTS = """
  grant select, insert, update on registry_copies, registry_numbers, number_checks, sign_offs to reauto_app;
  grant delete on registry_numbers to reauto_app;
"""


def upgrade() -> None:
    op.add_column("permissions", sa.Column("facts", postgresql.JSONB(), nullable=True))
    op.add_column("permissions", sa.Column("rule_version", sa.Text(), nullable=True))
    op.drop_constraint(op.f("suppressions_reason_check"), "suppressions")
    op.create_check_constraint(
        op.f("suppressions_reason_check"), "suppressions", f"reason in ({REASONS}, 'reassigned')"
    )
    _create_registries()
    _create_knowledge()
    op.execute(IF_APP.format(statements=GRANTS))


def _create_registries() -> None:
    op.create_table(
        "registry_copies",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("registry", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("area_codes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("numbers", sa.Integer(), nullable=False),
        sa.CheckConstraint("registry in ('national', 'state')", name=op.f("registry_copies_registry_check")),
        sa.CheckConstraint("(registry = 'state') = (state is not null)", name=op.f("registry_copies_state_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("registry_copies_pkey")),
    )
    op.create_table(
        "registry_numbers",
        sa.Column("copy_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("digits", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["copy_id"], ["registry_copies.id"], name=op.f("registry_numbers_copy_id_fkey")),
        sa.PrimaryKeyConstraint("copy_id", "digits", name=op.f("registry_numbers_pkey")),
    )


def _create_knowledge() -> None:
    op.create_table(
        "number_checks",
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("line_type", sa.Text(), nullable=False),
        sa.Column("carrier_name", sa.Text(), nullable=False),
        sa.Column("reassigned", sa.Text(), nullable=True),
        sa.Column("asked_since", sa.Date(), nullable=True),
        sa.CheckConstraint(PHONE, name=op.f("number_checks_phone_check")),
        sa.CheckConstraint(f"line_type in ({LINES})", name=op.f("number_checks_line_type_check")),
        sa.CheckConstraint("reassigned in ('no', 'yes', 'no_data')", name=op.f("number_checks_reassigned_check")),
        sa.PrimaryKeyConstraint("phone", "checked_at", name=op.f("number_checks_pkey")),
    )
    op.create_table(
        "sign_offs",
        sa.Column("seller_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "policy in ('allow', 'consent_only', 'human_first', 'block')", name=op.f("sign_offs_policy_check")
        ),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name=op.f("sign_offs_seller_id_fkey")),
        sa.PrimaryKeyConstraint("seller_id", "state", "signed_at", name=op.f("sign_offs_pkey")),
    )


def downgrade() -> None:
    for table in ("sign_offs", "number_checks", "registry_numbers", "registry_copies"):
        op.drop_table(table)
    op.execute("delete from suppressions where reason = 'reassigned'")
    op.drop_constraint(op.f("suppressions_reason_check"), "suppressions")
    op.create_check_constraint(op.f("suppressions_reason_check"), "suppressions", f"reason in ({REASONS})")
    for name in ("rule_version", "facts"):
        op.drop_column("permissions", name)
