"""Music on the caller's side of the line: sound that hardly rests and whose notes last."""

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ = 8_000
FRAME_SAMPLES = 320
"""40 ms: what the stream brings at once."""
JUDGED_FRAMES = 100
"""Four seconds are looked at, again and again."""
STEP_FRAMES = 25
QUIETEST = 150.0
"""The root mean square, on the 16-bit scale, below which nothing is music."""
REST = 0.2
"""Less than this share of the usual level is a rest; speech rests between its syllables and words."""
MOST_RESTS, LEAST_LASTING = 0.12, 0.68
"""Music rests in fewer of its frames than this, and keeps its strongest tone over more of them."""
NEAR_BINS = 1


class MusicFilter:
    """Listens to one caller and tells when music begins and stops; a frame of sound costs some 30 microseconds."""

    def __init__(self) -> None:
        self._window = np.hanning(FRAME_SAMPLES).astype(np.float32)
        self._rest = b""
        self._levels: deque[float] = deque(maxlen=JUDGED_FRAMES)
        self._pitches: deque[int] = deque(maxlen=JUDGED_FRAMES)
        self._since = 0
        self.is_playing = False

    def listen(self, pcm: bytes) -> bool | None:
        """Whether music plays, when that has changed with this audio: 16-bit mono PCM at 8,000 Hz, any length."""
        self._rest += pcm
        before = self.is_playing
        while len(self._rest) >= FRAME_SAMPLES * 2:
            frame, self._rest = self._rest[: FRAME_SAMPLES * 2], self._rest[FRAME_SAMPLES * 2 :]
            self._step(np.frombuffer(frame, "<i2").astype(np.float32))
        return self.is_playing if self.is_playing != before else None

    def _step(self, samples: NDArray[np.float32]) -> None:
        level = math.sqrt(float(samples @ samples) / FRAME_SAMPLES)
        self._levels.append(level)
        is_sound = level >= QUIETEST
        self._pitches.append(int(np.abs(np.fft.rfft(samples * self._window)).argmax()) if is_sound else -1)
        self._since += 1
        if self._since >= STEP_FRAMES:
            self._since = 0
            self.is_playing = len(self._levels) == JUDGED_FRAMES and self._is_music()

    def _is_music(self) -> bool:
        levels, pitches = np.array(self._levels), np.array(self._pitches)
        usual = float(np.median(levels))
        if usual < QUIETEST:
            return False
        rests = float(np.mean(levels < REST * usual))
        lasting = float(np.mean(np.abs(np.diff(pitches)) <= NEAR_BINS))
        return rests <= MOST_RESTS and lasting >= LEAST_LASTING
