"""What a person asks a chaos suite for."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """``times`` is for ``interrupt``; ``attempts`` (a tenth of them on a database) and ``repeats`` are for ``dial``."""

    seed: int = 1
    times: int = 10
    attempts: int = 100_000
    repeats: int = 20
