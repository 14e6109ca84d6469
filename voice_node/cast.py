"""Who takes part in a dialogue: what decides, what words, what speaks, and what knows of the line."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from shared.conversation import ActionResult, CallBrief, Move, OpenSlot
from shared.conversation.machines import Tone
from shared.kernel.ids import AppointmentId
from voice_node.brains.port import Brain
from voice_node.turns.playout import Playout, Utterance
from voice_node.turns.silence import SilenceLadder


class Talker(Protocol):
    """Decides what comes next. Implemented by ``agents.driver.Driver``; what need not be answered yields no move."""

    def open(self, early_words: str) -> AsyncIterator[Move]:
        """The first move after the opening; ``early_words`` is what the caller said during it."""
        ...

    async def foresee(self, text: str) -> Move | None:
        """The answer to what the caller seems to have said, worth preparing; nothing comes of asking."""
        ...

    def heard(self, text: str, foreseen: Move | None = None) -> AsyncIterator[Move]:
        """The answer to what the caller said; ``foreseen`` is taken as it is while nothing has happened since."""
        ...

    def rewind(self) -> bool:
        """Forget the last ``heard``, whose answer nobody heard; ``False`` when something was done for it."""
        ...

    def silence(self, times: int) -> AsyncIterator[Move]:
        """What to do when nobody has spoken for a while, for the ``times``-th time in a row."""
        ...

    def key(self, digit: str) -> AsyncIterator[Move]:
        """The answer to a key."""
        ...

    def time_is_up(self) -> AsyncIterator[Move]:
        """The goodbye when the call has lasted as long as it may."""
        ...

    def overheard(self, text: str) -> AsyncIterator[Move]:
        """What to do about words that come while the opening plays; mostly nothing, they are answered after it."""
        ...

    def machine(self, verdict: str) -> AsyncIterator[Move]:
        """What to do about the carrier's verdict on who answered; nothing, once a person was heard."""
        ...

    def tone(self, tone: Tone) -> AsyncIterator[Move]:
        """What to do about a tone that no voice makes."""
        ...

    def opted_out(self, words: str, result: ActionResult) -> AsyncIterator[Move]:
        """The farewell after an opt-out that was heard and written ahead of the conversation."""
        ...


class Actions(Protocol):
    """What can be done during a call. Implemented by ``call_actions.CallActions``."""

    async def opt_out(self, brief: CallBrief, words: str) -> ActionResult:
        """Suppress the number."""
        ...

    async def book(self, brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId) -> ActionResult:
        """Book a slot. Booking the same id again changes nothing."""
        ...

    async def move(
        self, brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId, *, instead_of: AppointmentId | None
    ) -> ActionResult:
        """Book a slot in place of an appointment, which stands until that is done."""
        ...

    async def cancel(self, brief: CallBrief, appointment_id: AppointmentId | None) -> ActionResult:
        """Cancel an appointment. Cancelling it again changes nothing."""
        ...

    async def stop_recording(self, brief: CallBrief) -> ActionResult:
        """Record no more, keep no words, and delete what was recorded."""
        ...


class Mouthpiece(Protocol):
    """What speaks. Implemented by ``processors.mouth.Mouth``; ``times_interrupted`` is how often it lost the floor."""

    times_interrupted: int

    async def say(
        self, text: str, *, turn: int, is_protected: bool = False, decided_at: float | None = None
    ) -> Utterance:
        """Have text spoken behind everything that waits to be spoken."""
        ...

    async def prepare(self, text: str, *, turn: int) -> Utterance:
        """Have text synthesised that may yet not be said; ``turn`` is the one that it would begin."""
        ...

    async def release(
        self, utterance: Utterance, *, turn: int, is_protected: bool = False, decided_at: float | None = None
    ) -> None:
        """Say what was prepared."""
        ...

    async def drop_prepared(self) -> None:
        """What was prepared is not said."""
        ...

    async def play(self, mulaw: bytes, *, text: str, turn: int) -> Utterance:
        """Play audio that is ready; it is never cut short."""
        ...

    async def hush(self) -> None:
        """Stop speaking at once, protected or not."""
        ...


@dataclass(frozen=True, kw_only=True)
class Voices:
    """How the dialogue speaks, and what it knows of the line."""

    mouth: Mouthpiece
    brain: Brain
    playout: Playout
    silence: SilenceLadder
