"""The form in which a recording lies on any disk: encrypted and authenticated piece by piece, as the call goes.

    magic, 8 bytes │ length of the header, 4 bytes │ header, JSON │ piece │ piece │ … │ last piece

A piece is its length in 4 bytes, the highest bit set on the last one, and AES-256-GCM of 16-bit PCM under the
recording's own key. Its nonce is its number and whether it is the last, and it is bound to the header: pieces can be
neither changed, swapped nor moved to another recording, and a cut is seen. What a crash left opens to its last piece.
"""

import base64
import hashlib
import io
import json
import os
import struct
import wave
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.adapters.recordings.keyring import KEY_BYTES, Keyring
from shared.kernel.errors import Malformed

MAGIC = b"REAREC1\n"
SAMPLE_RATE_HZ, CHANNELS, SAMPLE_BYTES = 8_000, 2, 2
_LAST = 1 << 31
_LENGTH = struct.Struct(">I")
_NONCE = struct.Struct(">QI")


class Tampered(Malformed):
    """The recording is not what was written."""


class Sealer:
    """Seals one recording. ``header`` is written first; it names the recording and holds its wrapped key."""

    def __init__(self, keyring: Keyring, *, name: str) -> None:
        data_key = os.urandom(KEY_BYTES)
        wrapped = keyring.wrap(data_key, about=_about(keyring.current, name))
        told = {"name": name, "key": keyring.current, "wrapped": base64.b64encode(wrapped).decode()}
        text = json.dumps(told).encode()
        self.header = MAGIC + _LENGTH.pack(len(text)) + text
        self._cipher = AESGCM(data_key)
        self._bound_to = hashlib.sha256(self.header).digest()
        self._number = 0

    def seal(self, pcm: bytes, *, is_last: bool = False) -> bytes:
        """The next piece. Nothing may follow the last one."""
        piece = self._cipher.encrypt(_NONCE.pack(self._number, is_last), pcm, self._bound_to)
        self._number += 1
        return _LENGTH.pack(len(piece) | (_LAST if is_last else 0)) + piece


@dataclass(frozen=True, kw_only=True)
class Unsealed:
    """The sound: 16-bit little-endian PCM at 8,000 Hz, left the caller, right the agent.

    ``is_whole`` is false when the end is missing: a crash came before it, or it was cut off.
    """

    name: str
    pcm: bytes
    is_whole: bool

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.pcm) / (SAMPLE_RATE_HZ * CHANNELS * SAMPLE_BYTES)

    def wav(self) -> bytes:
        """The sound as a WAV file."""
        out = io.BytesIO()
        with wave.open(out, "wb") as file:
            file.setnchannels(CHANNELS)
            file.setsampwidth(SAMPLE_BYTES)
            file.setframerate(SAMPLE_RATE_HZ)
            file.writeframes(self.pcm)
        return out.getvalue()


def unseal(sealed: bytes, keyring: Keyring, *, name: str) -> Unsealed:
    """Open the recording that should be called ``name``.

    Raises:
        Tampered: It is another one, or not as it was written.
        NoSuchKey: It was sealed with a key that is not on the ring.
    """
    told, at = _header(sealed)
    if told.name != name:
        raise Tampered("this is the recording of another call")
    data_key = keyring.unwrap(told.wrapped, name=told.key, about=_about(told.key, name))
    cipher, bound_to = AESGCM(data_key), hashlib.sha256(sealed[:at]).digest()
    pcm, number, is_last = bytearray(), 0, False
    while not is_last and at + _LENGTH.size <= len(sealed):
        (length,) = _LENGTH.unpack_from(sealed, at)
        is_last, length = bool(length & _LAST), length & ~_LAST
        piece = sealed[at + _LENGTH.size : at + _LENGTH.size + length]
        if len(piece) < length:
            return Unsealed(name=name, pcm=bytes(pcm), is_whole=False)
        try:
            pcm += cipher.decrypt(_NONCE.pack(number, is_last), piece, bound_to)
        except (InvalidTag, ValueError) as error:
            raise Tampered(f"piece {number} of the recording is not what was written") from error
        at, number = at + _LENGTH.size + length, number + 1
    if is_last and at < len(sealed):
        raise Tampered("something follows the end of the recording")
    return Unsealed(name=name, pcm=bytes(pcm), is_whole=is_last)


def _about(key: str, name: str) -> bytes:
    """What a wrapped key is bound to."""
    return MAGIC + json.dumps([key, name]).encode()


@dataclass(frozen=True, kw_only=True)
class _Header:
    name: str
    key: str
    wrapped: bytes


def _header(sealed: bytes) -> tuple[_Header, int]:
    """What the header says, and where the pieces begin."""
    start = len(MAGIC) + _LENGTH.size
    if not sealed.startswith(MAGIC) or len(sealed) < start:
        raise Tampered("this is no recording")
    (length,) = _LENGTH.unpack_from(sealed, len(MAGIC))
    try:
        told = json.loads(sealed[start : start + length])
        wrapped = base64.b64decode(told["wrapped"], validate=True)
        header = _Header(name=str(told["name"]), key=str(told["key"]), wrapped=wrapped)
    except (ValueError, KeyError, TypeError) as error:
        raise Tampered("the recording's header cannot be read") from error
    return header, start + length
