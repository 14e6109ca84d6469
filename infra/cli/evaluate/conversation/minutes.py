"""What happened on a call, in order: who said what, what was done, and how long a reply took."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

Who = Literal["agent", "person", "world"]
Deed = Literal["opt_out", "book", "move", "cancel", "stop_recording"]

WORDS_A_SECOND = 2.5
SILENCE = "(says nothing)"
PAUSE = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One thing that happened. ``deed`` is set where something was done, ``turn`` is the person's turn so far.

    ``is_cut`` says that the agent was interrupted; ``at`` is the moment that a deed is about (UTC).
    """

    who: Who
    text: str
    turn: int
    deed: Deed | None = None
    at: datetime | None = None
    is_cut: bool = False


@dataclass
class TalkClock:
    """Civil time of a call that is only read: it passes with the words."""

    moment: datetime

    def now(self) -> datetime:
        """The present moment, UTC."""
        return self.moment.astimezone(UTC)

    def pass_(self, text: str) -> None:
        """So long it takes to say this."""
        self.moment += PAUSE + timedelta(seconds=len(text.split()) / WORDS_A_SECOND)


@dataclass
class Minutes:
    """The call as it went. ``seconds`` has, for each turn of the person, how long the first words of the reply took."""

    clock: TalkClock
    happenings: list[Happening] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    turn: int = 0

    def agent(self, text: str) -> None:
        """The agent said this."""
        self._note("agent", text)
        self.clock.pass_(text)

    def person(self, text: str) -> None:
        """The person said this, or pressed a key; a turn of theirs."""
        self.turn += 1
        self._note("person", text)
        self.clock.pass_(text)

    def silence(self) -> None:
        """The person says nothing, which is no turn."""
        self._note("person", SILENCE)

    def done(self, deed: Deed, text: str, at: datetime | None = None) -> None:
        """Something was done, or tried; ``text`` tells what came of it."""
        self.happenings.append(Happening(who="world", text=text, turn=self.turn, deed=deed, at=at))

    def _note(self, who: Who, text: str) -> None:
        self.happenings.append(Happening(who=who, text=text, turn=self.turn))

    @property
    def agent_words(self) -> tuple[str, ...]:
        """Everything the agent said, line by line."""
        return tuple(each.text for each in self.happenings if each.who == "agent")
