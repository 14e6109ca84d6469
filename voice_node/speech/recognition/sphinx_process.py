"""PocketSphinx as a process: ``python -m voice_node.speech.recognition.sphinx_process LM DICT DECODERS``.

Decoding holds the interpreter's lock, so it happens here and never beside the node's audio.
Frames are served in the order they come; utterances of several calls go on side by side.
"""

import sys
from pathlib import Path
from typing import IO

from shared.kernel.errors import Unavailable
from voice_node.speech.bandwidth import load_weights
from voice_node.speech.decoder import Decoder
from voice_node.speech.framing import Kind, Message, read_message, write_message
from voice_node.speech.recognition.guesses import encode_guess
from voice_node.speech.spectra import WIDE_RATE_HZ
from voice_node.speech.speech_model import SpeechModel

PARTIAL_EVERY_BYTES = WIDE_RATE_HZ // 10
"""A tenth of a second of 16-bit sound at 8,000 Hz."""


class Hearing:
    """One utterance being decoded."""

    def __init__(self, decoder: Decoder) -> None:
        self.decoder = decoder
        self._since_partial = 0
        self._said = ""
        decoder.start()

    def hear(self, pcm: bytes) -> str | None:
        """Take the next sound; the new best guess, when it is time for one and it has changed."""
        self.decoder.hear(pcm)
        self._since_partial += len(pcm)
        if self._since_partial < PARTIAL_EVERY_BYTES:
            return None
        self._since_partial = 0
        guess = self.decoder.so_far()
        if guess == self._said:
            return None
        self._said = guess
        return guess


class Decoders:
    """Serves frames until the node closes the pipe."""

    def __init__(self, model: SpeechModel, decoders: int) -> None:
        self._model = model
        self._weights = load_weights()
        self._idle = [Decoder(model, self._weights) for _ in range(decoders)]
        self._open: dict[int, Hearing] = {}

    def serve(self, requests: IO[bytes], answers: IO[bytes]) -> None:
        """Answer every frame in turn."""
        write_message(answers, Message(kind=Kind.READY))
        while message := read_message(requests):
            if answer := self._answer(message):
                write_message(answers, answer)

    def _answer(self, message: Message) -> Message | None:
        request = message.request
        match message.kind:
            case Kind.OPEN:
                self._open[request] = Hearing(self._decoder())
            case Kind.SOUND if hearing := self._open.get(request):
                guess = hearing.hear(message.payload)
                if guess is not None:
                    return Message(kind=Kind.PARTIAL, request=request, payload=encode_guess(guess))
            case Kind.FINISH if hearing := self._open.pop(request, None):
                heard = hearing.decoder.finish()
                self._idle.append(hearing.decoder)
                return Message(kind=Kind.DONE, request=request, payload=encode_guess(heard))
            case Kind.CANCEL if hearing := self._open.pop(request, None):
                hearing.decoder.finish()
                self._idle.append(hearing.decoder)
        return None

    def _decoder(self) -> Decoder:
        return self._idle.pop() if self._idle else Decoder(self._model, self._weights)


def main() -> None:
    """Load the decoders, say that they are ready, serve."""
    language_model, dictionary, ready = sys.argv[1:]
    model = SpeechModel(language_model=Path(language_model), dictionary=Path(dictionary))
    try:
        decoders = Decoders(model, int(ready))
    except Unavailable as missing:
        write_message(sys.stdout.buffer, Message(kind=Kind.FAILED, payload=str(missing).encode()))
        return
    decoders.serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
