"""Sound as a telephone delivers it, for tests."""

from collections.abc import Iterator

from voice_node.speech.mulaw import from_mulaw
from voice_node.speech.renderer import Renderer
from voice_node.speech.voice import Voice

CALLER = Voice(name="en-us+klatt3")
SILENCE = bytes(4_000)
CHUNK_BYTES = 640


def over_the_line(renderer: Renderer, text: str, voice: Voice = CALLER) -> bytes:
    """A spoken text with a quarter of a second of silence around it, once through mu-law."""
    return SILENCE + from_mulaw(renderer.mulaw(text, voice)) + SILENCE


def chunks(pcm: bytes) -> Iterator[bytes]:
    """The sound in pieces of 40 ms."""
    for start in range(0, len(pcm), CHUNK_BYTES):
        yield pcm[start : start + CHUNK_BYTES]
