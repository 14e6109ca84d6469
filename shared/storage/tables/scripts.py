"""Scripts: who has one, what was published, and the draft of what comes next."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, Table, Text

from shared.storage.tables.base import metadata, moment, reference, words

scripts = Table(
    "scripts",
    metadata,
    Column("name", Text, primary_key=True),
    reference("seller_id", "sellers.id", is_optional=True),
    moment("made_at"),
    words("made_by"),
)

# Nobody may change or delete a version: old calls are explained by it.
script_versions = Table(
    "script_versions",
    metadata,
    Column("name", Text, ForeignKey("scripts.name"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    words("text"),
    words("body"),
    moment("published_at"),
    words("published_by"),
    words("note"),
    CheckConstraint("number > 0", name="number"),
)

script_drafts = Table(
    "script_drafts",
    metadata,
    Column("name", Text, ForeignKey("scripts.name"), primary_key=True),
    words("text"),
    Column("based_on", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    moment("edited_at"),
    words("edited_by"),
)
