"""Recordings in a folder; whoever puts them there has sealed them."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from shared.calls.recordings import SUFFIX, day_of
from shared.kernel.errors import Malformed, NotFound, Unavailable


class FolderRecordings:
    """``Recordings`` below one folder, a day a folder. A link is the file's own address, good on this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()

    def put(self, name: str, sound: bytes, *, media_type: str = "application/octet-stream") -> None:
        path = self._path(name)
        draft = path.with_name(f"{path.name}.new")
        with _in_our_words():
            path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
                file.write(sound)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)

    def get(self, name: str) -> bytes:
        with _in_our_words():
            try:
                return self._path(name).read_bytes()
            except FileNotFoundError as error:
                raise NotFound(f"there is no recording {name}") from error

    def link(self, name: str, *, lasts: timedelta) -> str:
        return self._path(name).as_uri()

    def delete(self, name: str) -> None:
        path = self._path(name)
        with _in_our_words():
            path.unlink(missing_ok=True)

    def before(self, day: date, *, limit: int) -> Sequence[str]:
        with _in_our_words():
            names = (path.relative_to(self._folder).as_posix() for path in self._folder.glob(f"*/*/*/*{SUFFIX}"))
            old = sorted(name for name in names if _is_before(name, day))
        return old[:limit]

    def _path(self, name: str) -> Path:
        path = self._folder / name
        if ".." in path.parts or not path.is_relative_to(self._folder):
            raise NotFound(f"there is no recording {name}")
        return path


def _is_before(name: str, day: date) -> bool:
    try:
        return day_of(name) < day
    except Malformed:
        return False  # it is none of ours


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(f"the folder of recordings cannot be used: {error.strerror}") from error
