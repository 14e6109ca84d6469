"""What goes on behind the gateway: the queues and the schedules of the template."""

import threading
from typing import Protocol

from infra.local.queues import MessageStore, QueueRunner
from infra.local.runner import Runner
from infra.local.schedules import ScheduleRunner
from infra.local.template import Template
from shared.kernel.clock import Clock


class Work(Protocol):
    """Work that goes on beside the gateway, in this process or in another."""

    def start(self) -> None:
        """Begin."""
        ...

    def wake(self) -> None:
        """Look at the queues at once: a request may have written messages."""
        ...

    def stop(self) -> None:
        """Finish what is in hand, and end."""
        ...


class Backstage:
    """Queues and schedules in threads of this process.

    Args:
        clock: The civil clock, by which messages and schedules become due.
        rate: How much faster than the machine's the clock runs.
    """

    def __init__(self, template: Template, *, store: MessageStore, clock: Clock, rate: float = 1.0) -> None:
        self._wake = threading.Event()
        runner = Runner(template.functions.values(), after=self.wake)
        self._queues = QueueRunner(template, store=store, runner=runner, clock=clock, wake=self._wake, rate=rate)
        self._schedules = ScheduleRunner(template, runner=runner, clock=clock)

    def start(self) -> None:
        """Begin to poll and to tick."""
        self._queues.start()
        self._schedules.start()

    def wake(self) -> None:
        """Look at the queues at once."""
        self._wake.set()

    def stop(self) -> None:
        """Take nothing more and finish what is in hand."""
        self._schedules.stop()
        self._queues.stop()
