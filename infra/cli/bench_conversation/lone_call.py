"""A call without a line: the node's own driver, brain and memory, with a calendar in a file."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra.cli.bench_conversation.talks import MOST_TURNS, Talk
from shared.conversation import ActionResult, CallBrief, Move, OpenSlot, SpokenTurn
from shared.conversation.rehearsal import Wish, imagined_stage, rehearsal_brief
from shared.kernel.ids import AppointmentId
from voice_node.agents.driver import Decider, Driver
from voice_node.agents.memory import NOTHING, Memory
from voice_node.brains.scripted import ScriptedModel

MOMENT = datetime(2026, 3, 10, 18, tzinfo=UTC)
WISH = Wish(first_name="Alex", last_name="Morgan", subject="12 Oak Street")


class LoneClock:
    """A civil clock that stands still."""

    def now(self) -> datetime:
        """A Tuesday at noon in Texas."""
        return MOMENT


def lone_brief(script: str, name: str, *, part: int = 0, booked: OpenSlot | None = None) -> CallBrief:
    """The brief of a call to nobody; ``name`` makes its id."""
    brief = rehearsal_brief(imagined_stage(script, "en-us"), WISH, name=name, now=MOMENT)
    return brief.model_copy(update={"part": part, "booked": booked, "asked_at": MOMENT, "source": "our website"})


async def nothing_happens() -> None:
    """The call goes on undisturbed."""


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """What was done, one line of JSON each, in a file that outlives the process.

    ``before`` is awaited before something is written, ``after`` once it was.
    """

    file: Path
    before: Callable[[], Awaitable[None]] = nothing_happens
    after: Callable[[], Awaitable[None]] = nothing_happens

    async def opt_out(self, brief: CallBrief, words: str) -> ActionResult:
        """Write an opt-out."""
        return await self._done({"kind": "opt_out", "words": words})

    async def book(self, brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId) -> ActionResult:
        """Write a booking; the same one again is written once."""
        return await self._done({"kind": "booking", "id": appointment_id, "slot": slot.model_dump(mode="json")})

    async def move(
        self, brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId, *, instead_of: AppointmentId | None
    ) -> ActionResult:
        """Write a booking; the same one again is written once."""
        return await self.book(brief, slot, appointment_id)

    async def cancel(self, brief: CallBrief, appointment_id: AppointmentId | None) -> ActionResult:
        """Write a cancellation; the same one again is written once."""
        return await self._done({"kind": "cancellation", "id": appointment_id})

    async def stop_recording(self, brief: CallBrief) -> ActionResult:
        """Nothing is recorded here."""
        return await self._done({"kind": "stop_recording"})

    def entries(self) -> list[dict[str, Any]]:
        """Everything that was done."""
        return [json.loads(line) for line in self.file.read_text().splitlines()] if self.file.exists() else []

    def booked(self) -> OpenSlot | None:
        """The slot that was booked last."""
        slots = [each["slot"] for each in self.entries() if each["kind"] == "booking"]
        return OpenSlot.model_validate(slots[-1]) if slots else None

    async def _done(self, entry: dict[str, Any]) -> ActionResult:
        await self.before()
        if entry not in self.entries():
            with self.file.open("a") as file:
                file.write(json.dumps(entry) + "\n")
        await self.after()
        return ActionResult.DONE


@dataclass(kw_only=True)
class LoneCall:
    """One part of a call. ``said`` are its moves, ``turns`` its transcript."""

    brief: CallBrief
    decider: Decider
    calendar: Calendar
    memory: Memory = NOTHING
    said: list[Move] = field(default_factory=list)
    turns: list[SpokenTurn] = field(default_factory=list)

    def __post_init__(self) -> None:
        """The driver of a real call."""
        self.driver = Driver(
            self.brief, decider=self.decider, actions=self.calendar, clock=LoneClock(), memory=self.memory
        )

    @property
    def is_over(self) -> bool:
        """Whether a goodbye was said."""
        return any(move.ends_call for move in self.said)

    async def open(self, early_words: str = "") -> list[str]:
        """What is said first."""
        if early_words:
            self._noted("caller", early_words)
        return await self.speak([move async for move in self.driver.open(early_words)], early_words)

    async def go_on(self, talk: Talk, *, turn: int = 0, most: int = MOST_TURNS) -> list[list[str]]:
        """What is answered to the caller from their ``turn`` on, ``most`` turns of them, until a goodbye was said."""
        said = []
        for each in range(turn, min(turn + most, MOST_TURNS)):
            if self.is_over:
                break
            said.append(await self.hear(talk.says(self.driver.state.pending, each)))
        return said

    async def hear(self, text: str) -> list[str]:
        """What is answered."""
        self._noted("caller", text)
        return await self.speak([move async for move in self.driver.heard(text)], text)

    async def speak(self, moves: list[Move], heard: str) -> list[str]:
        """The words of moves, put down as said."""
        self.said += moves
        brain = ScriptedModel()
        texts = [text for move in moves async for text in brain.word(self.brief, move, heard)]
        for text in texts:
            self._noted("agent", text)
        return texts

    def _noted(self, speaker: str, text: str) -> None:
        number = len(self.turns) + 1
        spoken = {
            "number": number,
            "speaker": speaker,
            "text": text,
            "started": number * 2.0,
            "ended": number * 2.0 + 1,
        }
        self.turns.append(SpokenTurn.model_validate(spoken))
