"""What is written down about recordings."""

from sqlalchemy import BigInteger, Column, Identity, Index, Table

from shared.calls.recordings import NoteKind
from shared.storage.tables.base import metadata, moment, one_of, words

# Nobody may change or delete a note.
recording_notes = Table(
    "recording_notes",
    metadata,
    Column("seq", BigInteger, Identity(), primary_key=True),
    words("name"),
    words("kind"),
    moment("at"),
    words("by"),
    words("why"),
    one_of("kind", NoteKind),
)
Index("recording_notes_name_idx", recording_notes.c.name)
