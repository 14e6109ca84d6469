"""Whether a pause sounds like the end of a turn: the smart-turn model, one session and one small pool per process."""

import asyncio
import math
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray
from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3

from voice_node.turns.mel import LONGEST_SECONDS, MODEL_RATE_HZ, log_mel

SAMPLE_RATE_HZ = 8_000
LONGEST_BYTES = LONGEST_SECONDS * SAMPLE_RATE_HZ * 2
MOST_WAITING = 4
"""A longer queue is not joined: by the time it answered, the silence itself would have."""
DEADLINE_SECONDS = 0.15
"""A question that has waited this long for the thread is dropped unanswered."""
AGAIN_SHARE, SHARE_SECONDS = 0.06, 10.0
"""A second opinion on the same pause is given while the thread was busy for less than this share of the last time."""


@cache
def shared_session() -> Any:
    """The model session every call shares, loaded once."""
    return LocalSmartTurnAnalyzerV3()._session


class EndOfTurnModel:
    """Says how likely it is that somebody has finished. One thread: a verdict takes some 50 ms of it."""

    def __init__(self, *, again_share: float = AGAIN_SHARE) -> None:
        self._again_share = again_share
        self._session = shared_session()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="smart-turn")
        self._waiting = 0
        self._busy, self._busy_at = 0.0, time.monotonic()

    async def probability(self, pcm: bytes, *, again: bool = False) -> float | None:
        """How likely the speech is over, 0 to 1; ``None`` when the model is too busy to say so in time.

        ``pcm`` is the turn so far with its pause: 16-bit mono at 8,000 Hz; its last 8 s are looked at. ``again`` when
        it was asked about this pause before.
        """
        if self._waiting >= MOST_WAITING or not pcm or (again and self._share_busy() > self._again_share):
            return None
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            asked = loop.run_in_executor(self._pool, self._judge, pcm[-LONGEST_BYTES:], time.monotonic())
            probability, seconds = await asked
        finally:
            self._waiting -= 1
        self._busy += seconds
        return probability

    def _judge(self, pcm: bytes, asked_at: float) -> tuple[float | None, float]:
        """The verdict, and how long it took (s)."""
        began = time.monotonic()
        if began - asked_at > DEADLINE_SECONDS:
            return None, 0.0
        return probability_of(self._session, pcm), time.monotonic() - began

    def _share_busy(self) -> float:
        """How much of the last while the thread was busy; what lies longer back counts less and less."""
        now = time.monotonic()
        self._busy *= math.exp((self._busy_at - now) / SHARE_SECONDS)
        self._busy_at = now
        return self._busy / SHARE_SECONDS


def probability_of(session: Any, pcm: bytes) -> float:
    """The model's verdict, on the thread that asks."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / 32_768
    resampled: NDArray[np.float32] = soxr.resample(samples, SAMPLE_RATE_HZ, MODEL_RATE_HZ, quality="HQ")
    outputs = session.run(None, {"input_features": log_mel(resampled)[None]})
    return float(outputs[0][0].item())


@cache
def shared_model() -> EndOfTurnModel:
    """The model of this process."""
    return EndOfTurnModel()
