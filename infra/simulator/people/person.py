"""Somebody with a telephone: whether they pick up, and who or what talks then."""

from dataclasses import dataclass

from infra.simulator.line import Line, NoPickUp, PickUp, Ring
from infra.simulator.people.conversation import Conversation, Speak
from infra.simulator.people.machines import leave_to_screening, leave_to_voicemail
from infra.simulator.people.persona import Persona
from infra.simulator.people.record import Diary
from infra.simulator.people.words import Words


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with a telephone of their own (``infra.simulator.line.Telephone``)."""

    persona: Persona
    words: Words
    speak: Speak
    diary: Diary

    async def ring(self, ring: Ring) -> PickUp | NoPickUp:
        """Pick up, or let it ring."""
        match self.persona.telephone:
            case "busy":
                return NoPickUp(result="busy", after_seconds=1.0, sip_code=486)
            case "no_answer":
                return NoPickUp(result="no-answer", sip_code=480)
            case "voicemail":
                return PickUp(after_seconds=4.0, answered_by="machine_start", decided_after_seconds=4.0)
            case _:
                return PickUp(after_seconds=self.persona.temper.picks_up_after)

    async def talk(self, line: Line) -> None:
        """Hold the call as this persona's telephone does."""
        conversation = Conversation(
            persona=self.persona,
            line=line,
            words=self.words,
            speak=self.speak,
            record=self.diary.begin(line.call_sid, self.persona.phone),
        )
        if self.persona.telephone == "voicemail":
            await leave_to_voicemail(conversation)
            return
        if self.persona.telephone == "screening" and not await leave_to_screening(conversation):
            return
        await conversation.hold()
