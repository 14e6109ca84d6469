"""What one caller noted of one call: everything that is measured later."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TICK_SECONDS = 0.02
SOUNDS = ("heard", "dry")


@dataclass(kw_only=True)
class Said:
    """One take on its way. Seconds are those of the machine's monotonic clock, taken when a frame is handed over.

    ``onset_at`` belongs to the first frame, ``ended_at`` to the last one with speech; ticks count from
    the call's first.
    """

    take: str
    kind: str
    onset_at: float
    first_tick: int
    ended_at: float = 0.0
    last_tick: int = 0
    pause_from: float | None = None
    pause_until: float | None = None


@dataclass(kw_only=True)
class Track:
    """One call as its caller saw it.

    ``began`` is when the stream's first message left, ``ticks_began`` the due moment of the first tick. ``heard`` is
    what played, 160 bytes of mu-law a tick; ``dry`` has a 1 for each tick for which nothing had come.
    ``voiced_at`` has the arrival of each message that was more than silence.
    ``late_ms`` is how long after its due moment each frame left.
    """

    attempt: str
    began: float = 0.0
    ticks_began: float = 0.0
    ended: float = 0.0
    heard: bytearray = field(default_factory=bytearray)
    dry: bytearray = field(default_factory=bytearray)
    voiced_at: list[float] = field(default_factory=list)
    cleared_at: list[float] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    late_ms: list[float] = field(default_factory=list)
    was_refused: bool = False
    was_dropped_at: float | None = None

    def tick_at(self, tick: int) -> float:
        """When the sound of a tick begins to be heard."""
        return self.ticks_began + tick * TICK_SECONDS

    @property
    def seconds(self) -> float:
        """How long the call lasted."""
        return self.ended - self.began


def write_tracks(tracks: Sequence[Track], file: Path) -> None:
    """Keep tracks for the suite."""
    kept = [
        {**vars(track), **{name: base64.b64encode(vars(track)[name]).decode() for name in SOUNDS}} for track in tracks
    ]
    file.write_text(json.dumps(kept, default=vars), encoding="utf-8")


def read_tracks(file: Path) -> list[Track]:
    """The tracks that were kept."""
    return [_track(kept) for kept in json.loads(file.read_text(encoding="utf-8"))]


def _track(kept: dict[str, Any]) -> Track:
    said = [Said(**each) for each in kept["said"]]
    sounds = {name: bytearray(base64.b64decode(kept[name])) for name in SOUNDS}
    return Track(**{**kept, **sounds, "said": said})
