"""Attempts to ring people, why they were allowed, and what the carrier told us."""

from sqlalchemy import BigInteger, Column, Identity, Index, Integer, Interval, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB

from shared.calls import AttemptState, Direction, Purpose, Verdict
from shared.storage.tables.base import is_phone, key, metadata, moment, one_of, phone, reference, words

call_attempts = Table(
    "call_attempts",
    metadata,
    key(),
    reference("seller_id", "sellers.id"),
    reference("campaign_id", "campaigns.id"),
    reference("lead_id", "leads.id"),
    Column("attempt_no", Integer, nullable=False),
    phone(),
    phone("caller_id"),
    words("direction"),
    words("purpose"),
    words("variant", is_optional=True),
    words("state"),
    moment("planned_at"),
    moment("dial_deadline"),
    Column("time_limit", Interval),
    moment("dial_started_at", is_optional=True),
    words("provider_sid", is_optional=True),
    words("worker", is_optional=True),
    words("slot_epoch", is_optional=True),
    words("worker_url", is_optional=True),
    moment("talk_until", is_optional=True),
    moment("answered_at", is_optional=True),
    moment("streamed_at", is_optional=True),
    moment("ended_at", is_optional=True),
    words("answered_by", is_optional=True),
    words("provider_result", is_optional=True),
    Column("sip_code", Integer),
    Column("duration_seconds", Integer),
    words("end_reason", is_optional=True),
    Column("recoveries", Integer, nullable=False),
    Column("looks", Integer, nullable=False, server_default="0"),
    words("disposition", is_optional=True),
    is_phone(),
    one_of("direction", Direction),
    one_of("purpose", Purpose),
    one_of("state", AttemptState),
    UniqueConstraint("lead_id", "direction", "attempt_no"),
    UniqueConstraint("provider_sid"),
)
Index(
    "call_attempts_one_live_idx",
    call_attempts.c.phone,
    unique=True,
    postgresql_where=text("ended_at is null and direction = 'outbound'"),
)
Index("call_attempts_phone_idx", call_attempts.c.phone, call_attempts.c.dial_started_at)
Index("call_attempts_live_idx", call_attempts.c.campaign_id, postgresql_where=text("ended_at is null"))
Index("call_attempts_planned_at_idx", call_attempts.c.planned_at, postgresql_using="brin")
Index("call_attempts_ended_at_idx", call_attempts.c.ended_at, postgresql_using="brin")
Index("call_attempts_campaign_id_idx", call_attempts.c.campaign_id, call_attempts.c.dial_started_at)
Index("call_attempts_callback_idx", call_attempts.c.campaign_id, postgresql_where=text("purpose = 'callback'"))
Index("call_attempts_caller_id_idx", call_attempts.c.caller_id, call_attempts.c.dial_started_at)
Index(
    "call_attempts_unclosed_idx",
    call_attempts.c.ended_at,
    postgresql_where=text("disposition is null and ended_at is not null"),
)

permissions = Table(
    "permissions",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    reference("seller_id", "sellers.id"),
    reference("lead_id", "leads.id"),
    reference("attempt_id", "call_attempts.id", is_optional=True),
    moment("at"),
    words("verdict"),
    Column("decisions", JSONB, nullable=False),
    Column("facts", JSONB),
    words("rule_version", is_optional=True),
    one_of("verdict", Verdict),
)
Index("permissions_lead_id_idx", permissions.c.lead_id)

call_events = Table(
    "call_events",
    metadata,
    reference("attempt_id", "call_attempts.id", is_key=True),
    Column("kind", Text, primary_key=True),
    Column("dedupe_key", Text, primary_key=True),
    Column("seq", BigInteger, Identity(), nullable=False),
    moment("at"),
    Column("payload", JSONB, nullable=False),
)
