"""An attempt counts its reconciler's questions: of a doubled one the older is told apart."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("call_attempts", sa.Column("looks", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("call_attempts", "looks")
