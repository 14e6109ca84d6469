"""People who follow a script."""

from collections.abc import Awaitable, Callable

from infra.simulator.line import Line, NoPickUp, PickUp, Ring

SILENCE = b"\xff" * 160


async def listen(line: Line) -> None:
    """Say nothing and stay until the call is over."""
    while await line.hear() is not None:
        pass


async def leave(line: Line) -> None:
    """Hang up at once."""


class Phone:
    """Picks up or not as told, then follows ``talk``. Keeps what rang and what was heard."""

    def __init__(
        self,
        decision: PickUp | NoPickUp | None = None,
        talk: Callable[[Line], Awaitable[None]] | None = None,
    ) -> None:
        self._decision = decision or PickUp(after_seconds=0.0, decided_after_seconds=0.02)
        self._talk = talk
        self.rings: list[Ring] = []
        self.lines: list[Line] = []
        self.heard = bytearray()

    async def ring(self, ring: Ring) -> PickUp | NoPickUp:
        self.rings.append(ring)
        return self._decision

    async def talk(self, line: Line) -> None:
        self.lines.append(line)
        if self._talk:
            await self._talk(line)
            return
        while (frame := await line.hear()) is not None:
            self.heard += frame

    @property
    def heard_sound(self) -> bytes:
        """What was heard, without the silence around and between."""
        return bytes(self.heard).replace(b"\xff", b"")
