"""Look-ups of numbers are booked; what inbound calls cost is booked on the periods, too, which do not bound them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

COMPONENTS = (
    "carrier_voice", "media_stream", "machine_detection", "recording", "speech_to_text", "text_to_speech",
    "language_model", "compute", "overhead",
)  # fmt: skip
UNITS = ("minute", "second", "call", "character", "token")
NEW_COMPONENTS, NEW_UNITS = ("number_lookup",), ("line_answer", "history_answer")

GRANTS = """
do $if$ begin if to_regrole('reauto_app') is not null then
  grant select, insert on charges to reauto_app;
end if; end $if$;
"""

# The periods forget the charges; what inbound calls have cost stays with them, what they hold was never held there.
FORGET = """
with charged as (
  select unnest(budget_ids) as budget_id, amount_micro_usd from charges
), total as (
  select budget_id, sum(amount_micro_usd) as spent from charged group by budget_id
)
update budgets b set posted_micro_usd = b.posted_micro_usd - t.spent from total t where t.budget_id = b.id;
update reservations set limit_ids = '{}' where not is_bounded and state = 'held';
"""


def _one_of(column: str, values: tuple[str, ...]) -> str:
    quoted = ", ".join(f"'{value}'" for value in values)
    return f"{column} in ({quoted})"


def _allow(components: tuple[str, ...], units: tuple[str, ...]) -> None:
    for column, values in (("component", components), ("unit", units)):
        op.drop_constraint(op.f(f"cost_lines_{column}_check"), "cost_lines")
        op.create_check_constraint(op.f(f"cost_lines_{column}_check"), "cost_lines", _one_of(column, values))


def upgrade() -> None:
    components, units = COMPONENTS + NEW_COMPONENTS, UNITS + NEW_UNITS
    _allow(components, units)
    op.add_column("reservations", sa.Column("is_bounded", sa.Boolean(), nullable=False, server_default="true"))
    op.alter_column("reservations", "is_bounded", server_default=None)
    op.create_table(
        "charges",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("budget_ids", postgresql.ARRAY(sa.Uuid(as_uuid=False)), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("vendor", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("unit_price_micro_usd", sa.BigInteger(), nullable=False),
        sa.Column("amount_micro_usd", sa.BigInteger(), nullable=False),
        sa.Column("price_version", sa.Text(), nullable=False),
        sa.CheckConstraint(_one_of("component", components), name=op.f("charges_component_check")),
        sa.CheckConstraint(_one_of("unit", units), name=op.f("charges_unit_check")),
        sa.PrimaryKeyConstraint("id", "number", name=op.f("charges_pkey")),
    )
    op.create_index("charges_at_idx", "charges", ["at"])
    op.execute(GRANTS)


def downgrade() -> None:
    op.execute(FORGET)
    op.drop_table("charges")
    op.drop_column("reservations", "is_bounded")
    _allow(COMPONENTS, UNITS)
