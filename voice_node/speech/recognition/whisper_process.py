"""Whisper as a process: ``python -m voice_node.speech.recognition.whisper_process FOLDER DEVICE THREADS ROOM``.

One model for all calls of a worker. Sound is taken in by a thread of its own while the model works, so the pipe never
fills; the model serves final texts first, then whoever has waited longest for a guess. Beyond ROOM utterances at once
it refuses: a queue that grows would make everybody wait.
"""

import sys
from pathlib import Path
from threading import Condition, Thread
from typing import IO

import numpy as np

from shared.kernel.errors import Unavailable
from voice_node.speech.framing import Kind, Message, read_message, write_message
from voice_node.speech.recognition.guesses import encode_guess
from voice_node.speech.recognition.rolling_windows import RollingWindows
from voice_node.speech.recognition.whisper_model import WhisperModel
from voice_node.speech.spectra import WIDE_RATE_HZ, Floats

WARM_UP = np.random.default_rng(1).normal(0.0, 0.01, WIDE_RATE_HZ)


class WhisperServer:
    """Serves frames until the node closes the pipe."""

    def __init__(self, model: WhisperModel, *, room: int, answers: IO[bytes]) -> None:
        self._model = model
        self._room = room
        self._answers = answers
        self._open: dict[int, RollingWindows] = {}
        self._changed = Condition()
        self._is_over = False

    def serve(self, requests: IO[bytes]) -> None:
        """Answer until no more is asked."""
        self._model.transcribe([WARM_UP])
        self._say(Message(kind=Kind.READY))
        reader = Thread(target=self._read, args=(requests,), daemon=True)
        reader.start()
        while batch := self._next():
            guesses = self._model.transcribe([sound for _, sound in batch.values()])
            with self._changed:
                for (request, (windows, _)), guess in zip(batch.items(), guesses, strict=True):
                    agreed = windows.heard(guess)
                    if agreed is not None and not windows.is_answered and request in self._open:
                        self._say(_guess(Kind.PARTIAL, request, agreed, guess.confidence))
        reader.join()

    def _read(self, requests: IO[bytes]) -> None:
        while message := read_message(requests):
            with self._changed:
                self._take(message)
                self._changed.notify()
        with self._changed:
            self._is_over = True
            self._changed.notify()

    def _take(self, message: Message) -> None:
        request = message.request
        match message.kind:
            case Kind.OPEN if len(self._open) >= self._room:
                self._say(Message(kind=Kind.FAILED, request=request, payload=b"the recogniser hears too many at once"))
            case Kind.OPEN:
                self._open[request] = RollingWindows()
            case Kind.SOUND if windows := self._open.get(request):
                windows.hear(message.payload)
            case Kind.FINISH if windows := self._open.get(request):
                windows.finish()
            case Kind.CANCEL:
                self._open.pop(request, None)

    def _next(self) -> dict[int, tuple[RollingWindows, Floats]]:
        """Who is to be heard next, and their sound; nobody when no more will be asked."""
        with self._changed:
            while not self._is_over:
                self._tell_finals()
                waiting = {request: each for request, each in self._open.items() if each.is_due}
                chosen = {request: each for request, each in waiting.items() if each.ended} or waiting
                if chosen:
                    batch = list(chosen)[: self._model.batch]
                    for request in batch:  # to the end of the line
                        self._open[request] = self._open.pop(request)
                    return {request: (chosen[request], chosen[request].sound()) for request in batch}
                self._changed.wait()
        return {}

    def _tell_finals(self) -> None:
        for request in [request for request, each in self._open.items() if each.is_answered]:
            text, confidence = self._open.pop(request).final
            self._say(_guess(Kind.DONE, request, text, confidence))

    def _say(self, message: Message) -> None:
        write_message(self._answers, message)


def _guess(kind: Kind, request: int, text: str, confidence: float | None) -> Message:
    return Message(kind=kind, request=request, payload=encode_guess(text, confidence))


def main() -> None:
    """Load the model, say that it is ready, serve."""
    folder, device, threads, room = sys.argv[1:]
    try:
        model = WhisperModel(Path(folder), device=device, threads=int(threads))
    except Unavailable as missing:
        write_message(sys.stdout.buffer, Message(kind=Kind.FAILED, payload=str(missing).encode()))
        return
    WhisperServer(model, room=int(room), answers=sys.stdout.buffer).serve(sys.stdin.buffer)


if __name__ == "__main__":
    main()
