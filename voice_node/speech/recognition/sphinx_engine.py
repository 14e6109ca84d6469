"""PocketSphinx, the embedded recogniser: it needs no weights beyond those in its package."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from voice_node.speech.recognition.port import EngineFacts
from voice_node.speech.recognition.process_pool import ProcessPool
from voice_node.speech.speech_model import prepare_model

NAME = "pocketsphinx"
SLOWEST_FINAL_SECONDS = 0.3


def sphinx_engine(
    cache: Path, *, processes: int = 2, decoders: int = 4, own_phrases: Path | None = None
) -> ProcessPool:
    """The recogniser of a worker, not started.

    Args:
        cache: A folder for the language model and dictionary; made when missing.
        processes: How many decoder processes; one a core is enough.
        decoders: Utterances each process can hear at once without loading another decoder (15 ms).
        own_phrases: A file of sentences to expect besides our own, one a line.
    """

    def prepare() -> tuple[str, ...]:
        model = prepare_model(cache, own_phrases)
        return str(model.language_model), str(model.dictionary), str(decoders)

    facts = EngineFacts(
        name=NAME,
        vendor="pocketsphinx",
        version=f"pocketsphinx {installed(NAME)}",
        slowest_final_seconds=SLOWEST_FINAL_SECONDS,
    )
    return ProcessPool(
        facts, module="voice_node.speech.recognition.sphinx_process", prepare=prepare, processes=processes
    )


def installed(package: str) -> str:
    """The version of an installed package, ``"not installed"`` when it is not there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
