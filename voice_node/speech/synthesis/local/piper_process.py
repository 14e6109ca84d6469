"""The Piper engine as a process: ``python -m voice_node.speech.synthesis.local.piper_process FOLDER CAST THREADS``.

Piper is GPL-3: it is imported here and nowhere else.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from piper import PiperVoice, SynthesisConfig
from piper.config import PiperConfig

from voice_node.speech.speaker import Speaker
from voice_node.speech.synthesis.local.cast import NORMAL_WORDS_PER_MINUTE, cast_as
from voice_node.speech.synthesis.local.models import MissingModel, find_files, open_session
from voice_node.speech.synthesis.serving import serve
from voice_node.speech.voice import Voice


class PiperSource:
    """The voices of a cast, loaded once.

    Raises:
        MissingModel: A voice of the cast is not there.
    """

    def __init__(self, folder: Path, cast: Mapping[str, str], *, threads: int) -> None:
        self._cast = cast
        self._loaded = {name: _load(folder, name, threads) for name in sorted(set(cast.values()))}
        self._voice = next(iter(self._loaded.values()))
        self._config = SynthesisConfig()

    @property
    def sample_rate_hz(self) -> int:
        """Of the voice in use."""
        return int(self._voice.config.sample_rate)

    def use(self, voice: Voice) -> None:
        """Speak as the cast says, as fast as asked; Piper knows no pitch."""
        self._voice = self._loaded[cast_as(self._cast, voice)]
        slower = NORMAL_WORDS_PER_MINUTE / voice.words_per_minute
        # Not normalised: every clause would become as loud as its loudest sound.
        self._config = SynthesisConfig(length_scale=self._voice.config.length_scale * slower, normalize_audio=False)

    def say(self, text: str, unwanted: Callable[[], bool] = lambda: False) -> NDArray[np.float32]:
        """One sentence after the other, until nobody wants more."""
        pieces: list[NDArray[np.float32]] = []
        for chunk in self._voice.synthesize(text, self._config):
            pieces.append(np.atleast_1d(chunk.audio_float_array))
            if unwanted():
                break
        return np.concatenate(pieces) if pieces else np.empty(0, dtype=np.float32)


def _load(folder: Path, name: str, threads: int) -> PiperVoice:
    model = f"piper-{name}"
    path, described = find_files(folder, model, f"{name}.onnx", f"{name}.onnx.json")
    try:
        config = PiperConfig.from_dict(json.loads(described.read_text(encoding="utf-8")))
    except (ValueError, KeyError) as unreadable:
        raise MissingModel(model, folder, is_damaged=True) from unreadable
    return PiperVoice(session=open_session(path, model=model, folder=folder, threads=threads), config=config)


if __name__ == "__main__":
    serve(lambda: Speaker(PiperSource(Path(sys.argv[1]), json.loads(sys.argv[2]), threads=int(sys.argv[3]))))
