"""Room is dealt out to live turns first; background work makes way at once and keeps its place."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import ollama
import pytest

from voice_node.brains.faults import NoServer, QueueFull
from voice_node.brains.server import OllamaServer
from voice_node.brains.slots import Slot, Slots, Ticket
from voice_node.breaker import Breaker


def make_server(slots: int, *, share: int | None = None, models: tuple[str, ...] = ("m:latest",)) -> OllamaServer:
    server = OllamaServer(
        ollama.AsyncClient(host="http://127.0.0.1:9"),
        address="http://127.0.0.1:9",
        slots=slots,
        share=share or slots,
        breaker=Breaker(lambda: 0.0),
        keep_loaded=timedelta(minutes=30),
        context_tokens=4_096,
    )
    server.installed = server.loaded = frozenset(models)
    return server


class Crowd:
    """Questions that hold or want a slot; ``order`` is who got one, ``yielded`` who had to go."""

    def __init__(self, slots: Slots) -> None:
        self._slots = slots
        self.order: list[str] = []
        self.yielded: list[str] = []
        self.done: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def come(self, name: str, *, is_live: bool = False) -> None:
        self.done[name] = asyncio.Event()
        ticket = self._slots.ticket("m", is_live=is_live)
        self.tasks[name] = asyncio.create_task(self._hold(name, ticket))
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def go(self, name: str) -> None:
        self.done[name].set()
        await self.tasks[name]
        await asyncio.sleep(0)

    async def _hold(self, name: str, ticket: Ticket) -> None:
        while True:
            slot: Slot = await self._slots.take(ticket)
            self.order.append(name)
            try:
                async with slot.work():
                    await self.done[name].wait()
                    return
            except TimeoutError:
                self.yielded.append(name)
            finally:
                self._slots.hand_back(slot)


@asynccontextmanager
async def crowd_at(*servers: OllamaServer, most_waiting: int = 10) -> AsyncIterator[Crowd]:
    crowd = Crowd(Slots(servers, most_waiting=most_waiting))
    yield crowd
    for task in crowd.tasks.values():
        task.cancel()
    await asyncio.gather(*crowd.tasks.values(), return_exceptions=True)


async def test_live_turns_go_ahead_of_work_that_waited_longer() -> None:
    async with crowd_at(make_server(1)) as crowd:
        await crowd.come("first", is_live=True)
        await crowd.come("summary")
        await crowd.come("second", is_live=True)
        await crowd.go("first")
        await crowd.go("second")
        await asyncio.sleep(0)

        assert crowd.order == ["first", "second", "summary"]


async def test_live_turns_are_served_in_the_order_of_their_coming() -> None:
    async with crowd_at(make_server(1)) as crowd:
        for name in "abc":
            await crowd.come(name, is_live=True)
        await crowd.go("a")
        await crowd.go("b")

        assert crowd.order == ["a", "b", "c"]


async def test_one_slot_is_kept_free_of_background_work() -> None:
    async with crowd_at(make_server(3)) as crowd:
        for name in "abc":
            await crowd.come(name)
        await crowd.come("live", is_live=True)

        assert crowd.order == ["a", "b", "live"]
        assert crowd.yielded == []


async def test_the_youngest_background_job_goes_at_once_when_there_is_no_room() -> None:
    async with crowd_at(make_server(3)) as crowd:
        await crowd.come("old")
        await crowd.come("young")
        await crowd.come("one", is_live=True)
        await crowd.come("two", is_live=True)
        await asyncio.sleep(0.01)

        assert crowd.yielded == ["young"]
        assert crowd.order == ["old", "young", "one", "two"]


async def test_who_made_way_comes_back_before_who_came_later() -> None:
    async with crowd_at(make_server(1)) as crowd:
        await crowd.come("early")
        await crowd.come("late")
        await crowd.come("live", is_live=True)
        await asyncio.sleep(0.01)
        await crowd.go("live")
        await asyncio.sleep(0.01)

        assert crowd.order == ["early", "live", "early"]


async def test_no_more_jobs_go_than_live_turns_wait() -> None:
    async with crowd_at(make_server(5)) as crowd:
        for name in "abcd":
            await crowd.come(name)
        for name in ("one", "two"):
            await crowd.come(name, is_live=True)
        await asyncio.sleep(0.01)

        assert crowd.yielded == ["d"]


async def test_a_worker_with_a_share_uses_all_room_for_live_turns_and_takes_its_jobs_back() -> None:
    async with crowd_at(make_server(4, share=2)) as crowd:
        await crowd.come("job")
        await crowd.come("other job")
        for name in ("one", "two", "three"):
            await crowd.come(name, is_live=True)
        await asyncio.sleep(0.01)

        assert crowd.order == ["job", "one", "two", "three"]
        assert crowd.yielded == ["job"]


async def test_a_full_queue_refuses_background_work_but_no_live_turn() -> None:
    slots = Slots([make_server(1)], most_waiting=1)
    held = await slots.take(slots.ticket("m", is_live=True))
    waits = asyncio.create_task(slots.take(slots.ticket("m", is_live=False)))
    await asyncio.sleep(0)

    with pytest.raises(QueueFull):
        await slots.take(slots.ticket("m", is_live=False))

    live = asyncio.create_task(slots.take(slots.ticket("m", is_live=True)))
    await asyncio.sleep(0)
    slots.hand_back(held)
    slots.hand_back(await live)
    slots.hand_back(await waits)


async def test_room_of_who_went_away_goes_to_the_next() -> None:
    slots = Slots([make_server(1)], most_waiting=1)
    held = await slots.take(slots.ticket("m", is_live=True))
    gone = asyncio.create_task(slots.take(slots.ticket("m", is_live=True)))
    stays = asyncio.create_task(slots.take(slots.ticket("m", is_live=True)))
    await asyncio.sleep(0)
    slots.hand_back(held)
    gone.cancel()
    with suppress(asyncio.CancelledError):
        await gone

    async with asyncio.timeout(5):
        slots.hand_back(await stays)


async def test_the_server_with_the_most_room_is_taken() -> None:
    small, large = make_server(1), make_server(3)
    slots = Slots([small, large], most_waiting=1)

    taken = [await slots.take(slots.ticket("m", is_live=True)) for _ in range(4)]

    assert [slot.server for slot in taken].count(large) == 3
    assert taken[0].server is large


async def test_nobody_waits_for_servers_that_are_gone() -> None:
    server = make_server(1)
    slots = Slots([server], most_waiting=1)
    await slots.take(slots.ticket("m", is_live=True))
    waits = asyncio.create_task(slots.take(slots.ticket("m", is_live=True)))
    await asyncio.sleep(0)

    server.gone()
    slots.look_again()

    with pytest.raises(NoServer):
        await waits
    with pytest.raises(NoServer):
        await slots.take(slots.ticket("m", is_live=False))


async def test_a_live_turn_goes_only_where_its_model_is_loaded() -> None:
    cold, warm = make_server(4), make_server(1)
    cold.loaded = frozenset()
    slots = Slots([cold, warm], most_waiting=1)

    assert (await slots.take(slots.ticket("m", is_live=True))).server is warm
    assert (await slots.take(slots.ticket("m", is_live=False))).server is cold
