"""What the user of ``reauto demo`` asked for."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the user asked for."""

    personas: Path
    at: datetime | None
    concurrency: int
    port: int
    out: Path
    keep: bool
    as_json: bool
