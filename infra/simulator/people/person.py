"""Somebody with a telephone: whether they pick up, and who or what talks then."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from infra.simulator.line import Line, NoPickUp, PickUp, Ring
from infra.simulator.people.conversation import Conversation, Speak
from infra.simulator.people.machines import (
    leave_to_fax,
    leave_to_full_mailbox,
    leave_to_menu,
    leave_to_screening,
    leave_to_voicemail,
)
from infra.simulator.people.persona import Detection, Persona
from infra.simulator.people.record import Diary
from infra.simulator.people.words import Words

MACHINES: Mapping[str, Callable[[Conversation], Awaitable[None]]] = {
    "voicemail": leave_to_voicemail,
    "mailbox_full": leave_to_full_mailbox,
    "ivr": leave_to_menu,
    "fax": leave_to_fax,
}
DETECTED: Mapping[str, Detection] = {
    **dict.fromkeys(("voicemail", "mailbox_full", "ivr", "screening"), Detection(answered_by="machine_start")),
    "fax": Detection(answered_by="fax", after=8.0),
}
"""What the carrier makes of a machine, unless the persona says otherwise."""
PICKS_UP_AFTER = {"voicemail": 4.0, "mailbox_full": 4.0}


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with a telephone of their own (``infra.simulator.line.Telephone``)."""

    persona: Persona
    words: Words
    speak: Speak
    diary: Diary
    rung: set[str] = field(default_factory=set)

    async def ring(self, ring: Ring) -> PickUp | NoPickUp:
        """Pick up, or let it ring."""
        self.rung.add(ring.call_sid)
        match self.persona.telephone:
            case "busy":
                return NoPickUp(result="busy", after_seconds=1.0, sip_code=486)
            case "no_answer":
                return NoPickUp(result="no-answer", sip_code=480)
            case telephone:
                detected = self.persona.detection or DETECTED.get(telephone, Detection(answered_by="human", after=3.0))
                return PickUp(
                    after_seconds=PICKS_UP_AFTER.get(telephone, self.persona.temper.picks_up_after),
                    answered_by=detected.answered_by,
                    decided_after_seconds=detected.after,
                )

    async def talk(self, line: Line) -> None:
        """Hold the call as this persona's telephone does; whoever has rung us waits to be greeted."""
        conversation = Conversation(
            persona=self.persona,
            line=line,
            words=self.words,
            speak=self.speak,
            record=self.diary.begin(line.call_sid, self.persona.phone),
        )
        if line.call_sid not in self.rung:
            await conversation.hold(greets=False)
            return
        if machine := MACHINES.get(self.persona.telephone):
            await machine(conversation)
            return
        if self.persona.telephone == "screening" and not await leave_to_screening(conversation):
            return
        await conversation.hold()
