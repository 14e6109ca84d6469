"""Room at the servers, and who waits for it: live turns before everything, each kind in the order of its coming."""

import asyncio
from collections.abc import Sequence
from itertools import count

from voice_node.brains.faults import NoServer, QueueFull
from voice_node.brains.server import OllamaServer


class Ticket:
    """One question's place in the queue, which it keeps when it has to come back. ``not_at`` have failed it."""

    def __init__(self, number: int, *, model: str, is_live: bool) -> None:
        self.model = model
        self.is_live = is_live
        self.order = (not is_live, number)
        self.not_at: set[OllamaServer] = set()
        self.has_waited = False

    def could_go_to(self, server: OllamaServer) -> bool:
        """Whether the server is one for it, room or no room."""
        return server not in self.not_at and server.takes(self.model, is_live=self.is_live)


class Slot:
    """Leave to have one question at ``server``. A background one gives way when a live turn needs its room."""

    def __init__(self, server: OllamaServer, *, is_live: bool, number: int) -> None:
        self.server = server
        self.is_live = is_live
        self.number = number
        self.must_go = False
        self._scope: asyncio.Timeout | None = None

    def work(self) -> asyncio.Timeout:
        """The scope to work in: it ends with a ``TimeoutError`` when the slot ``must_go``."""
        self._scope = asyncio.timeout(0 if self.must_go else None)
        return self._scope

    def give_way(self) -> None:
        """Somebody more urgent waits."""
        self.must_go = True
        if self._scope is not None:
            self._scope.reschedule(asyncio.get_running_loop().time())


class Slots:
    """Deals out the room of all servers, the one with the most of it first.

    Live turns may use every slot of a server. Background work keeps to the worker's share of them, and leaves one of
    that free if it has more. When a live turn needs the room, the background job that has worked for the shortest time
    gives way at once.

    Args:
        servers: Where there is room.
        most_waiting: How many background jobs may wait.
    """

    def __init__(self, servers: Sequence[OllamaServer], *, most_waiting: int) -> None:
        self._servers = tuple(servers)
        self._most_waiting = most_waiting
        self._numbers = count()
        self._held: set[Slot] = set()
        self._waiting: dict[Ticket, asyncio.Future[Slot]] = {}

    def ticket(self, model: str, *, is_live: bool) -> Ticket:
        """A place at the end of the queue."""
        return Ticket(next(self._numbers), model=model, is_live=is_live)

    async def take(self, ticket: Ticket) -> Slot:
        """Room for a question, as soon as it is its own; to be handed back.

        Raises:
            NoServer: No server could ever give it.
            QueueFull: It is background work, and more waits than may.
        """
        if not any(ticket.could_go_to(server) for server in self._servers):
            raise NoServer(f"no server is ready for {ticket.model}")
        waiting: asyncio.Future[Slot] = asyncio.get_running_loop().create_future()
        self._waiting[ticket] = waiting
        try:
            self._deal()
            if not waiting.done() and self._is_too_much(ticket):
                raise QueueFull(f"{self._most_waiting} background jobs wait already")
            ticket.has_waited = True
            return await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled() and waiting.exception() is None:
                self.hand_back(waiting.result())
            raise
        finally:
            self._waiting.pop(ticket, None)

    def hand_back(self, slot: Slot) -> None:
        """The question is answered, or given up."""
        self._held.discard(slot)
        self.look_again()

    def look_again(self) -> None:
        """Something changed: deal out what is free; who waits for servers that are all gone is told so."""
        for ticket, waiting in self._waiting.items():
            if not waiting.done() and not any(ticket.could_go_to(server) for server in self._servers):
                waiting.set_exception(NoServer(f"no server is ready for {ticket.model}"))
        self._deal()

    def _is_too_much(self, ticket: Ticket) -> bool:
        others = sum(not each.is_live for each in self._waiting) - 1
        return not ticket.is_live and not ticket.has_waited and others >= self._most_waiting

    def _deal(self) -> None:
        for ticket in sorted(self._unserved(), key=lambda each: each.order):
            places = [each for each in self._servers if ticket.could_go_to(each) and self._has_room(each, ticket)]
            if places:
                best = max(places, key=self._free)
                slot = Slot(best, is_live=ticket.is_live, number=next(self._numbers))
                self._held.add(slot)
                self._waiting[ticket].set_result(slot)
        self._make_way()

    def _unserved(self) -> list[Ticket]:
        return [ticket for ticket, waiting in self._waiting.items() if not waiting.done()]

    def _free(self, server: OllamaServer) -> int:
        return server.slots - len(self._held_at(server))

    def _held_at(self, server: OllamaServer) -> list[Slot]:
        return [slot for slot in self._held if slot.server is server]

    def _has_room(self, server: OllamaServer, ticket: Ticket) -> bool:
        if ticket.is_live:
            return self._free(server) > 0
        return len(self._held_at(server)) < max(1, server.share - 1)

    def _make_way(self) -> None:
        """Background jobs go where the worker has more than its share, and where live turns wait for room."""
        for server in self._servers:
            staying = [slot for slot in self._held_at(server) if not slot.must_go]
            for _ in range(len(staying) - server.share):
                _youngest_goes(staying)
        leaving = sum(slot.must_go for slot in self._held)
        for ticket in [each for each in self._unserved() if each.is_live][leaving:]:
            _youngest_goes([slot for slot in self._held if ticket.could_go_to(slot.server)])


def _youngest_goes(slots: Sequence[Slot]) -> None:
    able = [slot for slot in slots if not slot.is_live and not slot.must_go]
    if able:
        max(able, key=lambda slot: slot.number).give_way()
