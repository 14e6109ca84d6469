"""Blocking work in a few threads, for an event loop that waits for many pieces of it at once."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from shared.kernel.errors import ReautoError


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Something to do, and who waits for it."""

    work: Callable[[], Any]
    future: "asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop


class Threads:
    """``count`` threads. Pieces that are finished together wake the event loop once."""

    def __init__(self, count: int, *, name: str) -> None:
        self._pieces: SimpleQueue[Piece | None] = SimpleQueue()
        self._finished: deque[tuple[asyncio.Future[Any], Any, ReautoError | None]] = deque()
        self._is_told = False
        self._threads = [
            threading.Thread(target=self._loop, name=f"{name}-{number}", daemon=True) for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def run(self, work: Callable[[], Any]) -> "asyncio.Future[Any]":
        """Have ``work`` done; what it returns, or raises of our own errors, is the future's."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._pieces.put(Piece(work=work, future=future, loop=loop))
        return future

    def close(self) -> None:
        """Let every thread end once what is waiting was done; waits for none of them."""
        for _ in self._threads:
            self._pieces.put(None)

    def _loop(self) -> None:
        while (piece := self._pieces.get()) is not None:
            if piece.future.cancelled():
                continue
            try:
                self._finish(piece, piece.work(), None)
            except ReautoError as error:
                self._finish(piece, None, error)

    def _finish(self, piece: Piece, result: Any, error: ReautoError | None) -> None:
        self._finished.append((piece.future, result, error))
        if not self._is_told:
            self._is_told = True
            with suppress(RuntimeError):  # the loop has ended, and nobody waits any more
                piece.loop.call_soon_threadsafe(self._settle)

    def _settle(self) -> None:
        self._is_told = False
        while self._finished:
            future, result, error = self._finished.popleft()
            if future.cancelled():
                continue
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)
