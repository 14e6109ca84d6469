"""Where the sound of calls is kept, and what is written down about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from shared.kernel.errors import Malformed
from shared.kernel.ids import AttemptId

SUFFIX = ".rec"
_DAY = len("2026/11/22")


def recording_name(attempt_id: AttemptId, *, part: int, day: date) -> str:
    """What the recording of a call, or of one part of it, is called: ``2026/11/22/<attempt>.rec``."""
    return f"{day:%Y/%m/%d}/{attempt_id}{f'-{part}' if part else ''}{SUFFIX}"


def day_of(name: str) -> date:
    """The day of a recording.

    Raises:
        Malformed: It is no name of a recording.
    """
    try:
        return date.fromisoformat(name[:_DAY].replace("/", "-"))
    except ValueError as error:
        raise Malformed("a recording's name begins with its day, such as 2026/11/22/") from error


class Recordings(Protocol):
    """Recordings by name, such as ``2026/11/22/<attempt>.rec``. What is kept is sealed before it gets here.

    Implemented by ``adapters.recordings`` (a folder) and ``adapters.aws``. Each method raises ``Unavailable`` when
    they cannot be reached; all are safe to repeat.
    """

    def put(self, name: str, sound: bytes, *, media_type: str = "application/octet-stream") -> None:
        """Keep a recording; one that has the name already is replaced."""
        ...

    def get(self, name: str) -> bytes:
        """A recording.

        Raises:
            NotFound: There is none of that name.
        """
        ...

    def link(self, name: str, *, lasts: timedelta) -> str:
        """An address that needs no login, for as long as it ``lasts``; whether the recording exists is not asked."""
        ...

    def delete(self, name: str) -> None:
        """Forget a recording; one that is not there is fine."""
        ...

    def before(self, day: date, *, limit: int) -> Sequence[str]:
        """The names of at most ``limit`` recordings of earlier days, the oldest first."""
        ...


class NoteKind(StrEnum):
    """What happened to a recording."""

    LISTENED = "listened"
    EXPIRED = "expired"


@dataclass(frozen=True, kw_only=True)
class RecordingNote:
    """That somebody got hold of a recording, or that it is gone: ``by`` whom and ``why``."""

    name: str
    kind: NoteKind
    at: datetime
    by: str
    why: str = ""


class RecordingBook(Protocol):
    """What is written down about recordings, for good."""

    def note(self, note: RecordingNote) -> None:
        """Write it down."""
        ...

    def notes(self, name: str) -> Sequence[RecordingNote]:
        """What is known of a recording, the oldest first."""
        ...


@dataclass(frozen=True, kw_only=True)
class KeptRecordings:
    """Recordings with their book; ``store`` is ``None`` where none are kept. They are kept for ``lasts``."""

    store: Recordings | None
    book: RecordingBook
    lasts: timedelta
