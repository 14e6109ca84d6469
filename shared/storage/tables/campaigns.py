"""Sellers, their campaigns, and the first words of each campaign's calls."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Identity,
    Index,
    Integer,
    Interval,
    LargeBinary,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.campaigns import CampaignState, PauseReason
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
    words("paused_reason", is_optional=True),
    words("paused_because", is_optional=True),
    moment("moved_at", is_optional=True),
    moment("starts_at", is_optional=True),
    moment("ends_at", is_optional=True),
    Column("priority", Integer, nullable=False),
    Column("max_concurrency", Integer, nullable=False),
    Column("ring_timeout", Interval, nullable=False),
    Column("time_limit", Interval, nullable=False),
    Column("cadence", JSONB, nullable=False),
    Column("plan", JSONB, nullable=False),
    moment("created_at"),
    is_phone("caller_id"),
    one_of("state", CampaignState),
    one_of("paused_reason", PauseReason),
    CheckConstraint("max_concurrency > 0", name="max_concurrency"),
    CheckConstraint("starts_at < ends_at", name="ends_after_start"),
)

# Every move of every campaign, for good: who asks later why nobody was rung finds it here.
campaign_moves = Table(
    "campaign_moves",
    metadata,
    Column("seq", BigInteger, Identity(), primary_key=True),
    reference("campaign_id", "campaigns.id"),
    moment("at"),
    words("state"),
    words("reason", is_optional=True),
    words("because", is_optional=True),
    one_of("state", CampaignState),
)
Index("campaign_moves_campaign_id_idx", campaign_moves.c.campaign_id, campaign_moves.c.at)

own_numbers = Table(
    "own_numbers",
    metadata,
    Column("phone", Text, primary_key=True),
    reference("seller_id", "sellers.id"),
    reference("campaign_id", "campaigns.id", is_optional=True),
    moment("added_at"),
    words("authorisation"),
    Column("warms_up", Boolean, nullable=False),
    moment("cooled_until", is_optional=True),
    words("cooled_because", is_optional=True),
    moment("retired_at", is_optional=True),
    is_phone(),
)
Index("own_numbers_seller_id_idx", own_numbers.c.seller_id)

openings = Table(
    "openings",
    metadata,
    reference("campaign_id", "campaigns.id", is_key=True),
    Column("voice", Text, primary_key=True),
    words("text"),
    Column("audio", LargeBinary, nullable=False),
    moment("rendered_at"),
)
