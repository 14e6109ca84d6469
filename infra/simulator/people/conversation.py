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
PUZZLED_SECONDS = 3.5

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

    async def hold(self, *, greets: bool = True) -> None:
        """Talk until either side hangs up; who picks up speaks first."""
        temper, mind = self.persona.temper, Mind(self.persona)
        while self.ears.seconds < temper.greets_after and await self.listen():
            pass
        if greets:
            await self.say(self.persona.greeting)
        patience = LINE_IS_SILENT_SECONDS + temper.waits_before_answering
        while await self.listen():
            if temper.hangs_up_after_lines is not None and len(self.record.lines) > temper.hangs_up_after_lines:
                self.line.hang_up()
            if self.ears.silent_seconds >= patience:
                await self._react(mind)

    async def _react(self, mind: Mind) -> None:
        """The line is silent: answer what was said, or after a while wonder aloud."""
        said = self.words.since(self.line.call_sid, self.read)
        is_asked = bool(said) and (said[-1].rstrip().endswith("?") or self.ears.silent_seconds > PUZZLED_SECONDS)
        if is_asked and mind.has_had_enough:
            self.line.hang_up()
            return
        before = mind.turn
        answer = mind.next_turn(" ".join(said), is_asked=is_asked) if said else None
        if is_asked or mind.turn > before:
            self.read += len(said)
        elif self.ears.silent_seconds > WONDERS_AFTER_SECONDS and mind.turn not in self.persona.silent_turns:
            answer = "hello"
        if answer is not None:
            await self.say(answer)

    async def say(self, text: str, *, voice: Voice | None = None) -> None:
        """Speak a line to its end, listening meanwhile."""
        started = self.ears.seconds
        self.line.speak(await self.speak(text, voice or self.persona.voice))
        while self.line.is_speaking() and await self.listen():
            pass
        if await self.listen():  # a line that the end of the call cut short was not said
            self.record.lines.append(SaidLine(text=text, started=started, ended=self.ears.seconds))
        self.ears.silent_seconds = 0.0

    async def listen(self) -> bool:
        """Hear 20 ms; ``False`` once the call is over."""
        frame = await self.line.hear()
        if frame is not None:
            self.ears.listen(frame)
        self.record.ended = self.ears.seconds
        return frame is not None
