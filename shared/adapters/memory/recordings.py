"""Recordings in memory."""

from datetime import timedelta

from shared.kernel.errors import NotFound


class MemoryRecordings:
    """``Recordings`` of one process; its links lead nowhere."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def put(self, name: str, sound: bytes, *, media_type: str = "audio/wav") -> None:
        self._kept[name] = sound

    def get(self, name: str) -> bytes:
        if name not in self._kept:
            raise NotFound(f"there is no recording {name}")
        return self._kept[name]

    def link(self, name: str, *, lasts: timedelta) -> str:
        return f"memory:{name}?lasts={round(lasts.total_seconds())}"

    def delete(self, name: str) -> None:
        self._kept.pop(name, None)
