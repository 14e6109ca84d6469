"""A guess on its way through an engine's pipe: its confidence, then its text."""

import math
import struct

CONFIDENCE = struct.Struct("<f")


def encode_guess(text: str, confidence: float | None = None) -> bytes:
    """The payload of a ``PARTIAL`` or ``DONE`` frame: confidence (NaN for none) as a float, the text as UTF-8."""
    return CONFIDENCE.pack(math.nan if confidence is None else confidence) + text.encode()


def decode_guess(payload: bytes) -> tuple[str, float | None]:
    """The text and the confidence of such a payload."""
    (confidence,) = CONFIDENCE.unpack_from(payload)
    return payload[CONFIDENCE.size :].decode(), None if math.isnan(confidence) else confidence
