"""What the user of ``reauto evaluate conversation`` asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MANNERS = ("sensible", "slow", "malformed", "hallucinating", "hostile", "dying")
"""How a stand-in for Ollama can behave."""
AT_ONCE = 4
"""So many calls are played at once where a server makes each of them wait: as many as have a slot of their own."""
LEAST_SHARE = 0.95
"""Of the expectations that are not the law's, so many must be met."""


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What was asked for; ``places`` are files and folders of scenarios, ``names`` parts of their names."""

    places: Sequence[Path]
    names: tuple[str, ...] = ()
    brain: str = "scripted"
    manner: str | None = None
    passes: int = 1
    shows_all: bool = False
    compare: tuple[str, str] | None = None
    has_judge: bool = False
    as_json: bool = False
