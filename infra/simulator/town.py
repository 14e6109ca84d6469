"""Who has which number: the personas of a folder behind the simulated carrier's exchange."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from infra.simulator.line import Line, NoPickUp, PickUp, Ring
from infra.simulator.people.conversation import Speak
from infra.simulator.people.person import Person
from infra.simulator.people.persona import Persona
from infra.simulator.people.record import CallRecord, Diary, SaidLine
from infra.simulator.people.words import Words


@dataclass(frozen=True, kw_only=True)
class Resident:
    """A person whose diary is kept in a file, one line of JSON per call, written when the call is over."""

    person: Person
    diary: Diary
    diary_file: Path

    async def ring(self, ring: Ring) -> PickUp | NoPickUp:
        """Pick up, or let it ring."""
        return await self.person.ring(ring)

    async def talk(self, line: Line) -> None:
        """Hold the call, then write down what was said."""
        try:
            await self.person.talk(line)
        finally:
            record = next(call for call in reversed(self.diary.calls) if call.call_sid == line.call_sid)
            with self.diary_file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(record)) + "\n")


def residents(personas: Sequence[Persona], *, words: Words, speak: Speak, diary_file: Path) -> dict[str, Resident]:
    """Number (E.164) → resident."""
    diary = Diary()
    return {
        persona.phone: Resident(
            person=Person(persona=persona, words=words, speak=speak, diary=diary), diary=diary, diary_file=diary_file
        )
        for persona in personas
    }


def read_diary(file: Path) -> list[CallRecord]:
    """Every call in the diary, in the order in which they ended; empty when nobody was rung yet."""
    if not file.exists():
        return []
    calls = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
    return [CallRecord(**call | {"lines": [SaidLine(**line) for line in call["lines"]]}) for call in calls]
