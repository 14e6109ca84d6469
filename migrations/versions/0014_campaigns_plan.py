"""How campaigns ring: plans, our own numbers and their health, promised call-backs."""

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
