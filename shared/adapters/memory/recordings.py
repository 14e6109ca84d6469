"""Recordings in memory, and their book."""

from collections.abc import Sequence
from datetime import date, timedelta

from shared.calls.recordings import RecordingNote, day_of
from shared.kernel.errors import NotFound


class MemoryRecordings:
    """``Recordings`` of one process; its links lead nowhere."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def put(self, name: str, sound: bytes, *, media_type: str = "application/octet-stream") -> None:
        self._kept[name] = sound

    def get(self, name: str) -> bytes:
        if name not in self._kept:
            raise NotFound(f"there is no recording {name}")
        return self._kept[name]

    def link(self, name: str, *, lasts: timedelta) -> str:
        return f"memory:{name}?lasts={round(lasts.total_seconds())}"

    def delete(self, name: str) -> None:
        self._kept.pop(name, None)

    def before(self, day: date, *, limit: int) -> Sequence[str]:
        return sorted(name for name in self._kept if day_of(name) < day)[:limit]


class MemoryRecordingBook:
    """``RecordingBook`` in memory."""

    def __init__(self) -> None:
        self._notes: list[RecordingNote] = []

    def note(self, note: RecordingNote) -> None:
        self._notes.append(note)

    def notes(self, name: str) -> Sequence[RecordingNote]:
        return [note for note in self._notes if note.name == name]
