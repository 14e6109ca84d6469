"""One telephone line: the carrier holds one end, the person the other."""

import asyncio
from collections import deque
from collections.abc import Callable

from infra.simulator.carrier.playout import Playout
from infra.simulator.carrier.recorder import Recorder

KEYS = frozenset("0123456789*#")
LONGEST_UNHEARD_FRAMES = 1500


class Leg:
    """The carrier's end. Every tick moves 20 ms of mu-law in both directions.

    ``playout`` is what the person will hear. ``frame_listeners`` get each 160 bytes that leave the mouth,
    ``key_listeners`` each key pressed.
    """

    def __init__(self, call_sid: str, *, hung_up: Callable[[], None]) -> None:
        self.call_sid = call_sid
        self.playout = Playout()
        self.frame_listeners: list[Callable[[bytes], None]] = []
        self.key_listeners: list[Callable[[str], None]] = []
        self.recorder: Recorder | None = None
        self.line = PersonLine(self)
        self.mouth = Playout()
        self.is_over = False
        self._hung_up = hung_up

    def tick(self) -> None:
        """Move one frame each way."""
        ear, mouth = self.playout.take(), self.mouth.take()
        self.line.heard_next(ear)
        if self.recorder:
            self.recorder.add(from_person=mouth, to_person=ear)
        for listener in tuple(self.frame_listeners):
            listener(mouth)

    def key(self, digit: str) -> None:
        """The person pressed a key."""
        for listener in tuple(self.key_listeners):
            listener(digit)

    def hang_up(self) -> None:
        """The person hung up."""
        self._hung_up()

    def end(self) -> None:
        """The call is over: the person hears no more."""
        self.is_over = True
        self.playout.forget()
        self.mouth.forget()
        self.line.heard_next(None)


class PersonLine:
    """The person's end; satisfies ``infra.simulator.line.Line``."""

    def __init__(self, leg: Leg) -> None:
        self.call_sid = leg.call_sid
        self._leg = leg
        # An ear that does not listen for half a minute loses the oldest of what was said.
        self._unheard: deque[bytes] = deque(maxlen=LONGEST_UNHEARD_FRAMES)
        self._something = asyncio.Event()

    def heard_next(self, frame: bytes | None) -> None:
        """Put 20 ms into the ear; ``None`` when the call is over."""
        if frame is not None:
            self._unheard.append(frame)
        self._something.set()

    async def hear(self) -> bytes | None:
        """The next 20 ms that reach the ear."""
        while not self._leg.is_over:
            if self._unheard:
                return self._unheard.popleft()
            self._something.clear()
            await self._something.wait()
        return None

    def speak(self, audio: bytes) -> None:
        """Queue audio for the mouth."""
        if not self._leg.is_over:
            self._leg.mouth.write(audio)

    def fall_silent(self) -> None:
        """Drop whatever is queued for the mouth."""
        self._leg.mouth.clear()

    def is_speaking(self) -> bool:
        """Whether queued audio is still leaving the mouth."""
        return len(self._leg.mouth) > 0

    def press(self, digit: str) -> None:
        """Press one key; what is no key does nothing."""
        if not self._leg.is_over and digit in KEYS:
            self._leg.key(digit)

    def hang_up(self) -> None:
        """End the call."""
        if not self._leg.is_over:
            self._leg.hang_up()
