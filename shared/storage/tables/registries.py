"""What permission asks of beside the people themselves: registries, numbers, signatures."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Integer, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

from shared.campaigns.sign_off import StatePolicy
from shared.leads.number_check import LineType, Reassigned
from shared.leads.registry import Registry
from shared.storage.tables.base import is_phone, key, metadata, moment, one_of, reference, words

registry_copies = Table(
    "registry_copies",
    metadata,
    key(),
    words("registry"),
    words("state", is_optional=True),
    Column("taken_on", Date, nullable=False),
    Column("area_codes", ARRAY(Text), nullable=False),
    words("account"),
    moment("begun_at"),
    moment("finished_at", is_optional=True),
    moment("superseded_at", is_optional=True),
    Column("numbers", Integer, nullable=False),
    one_of("registry", Registry),
    CheckConstraint("(registry = 'state') = (state is not null)", name="state"),
)

# Millions of rows: the digits of E.164 as a number take half the room of the text.
registry_numbers = Table(
    "registry_numbers",
    metadata,
    reference("copy_id", "registry_copies.id", is_key=True),
    Column("digits", BigInteger, primary_key=True, autoincrement=False),
)

number_checks = Table(
    "number_checks",
    metadata,
    Column("phone", Text, primary_key=True),
    Column("checked_at", moment("checked_at").type, primary_key=True),
    words("line_type"),
    words("carrier_name"),
    words("reassigned", is_optional=True),
    Column("asked_since", Date),
    is_phone(),
    one_of("line_type", LineType),
    one_of("reassigned", Reassigned),
)

sign_offs = Table(
    "sign_offs",
    metadata,
    reference("seller_id", "sellers.id", is_key=True),
    Column("state", Text, primary_key=True),
    Column("signed_at", moment("signed_at").type, primary_key=True),
    words("policy"),
    words("signed_by"),
    words("licence"),
    words("note"),
    one_of("policy", StatePolicy),
)
