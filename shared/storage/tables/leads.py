"""The people, what they allowed, and the numbers that must not be rung."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from shared.leads import LeadKind, LeadStatus, SuppressionReason
from shared.storage.tables.base import is_phone, key, metadata, moment, one_of, phone, reference, words

leads = Table(
    "leads",
    metadata,
    key(),
    Column("seq", BigInteger, Identity(), nullable=False),
    reference("seller_id", "sellers.id"),
    reference("campaign_id", "campaigns.id", is_optional=True),
    phone(),
    words("first_name"),
    words("last_name"),
    words("email", is_optional=True),
    words("kind"),
    words("subject"),
    words("source"),
    moment("asked_at", is_optional=True),
    words("timezone", is_optional=True),
    words("state", is_optional=True),
    words("postal_code", is_optional=True),
    words("status"),
    Column("attempts", Integer, nullable=False),
    moment("next_attempt_at", is_optional=True),
    Column("priority", Integer, nullable=False),
    Column("hours", JSONB, nullable=False),
    moment("promised_at", is_optional=True),
    words("variant", is_optional=True),
    moment("zone_confirmed_at", is_optional=True),
    moment("spoken_at", is_optional=True),
    Column("score", Integer),
    words("disposition", is_optional=True),
    moment("created_at"),
    is_phone(),
    one_of("kind", LeadKind),
    one_of("status", LeadStatus),
    UniqueConstraint("campaign_id", "phone"),
)
Index(
    "leads_due_idx",
    leads.c.campaign_id,
    leads.c.priority.desc(),
    leads.c.next_attempt_at,
    postgresql_where=text("status = 'ready'"),
)
Index(
    "leads_promised_idx",
    leads.c.campaign_id,
    leads.c.next_attempt_at,
    postgresql_where=text("status = 'ready' and promised_at is not null"),
)
Index("leads_claimed_idx", leads.c.seq, postgresql_where=text("status in ('claimed', 'in_call')"))
Index("leads_blocked_idx", leads.c.campaign_id, postgresql_where=text("status = 'blocked'"))
Index("leads_phone_idx", leads.c.phone)
Index("leads_created_at_idx", leads.c.created_at, postgresql_using="brin")

consents = Table(
    "consents",
    metadata,
    key(),
    reference("seller_id", "sellers.id"),
    phone(),
    Column("channels", ARRAY(Text), nullable=False),
    words("text"),
    words("method"),
    words("source_url"),
    words("ip_address"),
    moment("obtained_at"),
    moment("revoked_at", is_optional=True),
    is_phone(),
)
Index("consents_phone_idx", consents.c.phone)

# An entry outlives the attempt it came from, so it names the attempt without referring to it.
suppressions = Table(
    "suppressions",
    metadata,
    key(),
    phone(),
    words("reason"),
    moment("at"),
    reference("seller_id", "sellers.id", is_optional=True),
    Column("attempt_id", Uuid(as_uuid=False)),
    words("evidence"),
    is_phone(),
    one_of("reason", SuppressionReason),
    CheckConstraint("reason <> 'opt_out' or seller_id is null", name="opt_out_covers_all"),
    UniqueConstraint("phone", "reason", "seller_id", "attempt_id", postgresql_nulls_not_distinct=True),
)
