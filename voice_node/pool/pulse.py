"""What a worker tells its supervisor twice a second, over the socket that binds them."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

PULSE_SECONDS = 0.5


class Pulse(BaseModel):
    """How a worker is. ``ready`` is whether it takes calls; ``load`` is in cores, its engines included.

    ``lag_ms`` is how late its event loop has been lately, at the 90th percentile.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    ready: bool
    live: int
    slots: int
    lag_ms: float
    load: float

    def encoded(self) -> bytes:
        """The pulse as a line of JSON."""
        return self.model_dump_json().encode() + b"\n"


class PulseReader:
    """Puts the lines together that arrive in pieces."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Pulse | None:
        """The newest pulse that is complete now; a line that cannot be read is passed over."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        newest = None
        for line in lines:
            try:
                newest = Pulse.model_validate_json(line)
            except ValidationError:
                continue
        return newest
