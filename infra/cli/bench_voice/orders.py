"""What the suite tells the processes it starts; each reads its order from a file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from infra.cli.bench_voice.delays import Delays

SECRET = "a secret between the benchmark and its node"  # noqa: S105 - it opens nothing else
EPOCH = "bench"
CIVIL_MOMENT = datetime(2026, 3, 10, 18, tzinfo=UTC)
"""The clock of our node stands still."""


class _Order(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    version: Literal[1] = 1


Order = TypeVar("Order", bound=_Order)
Manner = Literal["talks", "interrupts", "murmurs", "pauses", "hangs_up"]


class SystemOrder(_Order):
    """A system under test. ``notes`` is the file its reports go to; ``has_models`` is false when none answers.

    ``is_scripted`` has every reply spoken from the script, so that no language model is waited for. ``workers`` are
    the names of our node's. ``premium_url`` is where the premium voice's vendor answers, if our node has one.
    """

    port: int
    corpus: Path
    notes: Path
    delays: Delays
    slots: int = 100
    workers: tuple[str, ...] = ()
    has_models: bool = True
    is_scripted: bool = False
    premium_url: str = ""


class CallOrder(_Order):
    """One call: where the stream goes, when it begins (seconds after the others), how the person behaves."""

    url: str
    token: str
    attempt: str
    starts: float
    seconds: float
    manner: Manner
    seed: int


class CrowdOrder(_Order):
    """The calls of one process. ``tracks`` is where it leaves what it noted."""

    corpus: Path
    tracks: Path
    calls: tuple[CallOrder, ...]


def write_order(order: _Order, file: Path) -> Path:
    """Leave an order for a process."""
    file.write_text(order.model_dump_json(), encoding="utf-8")
    return file


def read_order(kind: type[Order], file: Path) -> Order:
    """The order that was left."""
    return kind.model_validate_json(file.read_text(encoding="utf-8"))
