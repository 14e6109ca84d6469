"""Vectors for texts: those that share words and parts of words point the same way."""

import math
import re
from zlib import crc32

DIMENSIONS = 256


def embedding(text: str) -> list[float]:
    """A vector of length one."""
    vector = [0.0] * DIMENSIONS
    for word in re.findall(r"[a-z0-9']+", text.lower()):
        padded = f"<{word}>"
        for part in (word, *(padded[place : place + 3] for place in range(len(padded) - 2))):
            vector[crc32(part.encode()) % DIMENSIONS] += 2.0 if part == word else 0.5
    length = math.sqrt(sum(each * each for each in vector)) or 1.0
    return [each / length for each in vector]
