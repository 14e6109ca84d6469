"""Stop switches, thrown and lifted."""

from sqlalchemy import CheckConstraint, Column, Index, Table, Uuid, text

from shared.calls.stops import StopScope
from shared.storage.tables.base import key, metadata, moment, one_of, words

# ``target`` is a seller or a campaign, by the scope; a switch that is lifted stays for the record.
stop_switches = Table(
    "stop_switches",
    metadata,
    key(),
    words("scope"),
    Column("target", Uuid(as_uuid=False)),
    moment("at"),
    words("by"),
    words("reason"),
    moment("lifted_at", is_optional=True),
    words("lifted_by", is_optional=True),
    one_of("scope", StopScope),
    CheckConstraint("(scope = 'all') = (target is null)", name="target"),
)
Index(
    "stop_switches_thrown_idx",
    stop_switches.c.scope,
    stop_switches.c.target,
    unique=True,
    postgresql_where=text("lifted_at is null"),
    postgresql_nulls_not_distinct=True,
)
