"""The embedded voice: eSpeak NG, in a process of its own, as an asyncio client."""

from importlib.metadata import PackageNotFoundError, version

from voice_node.speech.synthesis.process_engine import ProcessEngine

MODULE = "voice_node.speech.espeak_process"


class EspeakEngine(ProcessEngine):
    """Speech for any number of calls at once. It speaks a voice by the voice's own name."""

    def __init__(self) -> None:
        super().__init__(MODULE, name="espeak", version=_version())


def _version() -> str:
    """The version of the wheel that brings the library; the library itself is never loaded here."""
    try:
        return version("espeakng-loader")
    except PackageNotFoundError:
        return "missing"
