"""What the voice node tells of a call: the report, and the transcript turn by turn."""

from sqlalchemy import Boolean, Column, Float, Integer, Table
from sqlalchemy.dialects.postgresql import JSONB

from shared.storage.tables.base import metadata, moment, one_of, reference, words

reports = Table(
    "reports",
    metadata,
    reference("attempt_id", "call_attempts.id", is_key=True),
    words("worker"),
    words("epoch"),
    moment("started_at"),
    moment("ended_at"),
    Column("body", JSONB, nullable=False),
)

turns = Table(
    "turns",
    metadata,
    reference("attempt_id", "reports.attempt_id", is_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    words("speaker"),
    words("text"),
    Column("started", Float, nullable=False),
    Column("ended", Float, nullable=False),
    Column("interrupted", Boolean, nullable=False),
    Column("latency_ms", Float),
    one_of("speaker", ("agent", "caller")),
)
