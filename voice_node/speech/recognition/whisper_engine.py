"""Whisper on this machine: one model for all calls of a worker, in a process of its own."""

from pathlib import Path

from voice_node.speech.recognition.port import EngineFacts
from voice_node.speech.recognition.process_pool import ProcessPool
from voice_node.speech.recognition.sphinx_engine import installed
from voice_node.speech.recognition.whisper_folder import whisper_folder

NAME = "whisper"
SLOWEST_FINAL_SECONDS = 0.7
"""Mostly the final text is there with the end of speech; a model that is still at it needs one pass over the sound."""


def whisper_engine(models: Path, model: str, *, device: str = "auto", threads: int = 1, room: int = 32) -> ProcessPool:
    """The recogniser of a worker, not started.

    Args:
        models: The folder for models.
        model: Which one, such as ``whisper-base.en``.
        device: ``cpu``, ``cuda``, or ``auto``.
        threads: Of one inference on the CPU.
        room: Utterances heard at once; further ones are refused.
    """

    def prepare() -> tuple[str, ...]:
        return str(whisper_folder(models, model).absolute()), device, str(threads), str(room)

    facts = EngineFacts(
        name=NAME,
        vendor="whisper",
        version=f"faster-whisper {installed('faster-whisper')} {model}",
        slowest_final_seconds=SLOWEST_FINAL_SECONDS,
    )
    return ProcessPool(facts, module="voice_node.speech.recognition.whisper_process", prepare=prepare, processes=1)
