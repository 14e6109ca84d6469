"""Two of the places where prepared speech lies: memory and a folder, each bounded by bytes."""

import os
import secrets
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path

SUFFIX = ".rpa"


class MemoryShelf:
    """The pieces used last, of this process."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self.size = 0

    def get(self, key: str) -> bytes | None:
        """The piece, which counts as used."""
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
        return kept

    def put(self, key: str, kept: bytes) -> None:
        """Keep a piece, and forget those used longest ago where there is no room."""
        self.drop(key)
        if len(kept) > self._most:
            return
        self._kept[key] = kept
        self.size += len(kept)
        while self.size > self._most:
            _, gone = self._kept.popitem(last=False)
            self.size -= len(gone)

    def drop(self, key: str) -> None:
        """Forget a piece."""
        self.size -= len(self._kept.pop(key, b""))


class DiskShelf:
    """A folder that outlives the process and may be shared by workers. Blocking: to be called in a thread.

    A file appears whole or not at all. One that cannot be written is not kept: prepared speech is never needed.
    """

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder = folder
        self._most = most_bytes

    def get(self, key: str) -> bytes | None:
        """The piece, which counts as used."""
        path = self._path(key)
        try:
            kept = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        return kept

    def put(self, key: str, kept: bytes) -> None:
        """Keep a piece, and delete those used longest ago where there is no room."""
        path = self._path(key)
        fresh = path.with_suffix(f".{secrets.token_hex(4)}.new")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(kept)
            os.replace(fresh, path)
        except OSError:
            with suppress(OSError):
                fresh.unlink()
            return
        self._make_room()

    def drop(self, key: str) -> None:
        """Delete a piece."""
        with suppress(OSError):
            self._path(key).unlink()

    def size(self) -> int:
        """The bytes of all pieces."""
        return sum(size for _, size, _ in self._files())

    def _make_room(self) -> None:
        files = sorted(self._files())
        size = sum(each for _, each, _ in files)
        for _, each, path in files:
            if size <= self._most:
                return
            with suppress(OSError):
                path.unlink()
            size -= each

    def _files(self) -> list[tuple[float, int, Path]]:
        """When each piece was used last, its bytes and its place."""
        found = []
        for path in self._folder.glob(f"*{SUFFIX}"):
            with suppress(OSError):
                stat = path.stat()
                found.append((stat.st_mtime, stat.st_size, path))
        return found

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}{SUFFIX}"
