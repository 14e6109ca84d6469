"""How a seller takes calls, and what is left for its people to do."""

from sqlalchemy import Column, Index, Table, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB

from shared.calls.tasks import TaskReason
from shared.storage.tables.base import is_phone, key, metadata, moment, one_of, phone, reference, words

inbound_desks = Table(
    "inbound_desks",
    metadata,
    reference("seller_id", "sellers.id", is_key=True),
    Column("hours", JSONB, nullable=False),
    words("timezone"),
    words("transfer_to", is_optional=True),
    is_phone("transfer_to"),
)

tasks = Table(
    "tasks",
    metadata,
    key(),
    reference("seller_id", "sellers.id"),
    reference("lead_id", "leads.id"),
    reference("attempt_id", "call_attempts.id"),
    phone(),
    words("reason"),
    moment("due_at"),
    moment("made_at"),
    moment("done_at", is_optional=True),
    words("done_by", is_optional=True),
    words("language", is_optional=True),
    is_phone(),
    one_of("reason", TaskReason),
    UniqueConstraint("attempt_id", "reason"),
)
Index("tasks_open_idx", tasks.c.seller_id, tasks.c.due_at, postgresql_where=text("done_at is null"))
