"""Many who do the same thing at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

T = TypeVar("T")


def at_once(many: int, act: Callable[[int], T]) -> list[T]:
    """What each of ``many`` threads got, which all started together; each is told its number."""
    start = Barrier(many)

    def run(number: int) -> T:
        start.wait()
        return act(number)

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(run, range(many)))
