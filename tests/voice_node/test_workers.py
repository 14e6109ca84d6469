"""The door of a worker: who gets in, and how it closes."""

import asyncio

import pytest

from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId
from tests.voice_node.doubles import LocalLease
from voice_node.background import running
from voice_node.load import LOOKS
from voice_node.workers import Admission, NoRoom

ONE, TWO, THREE = AttemptId("1"), AttemptId("2"), AttemptId("3")


def open_door(slots: int = 2) -> Admission:
    admission = Admission(LocalLease(slots))
    admission.is_ready = True
    return admission


async def test_a_full_worker_lets_nobody_in() -> None:
    admission = open_door(slots=2)

    async with admission.enter(ONE), admission.enter(TWO):
        assert not admission.takes_calls
        with pytest.raises(NoRoom):
            async with admission.enter(THREE):
                pass

    assert admission.takes_calls


async def test_a_call_that_is_in_is_not_let_in_twice() -> None:
    admission = open_door()

    async with admission.enter(ONE):
        with pytest.raises(NoRoom):
            async with admission.enter(ONE):
                pass


async def test_a_draining_worker_waits_for_its_calls_and_takes_no_more() -> None:
    admission = open_door()

    async with admission.enter(ONE):
        draining = asyncio.create_task(admission.drain(timeout_seconds=5))
        await asyncio.sleep(0)
        with pytest.raises(NoRoom):
            async with admission.enter(TWO):
                pass
        assert not draining.done()

    assert await draining


async def test_draining_ends_when_its_time_is_over() -> None:
    admission = open_door()

    async with admission.enter(ONE):
        assert not await admission.drain(timeout_seconds=0.01)


async def test_the_lease_goes_on_after_an_outage() -> None:
    class Deaf(LocalLease):
        async def beat(self, *, ready: bool) -> None:
            await super().beat(ready=ready)
            raise Unavailable("nobody hears")

    lease = Deaf(1)
    admission = Admission(lease)

    beating = asyncio.create_task(admission.beat_on())
    await asyncio.sleep(0.01)
    assert lease.beats == [False]
    assert not beating.done()
    beating.cancel()


async def test_a_worker_whose_loop_runs_late_asks_for_no_calls_but_takes_those_that_were_placed() -> None:
    admission = open_door()
    for _ in range(LOOKS // 2):
        admission.load.note(0.4)

    beating = asyncio.create_task(admission.beat_on())
    await asyncio.sleep(0.01)
    beating.cancel()

    assert isinstance(admission.lease, LocalLease)
    assert (admission.takes_calls, admission.lease.beats, admission.lease.lag_ms) == (False, [False], 400.0)
    async with admission.enter(ONE):
        assert admission.lease.live == {ONE}


async def test_a_worker_whose_background_work_dies_takes_no_more_calls() -> None:
    admission = open_door()

    async def dies() -> None:
        raise RuntimeError("on purpose")

    async with running(admission, jobs=dies()):
        await asyncio.sleep(0.01)

    assert not admission.is_ready
