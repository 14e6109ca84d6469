"""Recordings between the call and the place where they are kept: a folder that survives the process."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

from shared.calls.recordings import SUFFIX, Recordings
from shared.kernel.errors import ReautoError, Unavailable

log = logging.getLogger(__name__)
UNHEARD, KEPT, WHOLE, UNWANTED = ".unheard", ".kept", SUFFIX, ".unwanted"
"""What a file is, by its ending: not announced yet; announced, the call goes on; over; to be deleted everywhere."""
_SLASH = "+"


class Shelf:
    """One worker's folder. Whatever lies in it is sealed. Its methods wait for the disk or for the network.

    Args:
        folder: Where recordings are written. Its neighbours' finished ones are delivered as well, so that none stays
            behind with a worker that is no more.
        store: Where they are kept.
    """

    def __init__(self, folder: Path, store: Recordings) -> None:
        self._folder = folder
        self._store = store

    def path(self, name: str) -> Path:
        """Where the recording ``name`` lies once it is over."""
        return self._folder / name.replace("/", _SLASH)

    def settle(self) -> None:
        """Deal with what a process that died left: keep what was announced, as far as it goes, and delete the rest."""
        for path in sorted(self._folder.glob(f"*{UNHEARD}")):
            path.unlink(missing_ok=True)
        for path in sorted(self._folder.glob(f"*{KEPT}")):
            log.warning("A recording was broken off", extra={"recording": path.stem})
            path.rename(path.with_suffix(WHOLE))

    def forget(self, name: str) -> None:
        """Delete a recording wherever it is; what cannot be reached now is deleted as soon as it can.

        Raises:
            Unavailable: It cannot be reached now.
        """
        order = self.path(name).with_suffix(UNWANTED)
        try:
            order.parent.mkdir(parents=True, exist_ok=True)
            with order.open("wb") as file:
                os.fsync(file.fileno())
            self._carry_out(order)
        except OSError as error:
            raise Unavailable("a recording cannot be deleted now") from error

    def has(self, name: str) -> bool:
        """Whether anything of the recording is still here."""
        return any(self.path(name).with_suffix(ending).exists() for ending in (UNHEARD, KEPT, WHOLE))

    def deliver(self) -> bool:
        """Delete what must go, then bring what is over to its place; whether all of it could be done."""
        is_done = True
        for order in self._all(UNWANTED):
            try:
                self._carry_out(order)
            except (ReautoError, OSError):
                log.exception("A recording is still to be deleted", extra={"recording": order.stem})
                is_done = False
        for path in self._all(WHOLE):
            try:
                self._store.put(path.name.replace(_SLASH, "/"), path.read_bytes())
                path.unlink(missing_ok=True)
            except FileNotFoundError:
                continue  # a neighbour was quicker
            except (ReautoError, OSError):
                log.exception("A recording waits to be brought to its place", extra={"recording": path.name})
                return False
        return is_done

    def _carry_out(self, order: Path) -> None:
        for ending in (UNHEARD, KEPT, WHOLE):
            for path in self._all(order.with_suffix(ending).name):
                path.unlink(missing_ok=True)
        self._store.delete(order.with_suffix(WHOLE).name.replace(_SLASH, "/"))
        order.unlink(missing_ok=True)

    def _all(self, ending: str) -> Iterator[Path]:
        """Every file of that ending, the neighbours' too."""
        yield from sorted(self._folder.parent.glob(f"*/*{ending}"))
