"""One utterance as a model hears it that only takes finished sound: again and again, from its beginning to now.

The model is asked while the person speaks, and once more as soon as they fall quiet, so that the final text is there
when the end of speech is: if only quiet followed what the model has heard, its last answer is the final one.
"""

import numpy as np

from voice_node.speech.recognition.hallucination import Hypothesis, believable
from voice_node.speech.recognition.stable_prefix import StablePrefix
from voice_node.speech.spectra import WIDE_RATE_HZ, Floats
from voice_node.speech.upsampling import DELAY, Upsampler

FULL_SCALE = 32_768.0
EVERY_SAMPLES = WIDE_RATE_HZ // 2
QUIET_AFTER_SAMPLES = WIDE_RATE_HZ // 10
QUIET_SHARE = 0.1
"""Of the loudest tenth of a second: 20 dB below it nobody speaks."""
SILENCE = 0.001
"""-60 dB of full scale: a sound that never gets louder holds no words."""
LONGEST_SAMPLES = 28 * WIDE_RATE_HZ
"""The model hears 30 s; what comes after this is left out."""


class RollingWindows:
    """Sound on its way in, guesses on their way out. Not safe to use from two threads at once."""

    def __init__(self) -> None:
        self._upsampler = Upsampler()
        self._pieces: list[Floats] = []
        self._length = 0
        self._loudness: list[float] = []
        self._measured = np.zeros(0)
        self._stable = StablePrefix()
        self._heard_up_to = 0
        self._last: Hypothesis | None = None
        self.ended = False

    def hear(self, pcm: bytes) -> None:
        """Take sound: 16-bit little-endian mono PCM at 8,000 Hz."""
        self._add(self._upsampler.doubled(np.frombuffer(pcm, dtype="<i2").astype(np.float64) / FULL_SCALE))

    def finish(self) -> None:
        """The speech has ended."""
        self._add(self._upsampler.doubled(np.zeros(DELAY)))
        self.ended = True

    @property
    def is_due(self) -> bool:
        """Whether the model should be asked again, for a guess or for the final text."""
        fresh = self._length - self._heard_up_to
        if not fresh or self._is_quiet_since(self._heard_up_to):
            return False
        return self.ended or fresh >= EVERY_SAMPLES or self._is_quiet_since(self._length - QUIET_AFTER_SAMPLES)

    @property
    def is_answered(self) -> bool:
        """Whether the final text is known."""
        return self.ended and not self.is_due

    def sound(self) -> Floats:
        """Everything so far at 16,000 Hz, for the model; its answer is to be given to ``heard`` or ``give_up``."""
        joined = np.concatenate(self._pieces) if self._pieces else np.zeros(0)
        self._pieces = [joined]
        self._heard_up_to = self._length
        return joined

    def heard(self, guess: Hypothesis) -> str | None:
        """Take the model's answer; the words that can be relied on when there are more of them now."""
        self._last = guess
        before = self._stable.words
        after = self._stable.update(believable(guess).split())
        return " ".join(after) if after != before else None

    @property
    def final(self) -> tuple[str, float | None]:
        """The last answer, as believable words, and the confidence in them; ``""`` and ``None`` for nothing."""
        text = believable(self._last) if self._last else ""
        return text, self._last.confidence if self._last and text else None

    def _add(self, samples: Floats) -> None:
        samples = samples[: LONGEST_SAMPLES - self._length]
        if not len(samples):
            return
        self._pieces.append(samples)
        self._length += len(samples)
        self._measured = np.concatenate([self._measured, samples])
        while len(self._measured) >= QUIET_AFTER_SAMPLES:
            tenth, self._measured = self._measured[:QUIET_AFTER_SAMPLES], self._measured[QUIET_AFTER_SAMPLES:]
            self._loudness.append(float(np.sqrt(np.mean(tenth**2))))

    def _is_quiet_since(self, sample: int) -> bool:
        """Whether nobody spoke after this sample; the last, unfinished tenth of a second counts as well."""
        rest = float(np.sqrt(np.mean(self._measured**2))) if len(self._measured) else 0.0
        levels = [*self._loudness, rest]
        limit = max(SILENCE, QUIET_SHARE * max(levels))
        return max(levels[max(0, sample) // QUIET_AFTER_SAMPLES :]) <= limit
