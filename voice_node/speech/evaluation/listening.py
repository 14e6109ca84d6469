"""A recogniser of ours as turns in sound time need it: through its port, as a call drives it, final texts only."""

import time

from voice_node.speech.recognition.port import Recogniser, Utterance
from voice_node.speech.recognition.speech_to_text import LONGEST_SECONDS


class PortListener:
    """``voice_node.turns.in_sound_time.Listener`` over a recogniser.

    Guesses that are not final are not looked at: they come when the engine has computed them, which sound that
    outruns the clock tells nothing about. ``final_seconds`` keeps how long each final text took.
    """

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self._open: list[Utterance] = []
        self.final_seconds: list[float] = []
        self.final_at = 0.0

    def begin(self, before: bytes, end: int) -> None:
        """Open an utterance with the sound from before it.

        Raises:
            Unavailable: The engine cannot listen.
        """
        self._open.append(self._recogniser.open())
        self._open[-1].hear(before)

    def hear(self, pcm: bytes, end: int) -> str:
        """Pass sound on; a stretch that is too long is cut as a call cuts it."""
        if self._open[-1].seconds >= LONGEST_SECONDS:
            self._open[-1].finish()
            self._open.append(self._recogniser.open())
        self._open[-1].hear(pcm)
        return ""

    async def finish(self, end: int) -> str:
        """The final words.

        Raises:
            Unavailable: The engine failed.
        """
        utterances, self._open = self._open, []
        asked = time.perf_counter()
        utterances[-1].finish()
        texts = [heard.text for utterance in utterances async for heard in utterance if heard.final]
        self.final_at = time.perf_counter()
        self.final_seconds.append(self.final_at - asked)
        return " ".join(text for text in texts if text)
