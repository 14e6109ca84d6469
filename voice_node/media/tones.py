"""Pure tones on the caller's side of the line: the call of a fax machine, the beep of a voicemail."""

import numpy as np

from shared.conversation.machines import Tone

SAMPLE_RATE_HZ = 8_000
FRAME_SAMPLES = 320
"""40 ms: what the stream brings at once."""
SPACING_HZ = SAMPLE_RATE_HZ / FRAME_SAMPLES
PURE = 0.9
"""The share of the energy that one tone has alone in no voice for long."""
QUIETEST = 300.0
"""The root mean square, on the 16-bit scale, below which nothing is called a tone."""
SIDE_FILTERS = 2
ANSWER_HZ, ANSWER_SECONDS = 2_100.0, 0.6
"""A fax machine that was called answers with 2,100 Hz for some seconds (CED)."""
CALLING_HZ, CALLING_PAUSE_SECONDS = 1_100.0, 6.0
"""A fax machine that calls sends 1,100 Hz for half a second, every 3.5 s (CNG); two of them are beyond doubt."""
NEAR_HZ = 40.0
BEEP_SECONDS = (0.16, 2.5)
BEEP_HZ = (350.0, 2_050.0)


class ToneFilter:
    """Listens to one caller: a bank of Goertzel filters 25 Hz apart, run together as one transform per frame.

    A frame costs some 40 microseconds. A tone is told when it is over, an answering fax as soon as it is beyond doubt.
    """

    def __init__(self) -> None:
        self._window = np.hanning(FRAME_SAMPLES).astype(np.float32)
        self._frames = 0
        self._hertz = 0.0
        self._told = False
        self._since_calling = CALLING_PAUSE_SECONDS
        self._rest = b""

    def listen(self, pcm: bytes) -> list[Tone]:
        """The tones that can be told after this audio: 16-bit little-endian mono PCM at 8,000 Hz, any length."""
        self._rest += pcm
        heard = []
        while len(self._rest) >= FRAME_SAMPLES * 2:
            frame, self._rest = self._rest[: FRAME_SAMPLES * 2], self._rest[FRAME_SAMPLES * 2 :]
            tone = self._step(self._pitch(frame))
            if tone is not None:
                heard.append(tone)
        return heard

    def _pitch(self, frame: bytes) -> float | None:
        """The frequency of the tone that the frame is, ``None`` when it is none."""
        samples = np.frombuffer(frame, "<i2").astype(np.float32)
        if float(samples @ samples) < QUIETEST * QUIETEST * FRAME_SAMPLES:
            return None
        power = np.abs(np.fft.rfft(samples * self._window)) ** 2
        loudest = int(power.argmax())
        near = power[max(loudest - SIDE_FILTERS, 0) : loudest + SIDE_FILTERS + 1]
        return loudest * SPACING_HZ if near.sum() >= PURE * power.sum() else None

    def _step(self, hertz: float | None) -> Tone | None:
        """Go on by one frame: a tone begins, goes on, or is over."""
        self._since_calling += FRAME_SAMPLES / SAMPLE_RATE_HZ
        if hertz is not None and self._frames and abs(hertz - self._hertz) <= NEAR_HZ:
            self._frames += 1
            is_answer = abs(hertz - ANSWER_HZ) <= NEAR_HZ and self._seconds >= ANSWER_SECONDS
            if is_answer and not self._told:
                self._told = True
                return Tone.FAX
            return None
        over = self._over()
        self._frames, self._hertz, self._told = (1, hertz, False) if hertz is not None else (0, 0.0, False)
        return over

    @property
    def _seconds(self) -> float:
        return self._frames * FRAME_SAMPLES / SAMPLE_RATE_HZ

    def _over(self) -> Tone | None:
        """What the tone was that has just ended."""
        shortest, longest = BEEP_SECONDS
        if self._told or not shortest <= self._seconds <= longest or not BEEP_HZ[0] <= self._hertz <= BEEP_HZ[1]:
            return None
        if abs(self._hertz - CALLING_HZ) <= NEAR_HZ:
            is_second = self._since_calling < CALLING_PAUSE_SECONDS
            self._since_calling = 0.0
            return Tone.FAX if is_second else Tone.BEEP
        return Tone.BEEP
