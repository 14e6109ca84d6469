"""The number of calls a worker may hold, as it was measured on this machine; light, for whoever starts workers."""

import json
import os
from pathlib import Path

FILE = Path("build/bench/voice-admission.json")


def write_admission(calls: int, file: Path = FILE) -> None:
    """Keep the number beside the machine it belongs to."""
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = {"version": 1, "calls_per_worker": calls, "processors": os.cpu_count()}
    file.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def measured_calls(file: Path = FILE) -> int | None:
    """The number, when it was measured with as many processors as there are now and is one to work with."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        if kept["version"] != 1 or kept["processors"] != os.cpu_count():
            return None
        return int(kept["calls_per_worker"]) or None
    except (OSError, ValueError, KeyError, TypeError):  # not measured here, or by another version
        return None
