"""The number of calls a worker may hold, as it was measured on this machine."""

import json
import os
from pathlib import Path


def write_admission(calls: int, file: Path) -> None:
    """Keep the number beside the machine it belongs to."""
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = {"version": 1, "calls_per_worker": calls, "processors": os.cpu_count()}
    file.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
