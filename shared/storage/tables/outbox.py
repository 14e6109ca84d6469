"""Messages that wait for their consumer, written together with the change they follow from."""

from sqlalchemy import BigInteger, Column, Identity, Index, Integer, Table, text
from sqlalchemy.dialects.postgresql import JSONB

from shared.storage.tables.base import key, metadata, moment, words

# ``available_at`` is null for a message that may be taken at once.
outbox = Table(
    "outbox",
    metadata,
    key(),
    Column("seq", BigInteger, Identity(), nullable=False),
    words("topic"),
    words("group", is_optional=True),
    Column("body", JSONB, nullable=False),
    moment("available_at", is_optional=True),
    moment("lease_until", is_optional=True),
    Column("receives", Integer, nullable=False, server_default=text("0")),
    moment("dead_at", is_optional=True),
    words("last_error", is_optional=True),
)
Index("outbox_waiting_idx", outbox.c.topic, outbox.c.seq, postgresql_where=text("dead_at is null"))
