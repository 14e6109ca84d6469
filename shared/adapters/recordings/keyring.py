"""The keys that recordings are sealed with: each recording has a key of its own, wrapped by one of these."""

import base64
import binascii
import os
import re
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.kernel.errors import Malformed, Refused

KEY_BYTES = 32
NONCE_BYTES = 12
_NAME = re.compile(r"[A-Za-z0-9._-]{1,40}")
HOW = "write RECORDING_KEYS as id:key, each key 32 bytes in base64, such as k1:$(openssl rand -base64 32)"


class NoSuchKey(Refused):
    """The recording was sealed with a key that is not on the ring."""


class Keyring:
    """Keys by their names. ``current`` wraps; every key unwraps, so that a new one can replace it at any time."""

    def __init__(self, keys: Mapping[str, bytes], *, current: str) -> None:
        self._keys = {name: AESGCM(key) for name, key in keys.items()}
        self.current = current

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """The ring that ``id:key, id:key`` tells of; the first key is the current one.

        Raises:
            Malformed: It tells of none; what it says is not repeated.
        """
        keys: dict[str, bytes] = {}
        for each in filter(None, (part.strip() for part in text.split(","))):
            name, _, encoded = each.partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except binascii.Error:
                key = b""
            if len(key) != KEY_BYTES or not _NAME.fullmatch(name) or name in keys:
                raise Malformed(HOW)
            keys[name] = key
        if not keys:
            raise Malformed(HOW)
        return cls(keys, current=next(iter(keys)))

    def wrap(self, data_key: bytes, *, about: bytes) -> bytes:
        """A recording's key, sealed with the current one for the recording that ``about`` tells of."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._keys[self.current].encrypt(nonce, data_key, about)

    def unwrap(self, wrapped: bytes, *, name: str, about: bytes) -> bytes:
        """A recording's key.

        Raises:
            NoSuchKey: It was sealed with a key that is not here.
            Malformed: It was tampered with.
        """
        key = self._keys.get(name)
        if key is None:
            raise NoSuchKey(f"the recording was sealed with the key {name!r}, which RECORDING_KEYS does not name")
        try:
            return key.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], about)
        except (InvalidTag, ValueError) as error:
            raise Malformed("the recording's key does not open: it was tampered with, or the key is another") from error


def new_key(name: str = "k1") -> str:
    """A ring of one fresh key, as ``parse`` reads it."""
    return f"{name}:{base64.b64encode(os.urandom(KEY_BYTES)).decode()}"
