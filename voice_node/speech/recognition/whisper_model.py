"""A Whisper model by faster-whisper: sound in, what it makes of it out. Used inside the engine's process."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from voice_node.speech.recognition.faults import ModelMissing
from voice_node.speech.recognition.hallucination import Hypothesis
from voice_node.speech.spectra import WIDE_RATE_HZ, Floats

TOKENS_PER_SECOND, TOKENS_AT_ONCE = 8, 16
"""More text than this is nothing that was said; without a limit a repeating model takes seconds to stop."""
POSITIONS = 448
"""Of the decoder; the library lets half of ``max_length`` be new text."""
BATCH_ON_GPU = 8


class WhisperModel:
    """One model in memory.

    Args:
        folder: The model in CTranslate2's format, complete: with a file lacking the library would go and fetch it.
        device: ``cpu``, ``cuda``, or ``auto`` for whichever is there.
        threads: Of one inference on the CPU.

    Raises:
        ModelMissing: The files are not a model, or the library is missing.
    """

    def __init__(self, folder: Path, *, device: str = "auto", threads: int = 1) -> None:
        try:
            import faster_whisper
            from faster_whisper.tokenizer import Tokenizer
            from faster_whisper.transcribe import get_suppressed_tokens
        except ImportError as missing:
            raise ModelMissing(
                "speech recognition by Whisper is missing: install the package faster-whisper"
            ) from missing
        try:
            self._whisper: Any = faster_whisper.WhisperModel(
                str(folder), device=device, compute_type="auto", cpu_threads=threads, local_files_only=True
            )
        except (RuntimeError, ValueError) as broken:
            raise ModelMissing(f"the model in {folder} cannot be loaded: {broken}") from broken
        self._tokenizer: Any = Tokenizer(
            self._whisper.hf_tokenizer, self._whisper.model.is_multilingual, task="transcribe", language="en"
        )
        self._suppressed = [token for token in get_suppressed_tokens(self._tokenizer, [-1]) if token is not None]
        self._prompt: list[int] = self._whisper.get_prompt(self._tokenizer, [], without_timestamps=True)

    @property
    def batch(self) -> int:
        """How many sounds are best heard at once: on a CPU the first answer comes soonest one by one."""
        return BATCH_ON_GPU if self._whisper.model.device == "cuda" else 1

    def transcribe(self, sounds: Sequence[Floats]) -> list[Hypothesis]:
        """What was said in each sound: samples from -1 to 1 at 16,000 Hz, at most 30 s."""
        longest = max(len(sound) for sound in sounds) / WIDE_RATE_HZ
        results = self._whisper.model.generate(
            self._whisper.encode(np.stack([self._features(sound) for sound in sounds])),
            [self._prompt] * len(sounds),
            beam_size=1,
            max_length=min(POSITIONS, 2 * (round(TOKENS_PER_SECOND * longest) + TOKENS_AT_ONCE)),
            suppress_tokens=self._suppressed,
            return_scores=True,
            return_no_speech_prob=True,
        )
        return [self._hypothesis(result, sound) for result, sound in zip(results, sounds, strict=True)]

    def _features(self, sound: Floats) -> Floats:
        from faster_whisper.audio import pad_or_trim

        return np.asarray(pad_or_trim(self._whisper.feature_extractor(sound.astype(np.float32))[..., :-1]))

    def _hypothesis(self, result: Any, sound: Floats) -> Hypothesis:
        tokens = result.sequences_ids[0]
        return Hypothesis(
            text=self._tokenizer.decode(tokens).strip(),
            average_logprob=result.scores[0] * len(tokens) / (len(tokens) + 1),
            no_speech=result.no_speech_prob,
            seconds=len(sound) / WIDE_RATE_HZ,
        )
