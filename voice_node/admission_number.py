"""How many calls one worker holds: told by the settings, or measured by the voice benchmark and left in a file."""

import logging
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.settings import WorkerSettings

log = logging.getLogger(__name__)
SAFE_SLOTS = 8
"""What any core of the last years holds, as long as nobody has measured this one."""


class AdmissionNumber(BaseModel):
    """What ``make bench SUITE=voice`` found: the most calls at once that one worker answers in time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    calls_per_worker: int = Field(ge=1, le=100)

    def write(self, path: Path) -> None:
        """Leave it for the next start of the node; nobody ever reads half of it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(self.model_dump_json(), encoding="utf-8")
        fresh.replace(path)


def measured(path: Path) -> int | None:
    """The number that was left there; a file that cannot be read counts as none."""
    try:
        return AdmissionNumber.model_validate_json(path.read_bytes()).calls_per_worker
    except FileNotFoundError:
        return None
    except (OSError, ValidationError):
        log.warning("The admission number cannot be read", extra={"file": str(path)})
        return None


def slots_of(settings: WorkerSettings) -> int:
    """The slots of one worker."""
    return settings.slots or measured(settings.admission) or SAFE_SLOTS
