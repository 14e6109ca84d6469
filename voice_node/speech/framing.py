"""How the node and its engine processes talk: small length-prefixed frames over two pipes."""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import IO

HEADER = struct.Struct("<IBI")
MAX_PAYLOAD = 16 * 1024 * 1024


class Kind(IntEnum):
    """What a frame says. The first group goes to an engine, the second comes back."""

    SAY = 1
    OPEN = 2
    SOUND = 3
    FINISH = 4
    CANCEL = 5

    READY = 16
    AUDIO = 17
    PARTIAL = 18
    DONE = 19
    FAILED = 20


@dataclass(frozen=True, kw_only=True)
class Message:
    """One frame: its kind, the request it belongs to (0 for none) and its bytes."""

    kind: Kind
    request: int = 0
    payload: bytes = b""

    def encoded(self) -> bytes:
        """The frame as bytes: payload length, kind, request, payload; little-endian."""
        return HEADER.pack(len(self.payload), self.kind, self.request) + self.payload


def decode_header(header: bytes) -> tuple[int, Kind, int]:
    """The payload length, kind and request of an encoded frame's first bytes."""
    length, kind, request = HEADER.unpack(header)
    if length > MAX_PAYLOAD:
        raise ValueError(f"a frame of {length} bytes is not ours")
    return length, Kind(kind), request


def read_message(stream: IO[bytes]) -> Message | None:
    """The next frame of a blocking stream, or ``None`` when the other side is gone."""
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    length, kind, request = decode_header(header)
    payload = stream.read(length)
    if len(payload) < length:
        return None
    return Message(kind=kind, request=request, payload=payload)


def write_message(stream: IO[bytes], message: Message) -> None:
    """Send one frame and flush it."""
    stream.write(message.encoded())
    stream.flush()
