"""Who has the floor when the caller makes a sound over us: we fall silent at once, and go on if it was nothing."""

from collections.abc import Awaitable, Callable

from voice_node.processors.speech_gate import SpeechGate
from voice_node.turns.backchannel import ANSWERABLE_WORDS, is_backchannel
from voice_node.turns.endings import Ends
from voice_node.turns.open_turn import OpenTurn
from voice_node.turns.playout import Playout
from voice_node.turns.voice_activity import WINDOW_SECONDS

BACKCHANNEL_SECONDS = 0.128
"""So much silence after "mm-hm" and we go on."""
NOTHING_SECONDS = 0.32
"""So much silence after a sound in which no words were recognised, and we go on."""
WORDLESS_SECONDS = 1.2
"""A sound that lasts so long without becoming words is noise: we go on, and speak over it."""

NOISE_SECONDS = 3.0
"""A sound that lasts so long without becoming words is nobody's turn."""


class Floor:
    """Decides over our own speech while a turn of the caller is open.

    ``on_taken`` is awaited once the caller has words of their own: what we were saying is dropped.
    """

    def __init__(self, *, gate: SpeechGate, playout: Playout, on_taken: Callable[[], Awaitable[None]]) -> None:
        self._gate = gate
        self._playout = playout
        self._on_taken = on_taken
        self._wordless = 0.0
        self._at_stake = 0

    @property
    def may_be_yielded(self) -> bool:
        """Whether we are saying something that may be cut short, or about to."""
        return (self._playout.more_comes or not self._playout.is_silent) and not self._playout.is_protected

    @property
    def is_noise(self) -> bool:
        """Whether the sound has lasted too long without words to be somebody speaking to us."""
        return self._wordless >= NOISE_SECONDS

    def turn_begins(self) -> None:
        """A turn of the caller begins; nothing is known of it yet."""
        self._wordless = 0.0
        self._at_stake = 0

    async def sound(self) -> None:
        """The caller makes a sound, or goes on; what has long been noise does not silence us again."""
        is_noise = self._wordless >= WORDLESS_SECONDS
        if self.may_be_yielded and not self._gate.is_holding and not is_noise:
            await self._gate.hold()
            unknown = ANSWERABLE_WORDS if self._playout.more_comes else 0
            self._at_stake = self._gate.unheard_words + self._playout.announced_words + unknown

    async def words(self, turn: OpenTurn) -> None:
        """Something was recognised: listening noises leave us the floor, words of their own take it."""
        if not turn.text or self._is_backchannel(turn):
            return
        turn.is_backchannel = False
        if self._gate.is_holding or self.may_be_yielded:
            await self._on_taken()

    async def talking(self, turn: OpenTurn) -> None:
        """A window of voice went by."""
        has_words = bool(turn.text) and not self._is_backchannel(turn)
        self._wordless = 0.0 if has_words else self._wordless + WINDOW_SECONDS
        if self._gate.is_holding and self._wordless >= WORDLESS_SECONDS:
            await self._go_on(turn)

    async def quiet(self, turn: OpenTurn) -> None:
        """A window of silence went by."""
        if not self._gate.is_holding:
            return
        is_nothing = not turn.text and turn.silent_seconds >= NOTHING_SECONDS
        if is_nothing or (self._is_backchannel(turn) and turn.silent_seconds >= BACKCHANNEL_SECONDS):
            await self._go_on(turn)

    async def turn_over(self, turn: OpenTurn) -> bool:
        """The turn has ended; returns whether it asks for an answer."""
        if self._gate.is_holding:
            if not turn.text or self._is_backchannel(turn) or self._both_began(turn):
                await self._go_on(turn)
            else:
                await self._on_taken()
        return not turn.is_backchannel

    def _both_began(self, turn: OpenTurn) -> bool:
        """We began at the same time, and they stopped after a word or two that mean nothing yet: we go on."""
        return turn.ends is Ends.OPEN and self._gate.nothing_was_heard and len(turn.text.split()) <= 2

    def _is_backchannel(self, turn: OpenTurn) -> bool:
        return is_backchannel(turn.text, unheard_words=self._at_stake)

    async def _go_on(self, turn: OpenTurn) -> None:
        turn.is_backchannel = True
        await self._gate.resume()
