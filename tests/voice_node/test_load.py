"""When a worker counts as busy, and when its event loop as late."""

import asyncio
import time

from tests.voice_node.media_client import until
from voice_node.load import LOOKS, Load


def note(load: Load, seconds: float, times: int = LOOKS) -> None:
    for _ in range(times):
        load.note(seconds)


def test_one_long_step_makes_nobody_late() -> None:
    load = Load()
    note(load, 2.0, times=LOOKS // 20)

    assert (load.is_late, load.lag_ms) == (False, 0.0)


def test_who_was_late_must_be_well_on_time_again() -> None:
    load = Load()
    lates = []
    for seconds in (0.2, 0.3, 0.2, 0.05, 0.2):
        note(load, seconds)
        lates.append(load.is_late)

    assert lates == [False, True, True, False, False]


async def test_a_loop_that_is_held_up_is_seen_and_so_is_what_it_costs() -> None:
    load = Load()
    watching = asyncio.create_task(load.watch_on())
    await asyncio.sleep(0)
    for _ in range(2):
        end = time.process_time() + 0.1
        while time.process_time() < end:
            pass
        await asyncio.sleep(0.001)
    await until(lambda: load.cores)
    watching.cancel()

    assert load.lag_ms > 0
