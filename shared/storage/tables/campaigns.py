"""Sellers, their campaigns, and the first words of each campaign's calls."""

from sqlalchemy import CheckConstraint, Column, Integer, Interval, LargeBinary, Table
from sqlalchemy.dialects.postgresql import JSONB

from shared.campaigns import CampaignState
from shared.storage.tables.base import is_phone, key, metadata, moment, one_of, phone, reference, words

sellers = Table(
    "sellers",
    metadata,
    key(),
    words("registered_name"),
    phone("callback_number"),
    is_phone("callback_number"),
)

campaigns = Table(
    "campaigns",
    metadata,
    key(),
    reference("seller_id", "sellers.id"),
    words("name"),
    words("script"),
    words("voice"),
    phone("caller_id"),
    reference("budget_id", "budgets.id"),
    words("state"),
    words("paused_because", is_optional=True),
    Column("max_concurrency", Integer, nullable=False),
    Column("ring_timeout", Interval, nullable=False),
    Column("time_limit", Interval, nullable=False),
    Column("cadence", JSONB, nullable=False),
    moment("created_at"),
    is_phone("caller_id"),
    one_of("state", CampaignState),
    CheckConstraint("max_concurrency > 0", name="max_concurrency"),
)

openings = Table(
    "openings",
    metadata,
    reference("campaign_id", "campaigns.id", is_key=True),
    words("voice"),
    words("text"),
    Column("audio", LargeBinary, nullable=False),
    moment("rendered_at"),
)
