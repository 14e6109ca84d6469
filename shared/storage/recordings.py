"""What is written down about recordings, in PostgreSQL."""

from collections.abc import Sequence

from sqlalchemy import Engine, insert, select

from shared.calls.recordings import NoteKind, RecordingNote
from shared.storage.engine import reading
from shared.storage.rows import row_of, values_of
from shared.storage.tables import recording_notes


class SqlRecordingBook:
    """``RecordingBook`` over ``recording_notes``. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note(self, note: RecordingNote) -> None:
        with self._engine.begin() as db:
            db.execute(insert(recording_notes).values(row_of(note)))

    def notes(self, name: str) -> Sequence[RecordingNote]:
        query = select(recording_notes).where(recording_notes.c.name == name).order_by(recording_notes.c.seq)
        with reading(self._engine) as db:
            rows = db.execute(query).mappings().all()
        return [RecordingNote(**values_of(row, RecordingNote) | {"kind": NoteKind(row["kind"])}) for row in rows]
