"""The far network's answer to a call, and views that show the node nothing but their rows.

Without a barrier the planner may run a function of the reader's on rows that the view leaves out.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

VIEWS = ("briefs", "brief_agents", "brief_booked")


def upgrade() -> None:
    op.add_column("call_attempts", sa.Column("sip_code", sa.Integer(), nullable=True))
    for view in VIEWS:
        op.execute(f"alter view {view} set (security_barrier = true)")


def downgrade() -> None:
    for view in VIEWS:
        op.execute(f"alter view {view} reset (security_barrier)")
    op.drop_column("call_attempts", "sip_code")
