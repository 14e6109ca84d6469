"""A telephone that rings nobody."""

from shared.calls.ports import Dial, PlacedCall
from shared.kernel.errors import ReautoError


class MemoryTelephony:
    """``Telephony`` that notes what it was asked: ``dialled`` and ``hung_up``.

    Args:
        failure: Raised by every ``place``, after the dial was noted.
    """

    def __init__(self, *, failure: ReautoError | None = None) -> None:
        self.failure = failure
        self.dialled: list[Dial] = []
        self.hung_up: list[str] = []

    def place(self, dial: Dial) -> PlacedCall:
        self.dialled.append(dial)
        if self.failure is not None:
            raise self.failure
        return PlacedCall(sid=f"CA{len(self.dialled):032x}")

    def hang_up(self, sid: str) -> None:
        self.hung_up.append(sid)
