"""What a template tells about functions, their triggers and their queues."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class HttpEvent:
    """One route of the REST API: ``path`` like ``/v1/twilio/answer/{attempt}``; ``method`` upper case or ``ANY``."""

    path: str
    method: str


@dataclass(frozen=True, kw_only=True)
class QueueEvent:
    """How a function reads a queue; ``queue`` is a logical id, ``max_concurrency`` counts batches at once.

    A batch that is not full may be waited for up to ``gather_seconds``.
    """

    queue: str
    batch_size: int = 10
    reports_item_failures: bool = False
    max_concurrency: int | None = None
    gather_seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class ScheduleEvent:
    """When a function runs by itself; ``input`` is the JSON text handed to it, ``is_rule`` tells the older kind."""

    name: str
    expression: str
    timezone: str = "UTC"
    input: str | None = None
    is_rule: bool = False
    is_enabled: bool = True


@dataclass(frozen=True, kw_only=True)
class Function:
    """One Lambda function: its handler as ``package.module.name``, its limits and its triggers.

    ``environment`` maps each variable to its value, or to ``None`` when only a deployed stack knows it.
    """

    name: str
    handler: str
    timeout_seconds: int = 3
    memory_mb: int = 128
    environment: Mapping[str, str | None] = field(default_factory=dict)
    http: tuple[HttpEvent, ...] = ()
    queues: tuple[QueueEvent, ...] = ()
    schedules: tuple[ScheduleEvent, ...] = ()
    is_on_one_machine: bool = True


@dataclass(frozen=True, kw_only=True)
class Queue:
    """One queue: how long a message stays with its reader, and how often it is tried before it is laid aside."""

    name: str
    visibility_seconds: int = 30
    max_receives: int | None = None
    dead_letters: str | None = None

    @property
    def topic(self) -> str:
        """The outbox's word for it: ``CheckNumberQueue`` is ``check_number``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.name.removesuffix("Queue")).lower()
