"""Every request to Ollama goes through here: live turns first, in time or not at all; everything else behind them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from voice_node.brains.faults import BrokeOff, MalformedAnswer, ModelFault, NoServer, NoSlot, ServerFailed, TooLate
from voice_node.brains.meter import Meter
from voice_node.brains.questions import Listener, Patience, Purpose, Question
from voice_node.brains.server import OllamaServer
from voice_node.brains.slots import Slot, Slots, Ticket

Got = TypeVar("Got")
Answer = TypeVar("Answer", bound=BaseModel)


class OllamaPool:
    """Puts questions to whichever server has room.

    A live turn that finds no room within ``patience.slot``, or whose next sentence takes longer than
    ``patience.reply``, fails at once: its caller says what the script has. A server that fails before its first word
    is replaced by the next one within the same time. A background job gives way to live turns, begins anew, and fails
    when ``patience.background`` is over.

    Args:
        servers: Where questions can be put.
        models: The model of each purpose.
        patience: How long things may take.
        most_waiting: How many background jobs may wait for room.
        meter: Told how it goes.
        now: Seconds on any clock that does not go back.
        troubled: Called with a server that failed.
    """

    def __init__(
        self,
        servers: Sequence[OllamaServer],
        *,
        models: Mapping[Purpose, str],
        patience: Patience,
        most_waiting: int,
        meter: Meter,
        now: Callable[[], float],
        troubled: Callable[[OllamaServer], None],
    ) -> None:
        self._slots = Slots(servers, most_waiting=most_waiting)
        self._models = models
        self._reply_seconds = patience.reply.total_seconds()
        self._slot_seconds = patience.slot.total_seconds()
        self._background_seconds = patience.background.total_seconds()
        self._meter = meter
        self._now = now
        self._troubled = troubled

    def servers_changed(self) -> None:
        """Something else than before may be asked of a server."""
        self._slots.look_again()

    async def reply(self, question: Question, listener: Listener) -> None:
        """Have a live turn answered; see ``questions.Replies``."""
        ticket = self._slots.ticket(self._models[question.purpose], is_live=True)
        with self._counted(question):
            try:
                async with asyncio.timeout(self._reply_seconds) as limit:
                    await self._anywhere(ticket, lambda slot: self._speak(question, listener, slot, limit))
            except TimeoutError:
                raise TooLate(f"no sentence within {self._reply_seconds:g} s") from None

    async def text(self, question: Question) -> str:
        """The whole answer to a background question.

        Raises:
            QueueFull: Too many wait already; ask again later.
            TooLate: It took longer than a background job may.
            MalformedAnswer: The model wrote nothing.
            ModelFault: There is no answer for another reason.
        """
        with self._counted(question):
            return await self._in_background(question)

    async def structured(self, question: Question, kind: type[Answer]) -> Answer:
        """The answer to a background question as ``kind``, whose JSON schema the model has to keep to.

        Raises:
            MalformedAnswer: What the model wrote is no such thing.
            ModelFault: As ``text`` does.
        """
        asked = replace(question, schema=kind.model_json_schema())
        with self._counted(asked):
            written = await self._in_background(asked)
            try:
                return kind.model_validate_json(written)
            except ValidationError as fault:
                raise MalformedAnswer(f"no {kind.__name__}: {fault.error_count()} faults") from None

    async def _in_background(self, question: Question) -> str:
        ticket = self._slots.ticket(self._models[question.purpose], is_live=False)
        try:
            async with asyncio.timeout(self._background_seconds):
                return await self._anywhere(ticket, lambda slot: self._collect(question, slot))
        except TimeoutError:
            raise TooLate(f"no answer within {self._background_seconds:g} s") from None

    async def _anywhere(self, ticket: Ticket, work: Callable[[Slot], Awaitable[Got | None]]) -> Got:
        """What ``work`` gives at the first server that does not fail; ``None`` from it is to begin anew."""
        failed: ServerFailed | None = None
        while True:
            try:
                slot = await self._room(ticket)
            except NoServer as nowhere:
                raise failed or nowhere from None
            try:
                got = await work(slot)
            except ServerFailed as fault:
                self._blame(slot.server, fault)
                ticket.not_at.add(slot.server)
                failed = fault
            else:
                if got is not None:
                    return got
            finally:
                self._slots.hand_back(slot)

    async def _room(self, ticket: Ticket) -> Slot:
        asked_at = self._now()
        try:
            async with asyncio.timeout(self._slot_seconds if ticket.is_live else None):
                slot = await self._slots.take(ticket)
        except TimeoutError:
            self._meter.waited(self._now() - asked_at, is_live=ticket.is_live)
            raise NoSlot(f"no room within {self._slot_seconds:g} s") from None
        self._meter.waited(self._now() - asked_at, is_live=ticket.is_live)
        return slot

    async def _speak(self, question: Question, listener: Listener, slot: Slot, limit: asyncio.Timeout) -> bool:
        """Let the listener have the answer; each sentence puts the limit off."""
        asked_at, has_begun = self._now(), False
        try:
            async with aclosing(slot.server.write(question, model=self._models[question.purpose])) as answer:
                async for piece in answer:
                    if not has_begun:
                        has_begun = True
                        self._meter.first_piece(self._now() - asked_at, is_live=True)
                    if listener.take(piece):
                        limit.reschedule(asyncio.get_running_loop().time() + self._reply_seconds)
                    if listener.has_enough:
                        break
        except asyncio.CancelledError:
            if limit.expired():
                self._blame(slot.server, TooLate(slot.server.host))
            raise
        except ServerFailed as fault:
            if not has_begun:
                raise
            self._blame(slot.server, fault)
            raise BrokeOff(slot.server.host) from fault
        slot.server.breaker.succeeded()
        if not has_begun:
            raise MalformedAnswer("nothing was written")
        return True

    async def _collect(self, question: Question, slot: Slot) -> str | None:
        """The whole answer; ``None`` when the slot had to be given up for a live turn."""
        asked_at, pieces = self._now(), list[str]()
        try:
            async with (
                slot.work(),
                aclosing(slot.server.write(question, model=self._models[question.purpose])) as answer,
            ):
                async for piece in answer:
                    if not pieces:
                        self._meter.first_piece(self._now() - asked_at, is_live=False)
                    pieces.append(piece)
        except TimeoutError:
            self._meter.gave_way()
            return None
        slot.server.breaker.succeeded()
        if not pieces:
            raise MalformedAnswer("nothing was written")
        return "".join(pieces)

    def _blame(self, server: OllamaServer, fault: ModelFault) -> None:
        server.blame(fault)
        self._troubled(server)

    @contextmanager
    def _counted(self, question: Question) -> Iterator[None]:
        try:
            yield
        except ModelFault as fault:
            self._meter.answered(question.purpose.value, fault.reason)
            raise
        self._meter.answered(question.purpose.value, "answered")
