"""What the voice node tells of a call, and what it has ready to say."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.campaigns.prompts import PromptKind
from shared.storage.tables.base import metadata, moment, one_of, reference, words

# A call that was connected again has one report for each of its streams.
reports = Table(
    "reports",
    metadata,
    reference("attempt_id", "call_attempts.id", is_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    words("worker"),
    words("epoch"),
    moment("started_at"),
    moment("ended_at"),
    Column("body", JSONB, nullable=False),
)

turns = Table(
    "turns",
    metadata,
    Column("attempt_id", reports.c.attempt_id.type, primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    words("speaker"),
    words("text"),
    Column("started", Float, nullable=False),
    Column("ended", Float, nullable=False),
    Column("interrupted", Boolean, nullable=False),
    Column("latency_ms", Float),
    one_of("speaker", ("agent", "caller")),
    ForeignKeyConstraint(["attempt_id", "part"], ["reports.attempt_id", "reports.part"]),
)

# Every score that a call was ever given; nothing here is changed.
scores = Table(
    "scores",
    metadata,
    reference("attempt_id", "call_attempts.id", is_key=True),
    Column("source", Text, primary_key=True),
    moment("at"),
    Column("points", Integer, nullable=False),
    Column("reasons", JSONB, nullable=False),
    words("rules"),
    CheckConstraint("points between 0 and 100", name="points"),
)

prompts = Table(
    "prompts",
    metadata,
    reference("campaign_id", "campaigns.id", is_key=True),
    Column("voice", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    words("text"),
    Column("audio", LargeBinary, nullable=False),
    moment("rendered_at"),
    one_of("kind", PromptKind),
)

# A call may be analysed again: the newest counts.
call_analyses = Table(
    "call_analyses",
    metadata,
    reference("attempt_id", "call_attempts.id", is_key=True),
    Column("analysed_at", DateTime(timezone=True), primary_key=True),
    words("by"),
    Column("body", JSONB, nullable=False),
)
