"""What could not be written home yet: a file that survives the process and the power."""

import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something to deliver later: what kind it is, and its message as JSON."""

    kind: str
    body: dict[str, Any]


class Spool:
    """JSON lines, fsynced before ``add`` returns; entries leave in the order they came. Safe between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)

    def add(self, entry: Entry) -> None:
        """Keep an entry; it is on the disk when this returns."""
        self._append(self._path, entry)

    def bury(self, entry: Entry) -> None:
        """Set an entry aside that nobody will ever take, for a person to look at."""
        self._append(self._path.with_suffix(".refused"), entry)

    def entries(self) -> list[Entry]:
        """Everything that waits, oldest first. A line cut off by a crash is left out."""
        with self._lock:
            return self._read()

    def replay(self, deliver: Callable[[Entry], None]) -> int:
        """Deliver what waits, until all is delivered or one raises; returns how many were delivered.

        What is delivered leaves the file at once, so that a crash repeats one entry at most.
        """
        delivered = 0
        for entry in self.entries():
            deliver(entry)
            self._remove_first()
            delivered += 1
        return delivered

    def _append(self, path: Path, entry: Entry) -> None:
        with self._lock, path.open("a", encoding="utf-8") as file:
            file.write(_line(entry))
            file.flush()
            os.fsync(file.fileno())

    def _remove_first(self) -> None:
        with self._lock:
            rest = self._read()[1:]
            fresh = self._path.with_suffix(".new")
            with fresh.open("w", encoding="utf-8") as file:
                file.writelines(_line(entry) for entry in rest)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)

    def _read(self) -> list[Entry]:
        if not self._path.exists():
            return []
        found = []
        for line in self._path.read_text(encoding="utf-8").splitlines():
            try:
                found.append(Entry(**json.loads(line)))
            except json.JSONDecodeError:
                continue
        return found


def _line(entry: Entry) -> str:
    return json.dumps({"kind": entry.kind, "body": entry.body}) + "\n"
