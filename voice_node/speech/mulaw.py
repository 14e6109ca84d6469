"""G.711 mu-law: the 8-bit sound of the telephone."""

import numpy as np
from numpy.typing import NDArray

BIAS = 0x84
CLIP = 32_635


def _encode_table() -> NDArray[np.uint8]:
    """The code of every 16-bit sample, indexed by the sample read as unsigned."""
    samples = np.arange(65_536, dtype=np.uint16).view(np.int16).astype(np.int32)
    magnitude = np.minimum(np.abs(samples), CLIP) + BIAS
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    sign = np.where(samples < 0, 0x80, 0)
    return np.asarray(~(sign | (exponent << 4) | mantissa) & 0xFF, dtype=np.uint8)


def _decode_table() -> NDArray[np.int16]:
    """The 16-bit sample of every code."""
    codes = ~np.arange(256, dtype=np.int32) & 0xFF
    exponent, mantissa = (codes >> 4) & 0x07, codes & 0x0F
    magnitude = (((mantissa << 3) + BIAS) << exponent) - BIAS
    return np.where(codes & 0x80, -magnitude, magnitude).astype(np.int16)


ENCODE, DECODE = _encode_table(), _decode_table()


def to_mulaw(pcm: bytes) -> bytes:
    """Mu-law bytes, one a sample, of 16-bit little-endian mono PCM."""
    codes: NDArray[np.uint8] = ENCODE[np.frombuffer(pcm, dtype="<u2")]
    return codes.tobytes()


def from_mulaw(mulaw: bytes) -> bytes:
    """16-bit little-endian mono PCM of mu-law bytes."""
    # The machines this runs on are little-endian, and so is the table.
    samples: NDArray[np.int16] = DECODE[np.frombuffer(mulaw, dtype=np.uint8)]
    return samples.tobytes()
