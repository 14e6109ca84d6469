"""Names of towns, to know one in words that nobody capitalised."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "towns.txt"
NICKNAMES = {
    "sf": "san francisco", "san fran": "san francisco", "sfo": "san francisco", "la": "los angeles",
    "nyc": "new york", "new york city": "new york", "vegas": "las vegas", "philly": "philadelphia", "dc": "washington",
    "nola": "new orleans", "slc": "salt lake city", "okc": "oklahoma city", "san antone": "san antonio",
    "indy": "indianapolis", "cincy": "cincinnati", "jax": "jacksonville",
}  # fmt: skip
"""What towns are called that say it shorter."""

_MOST_WORDS = 4


@cache
def towns() -> frozenset[str]:
    """Every town of the list, in plain words."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def town_at(words: Sequence[str], place: int) -> tuple[str, int]:
    """The longest town that starts at ``place`` and how many words it takes; an empty name when none does."""
    known = towns()
    for length in range(_MOST_WORDS, 0, -1):
        said = " ".join(words[place : place + length])
        for name in (said, NICKNAMES.get(said, ""), said.removesuffix("s")):
            if name in known:
                return name, length
    return "", 0
