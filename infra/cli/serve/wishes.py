"""What the user of ``reauto serve`` asked for."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class ServeWishes:
    """Ports 0 take free ones; ``personas`` are who a simulated carrier rings, ``None`` means a real one."""

    port: int
    node_port: int
    slots: int
    personas: Path | None
    as_json: bool
