"""Blocking work is done in threads, and whoever waits is told, together with others who wait."""

import asyncio
import threading

import pytest

from infra.local.threads import Threads
from shared.kernel.errors import Unavailable


async def test_many_pieces_are_done_at_once_and_each_is_answered() -> None:
    threads = Threads(4, name="test")
    together = threading.Barrier(4)

    def work(number: int) -> int:
        together.wait(timeout=10)
        return number

    pieces = [threads.run(lambda number=number: work(number)) for number in range(16)]  # type: ignore[misc]
    assert await asyncio.gather(*pieces) == list(range(16))
    threads.close()


async def test_what_goes_wrong_is_told_and_the_thread_goes_on() -> None:
    threads = Threads(1, name="test")

    def fail() -> None:
        raise Unavailable("away")

    with pytest.raises(Unavailable):
        await threads.run(fail)
    assert await threads.run(lambda: 1) == 1
    threads.close()


async def test_nobody_is_told_who_no_longer_waits() -> None:
    threads = Threads(1, name="test")
    gate = threading.Event()
    first = threads.run(lambda: gate.wait(10))
    second = threads.run(lambda: 2)
    second.cancel()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(first), 0.01)
    first.cancel()
    gate.set()

    assert await threads.run(lambda: 3) == 3
    threads.close()
