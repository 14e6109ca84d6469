"""Hearing: whether the line carries speech, and how long it has been silent."""

from dataclasses import dataclass

import numpy as np

from infra.simulator.carrier.mulaw import linear

FRAME_SECONDS = 0.02


@dataclass
class Ears:
    """Follows one line, 20 ms at a time. ``threshold`` is a mean magnitude on the 16-bit scale."""

    threshold: float = 150.0
    silent_seconds: float = 0.0
    seconds: float = 0.0

    def listen(self, frame: bytes) -> None:
        """Take in 160 bytes of mu-law."""
        self.seconds += FRAME_SECONDS
        if np.abs(linear(frame).astype(np.int32)).mean() > self.threshold:
            self.silent_seconds = 0.0
        else:
            self.silent_seconds += FRAME_SECONDS
