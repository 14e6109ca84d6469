"""One call from the person's side: listen, wait for silence, answer aloud."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from infra.simulator.line import Line
from infra.simulator.people.ears import Ears
from infra.simulator.people.mind import Mind
from infra.simulator.people.persona import Persona, Voice
from infra.simulator.people.record import CallRecord, SaidLine
from infra.simulator.people.words import Words

LINE_IS_SILENT_SECONDS = 0.6
WONDERS_AFTER_SECONDS = 9.0

Speak = Callable[[str, Voice], Awaitable[bytes]]


@dataclass
class Conversation:
    """One call of one person. Answers when the line has fallen silent, to whatever words arrived by then."""

    persona: Persona
    line: Line
    words: Words
    speak: Speak
    record: CallRecord
    ears: Ears = field(default_factory=Ears)
    read: int = 0

    async def hold(self) -> None:
        """Talk until either side hangs up."""
        temper, mind = self.persona.temper, Mind(self.persona)
        await self.say(self.persona.greeting)
        patience = LINE_IS_SILENT_SECONDS + temper.waits_before_answering
        while await self.listen():
            if temper.hangs_up_after_lines is not None and len(self.record.lines) > temper.hangs_up_after_lines:
                self.line.hang_up()
            if self.ears.silent_seconds < patience:
                continue
            said = self.words.since(self.line.call_sid, self.read)
            if said:
                self.read += len(said)
                await self.say(mind.answer(" ".join(said)))
            elif self.ears.silent_seconds > WONDERS_AFTER_SECONDS:
                await self.say("hello")

    async def say(self, text: str | None, *, voice: Voice | None = None) -> None:
        """Speak a line to its end, listening meanwhile; ``None`` says nothing."""
        if not text:
            self.ears.silent_seconds = 0.0
            return
        started = self.ears.seconds
        self.line.speak(await self.speak(text, voice or self.persona.voice))
        while self.line.is_speaking() and await self.listen():
            pass
        self.record.lines.append(SaidLine(text=text, started=started, ended=self.ears.seconds))
        self.ears.silent_seconds = 0.0

    async def listen(self) -> bool:
        """Hear 20 ms; ``False`` once the call is over."""
        frame = await self.line.hear()
        if frame is not None:
            self.ears.listen(frame)
        self.record.ended = self.ears.seconds
        return frame is not None
