"""Delivers callbacks: those of one lane one after another, unless a fault has it otherwise."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from infra.simulator.carrier.faults import CallbackFate, Dice
from infra.simulator.carrier.journal import Journal
from infra.simulator.carrier.tasks import Tasks
from infra.simulator.carrier.webhooks import NO_USABLE_ANSWER, WebhookFailed, Webhooks

LONGEST_HELD_SECONDS = 5.0
LAST_EVENTS = frozenset({"completed", "stream-stopped", "stream-error", "recording-completed", "recording-absent"})


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One callback about a call; ``person`` is the number at its far end.

    Letters of one ``lane`` wait for the one before; blank is no lane.
    """

    call_sid: str
    person: str
    url: str
    fields: Mapping[str, str]
    event: str
    method: str = "POST"
    lane: str = ""


class Courier:
    """Takes letters and lets them go as fate has it: once, twice, late, overtaken or never."""

    def __init__(self, *, webhooks: Webhooks, dice: Dice, tasks: Tasks, journal: Journal) -> None:
        self._webhooks = webhooks
        self._dice = dice
        self._tasks = tasks
        self._journal = journal
        self._last: dict[str, asyncio.Task[None]] = {}
        self._held: dict[str, asyncio.Event] = {}

    def take(self, letter: Letter) -> None:
        """Send the letter, without waiting for it."""
        fate = self._dice.callback(letter.person, letter.event)
        if fate != CallbackFate():
            self._note_fault(letter, fate)
        if fate.copies == 0:
            return
        if not letter.lane:
            self._tasks.spawn(self._deliver(letter, fate), f"callback {letter.event}")
            return
        overtakes = self._held.pop(letter.lane, None)
        if fate.is_overtaken and letter.event not in LAST_EVENTS:
            overtaken_by = self._held[letter.lane] = asyncio.Event()
            self._tasks.spawn(self._deliver_held(letter, fate, overtaken_by, overtakes), "held callback")
            return
        previous = None if fate.late_seconds else self._last.get(letter.lane)
        work = self._deliver_in_turn(letter, fate, previous, overtakes)
        task = self._tasks.spawn(work, f"callback {letter.event}")
        if letter.event in LAST_EVENTS:
            self._last.pop(letter.lane, None)
        elif not fate.late_seconds:
            self._last[letter.lane] = task

    async def _deliver_in_turn(
        self,
        letter: Letter,
        fate: CallbackFate,
        previous: asyncio.Task[None] | None,
        overtakes: asyncio.Event | None,
    ) -> None:
        if previous:
            await asyncio.wait({previous})
        await self._deliver(letter, fate)
        if overtakes:
            overtakes.set()

    async def _deliver_held(
        self,
        letter: Letter,
        fate: CallbackFate,
        overtaken_by: asyncio.Event,
        overtakes: asyncio.Event | None,
    ) -> None:
        try:
            async with asyncio.timeout(LONGEST_HELD_SECONDS):
                await overtaken_by.wait()
        except TimeoutError:
            self._held.pop(letter.lane, None)
        await self._deliver_in_turn(letter, fate, None, overtakes)

    async def _deliver(self, letter: Letter, fate: CallbackFate) -> None:
        await asyncio.sleep(fate.late_seconds)
        for _ in range(fate.copies):
            await self._send(letter)

    async def _send(self, letter: Letter) -> None:
        code = NO_USABLE_ANSWER
        try:
            reply = await self._webhooks.send(
                letter.url,
                letter.fields,
                purpose=letter.event,
                call_sid=letter.call_sid,
                method=letter.method,
            )
        except WebhookFailed as failure:
            code = failure.code
        else:
            if reply.status < 400:
                return
        self._journal.note("notification", letter.call_sid, code=code, url=letter.url)

    def _note_fault(self, letter: Letter, fate: CallbackFate) -> None:
        self._journal.note(
            "fault",
            letter.call_sid,
            event=letter.event,
            copies=fate.copies,
            late_seconds=fate.late_seconds,
            is_overtaken=fate.is_overtaken,
        )
