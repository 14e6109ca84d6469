"""The Kokoro engine as a process: ``python -m voice_node.speech.synthesis.local.kokoro_process FOLDER CAST THREADS``.

Its phonemes come from eSpeak NG, which is GPL-3: it is imported here and never in the node.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from kokoro_onnx import Kokoro
from numpy.typing import NDArray

from shared.kernel.errors import Unavailable
from voice_node.speech.speaker import Speaker
from voice_node.speech.synthesis.local.cast import NORMAL_WORDS_PER_MINUTE, cast_as
from voice_node.speech.synthesis.local.models import MissingModel, find_files, open_session
from voice_node.speech.synthesis.serving import serve
from voice_node.speech.voice import Voice

MODEL = "kokoro-v1.0"
RATE_HZ = 24_000
SLOWEST, FASTEST = 0.5, 2.0
BRITISH = "b"


class KokoroSource:
    """The model with all its voices.

    Raises:
        MissingModel: The model is not there.
        Unavailable: The cast names a voice that the model lacks.
    """

    def __init__(self, folder: Path, cast: Mapping[str, str], *, threads: int) -> None:
        path, voices = find_files(folder, MODEL, f"{MODEL}.onnx", "voices-v1.0.bin")
        session = open_session(path, model=MODEL, folder=folder, threads=threads)
        try:
            self._kokoro = Kokoro.from_session(session, str(voices))
        except (ValueError, OSError) as damaged:
            raise MissingModel(MODEL, folder, is_damaged=True) from damaged
        if unknown := set(cast.values()) - set(self._kokoro.get_voices()):
            raise Unavailable(f"Kokoro has no voice {sorted(unknown)[0]!r}: set KOKORO_VOICE to one like 'af_heart'")
        self._cast = cast
        self._name = next(iter(cast.values()))
        self._speed = 1.0

    @property
    def sample_rate_hz(self) -> int:
        """Of every voice."""
        return RATE_HZ

    def use(self, voice: Voice) -> None:
        """Speak as the cast says, as fast as asked; Kokoro knows no pitch."""
        self._name = cast_as(self._cast, voice)
        self._speed = min(max(voice.words_per_minute / NORMAL_WORDS_PER_MINUTE, SLOWEST), FASTEST)

    def say(self, text: str, unwanted: Callable[[], bool] = lambda: False) -> NDArray[np.float32]:
        """The clause as a whole."""
        if unwanted() or not any(letter.isalnum() for letter in text):
            return np.empty(0, dtype=np.float32)
        language = "en-gb" if self._name.startswith(BRITISH) else "en-us"
        samples, _ = self._kokoro.create(text, voice=self._name, speed=self._speed, lang=language)
        return np.asarray(samples, dtype=np.float32)


if __name__ == "__main__":
    serve(lambda: Speaker(KokoroSource(Path(sys.argv[1]), json.loads(sys.argv[2]), threads=int(sys.argv[3]))))
