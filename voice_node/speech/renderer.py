"""The same voice for code without an event loop: whole utterances, one at a time."""

import subprocess
import sys
from types import TracebackType
from typing import Self

from shared.kernel.errors import Unavailable
from voice_node.speech.engine_process import ROOT, STOP_SECONDS
from voice_node.speech.espeak import MODULE
from voice_node.speech.framing import Kind, Message, read_message, write_message
from voice_node.speech.mulaw import to_mulaw
from voice_node.speech.synthesis.process_engine import refusal, say_message
from voice_node.speech.voice import Voice


class Renderer:
    """A context manager: ``with Renderer() as renderer: renderer.mulaw(text, voice)``.

    Raises:
        Unavailable: eSpeak NG is not installed, does not start or died.
    """

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", MODULE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )
        first = self._read()
        if first.kind is not Kind.READY:
            self.__exit__(None, None, None)
            raise Unavailable(first.payload.decode())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(STOP_SECONDS)
        self._process.stdout.close()

    def pcm(self, text: str, voice: Voice) -> bytes:
        """The text as 16-bit little-endian mono PCM at 8,000 Hz.

        Raises:
            UnknownVoice: eSpeak NG has no such voice.
        """
        assert self._process.stdin
        write_message(self._process.stdin, say_message(1, text, voice))
        pieces: list[bytes] = []
        while (answer := self._read()).kind is Kind.AUDIO:
            pieces.append(answer.payload)
        if answer.kind is Kind.FAILED:
            raise refusal("espeak", answer.payload)
        return b"".join(pieces)

    def mulaw(self, text: str, voice: Voice) -> bytes:
        """The text as mu-law at 8,000 Hz, one byte a sample; raises like ``pcm``."""
        return to_mulaw(self.pcm(text, voice))

    def _read(self) -> Message:
        assert self._process.stdout
        message = read_message(self._process.stdout)
        if message is None:
            raise Unavailable("the speech engine died")
        return message
