"""EventBridge on one machine: runs scheduled functions when the civil clock says so."""

import json
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any

from infra.local.expressions import Cron, Rate, parse_expression
from infra.local.runner import ACCOUNT, REGION, FunctionFailed, Runner, survive
from infra.local.template import Template
from infra.local.template_nouns import Function, ScheduleEvent
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id

POLL_SECONDS = 0.1
THREADS = 8


class ScheduleRunner:
    """Fires every enabled schedule of a template; one run of each at a time.

    A schedule whose time came while it still ran, or while nobody looked, runs once for all that it missed.

    Args:
        clock: The civil clock, which may run faster than the machine's.
    """

    def __init__(self, template: Template, *, runner: Runner, clock: Clock) -> None:
        self._runner = runner
        self._clock = clock
        now = clock.now()
        self._schedules = [
            _Schedule(function, event, now=now)
            for function in template.functions.values()
            for event in function.schedules
            if event.is_enabled
        ]
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="schedule")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="schedules", daemon=True)

    def start(self) -> None:
        """Begin to watch the clock."""
        self._thread.start()

    def stop(self) -> None:
        """Fire no more and let those that run finish."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self._pool.shutdown(wait=True)

    def tick(self) -> None:
        """Fire what is due now."""
        now = self._clock.now()
        for schedule in self._schedules:
            due = schedule.take(now)
            if due is not None:
                schedule.run = self._pool.submit(self._fire, schedule, due)

    def _loop(self) -> None:
        while not self._stopping.wait(POLL_SECONDS):
            survive(self.tick, name="schedules")

    def _fire(self, schedule: "_Schedule", due: datetime) -> None:
        survive(partial(self._invoke, schedule, due), name=schedule.event.name)

    def _invoke(self, schedule: "_Schedule", due: datetime) -> None:
        try:
            self._runner.invoke(schedule.function, scheduler_event(schedule.event, due=due))
        except FunctionFailed:
            return  # the runner has logged it, and the next time comes


class _Schedule:
    """One schedule between two runs."""

    def __init__(self, function: Function, event: ScheduleEvent, *, now: datetime) -> None:
        self.function = function
        self.event = event
        self.run: Future[None] | None = None
        self._expression: Rate | Cron = parse_expression(event.expression, timezone=event.timezone)
        self._due = self._expression.first(now)

    def take(self, now: datetime) -> datetime | None:
        """The moment it is due for, unless that lies ahead or the last run still goes on."""
        if now < self._due or (self.run is not None and not self.run.done()):
            return None
        due = self._due
        following = self._expression.after(due)
        self._due = following if following > now else self._expression.after(now)
        return due


def scheduler_event(event: ScheduleEvent, *, due: datetime) -> dict[str, Any]:
    """What EventBridge hands over: the schedule's own input, or its standard event."""
    moment = due.strftime("%Y-%m-%dT%H:%M:%SZ")
    if event.input is not None:
        text = event.input.replace("<aws.scheduler.scheduled-time>", moment)
        given: dict[str, Any] = json.loads(text)
        return given
    kind = ("events", "rule", {}) if event.is_rule else ("scheduler", "schedule/default", "{}")
    source, resource, detail = kind
    return {
        "version": "0",
        "id": new_id(),
        "detail-type": "Scheduled Event",
        "source": f"aws.{source}",
        "account": ACCOUNT,
        "time": moment,
        "region": REGION,
        "resources": [f"arn:aws:{source}:{REGION}:{ACCOUNT}:{resource}/{event.name}"],
        "detail": detail,
    }
