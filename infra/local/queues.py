"""SQS on one machine: leases outbox rows and hands them to the functions that read their queue."""

import logging
import threading
import time
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from infra.local.runner import FunctionFailed, Runner, survive
from infra.local.sqs_events import failed_ids, malformed_ids, sqs_event
from infra.local.template import Template
from infra.local.template_nouns import Function, Queue, QueueEvent
from shared.kernel.clock import Clock
from shared.kernel.outbox import OutboxMessage

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.15
REST_SECONDS = 0.03
LONGEST_GATHERING = 0.15  # AWS may wait longer for a full batch; here somebody looks on
BATCHES_AT_ONCE = 4
FIRST_RETRY = timedelta(seconds=1)
NEVER = 1_000_000
LONGEST_REASON = 500
UNREADABLE = "malformed"


class MessageStore(Protocol):
    """The outbox, as its one reader sees it."""

    def due(self, topics: Sequence[str], *, now: datetime) -> Collection[str]:
        """Those of ``topics`` that have a message to take."""
        ...

    def lease(self, *, topic: str, now: datetime, lease_for: timedelta, limit: int) -> list[OutboxMessage]:
        """Up to ``limit`` due messages, hidden from others until ``now + lease_for``; each counts as received."""
        ...

    def done(self, ids: Sequence[str]) -> None:
        """These were dealt with."""
        ...

    def failed(self, message_id: str, *, now: datetime, retry_in: timedelta, max_receives: int, error: str) -> bool:
        """This one failed; it is due again after ``retry_in``, or is laid aside, which ``True`` tells."""
        ...


@dataclass(frozen=True, kw_only=True)
class Consumer:
    """A function that reads a queue."""

    function: Function
    event: QueueEvent
    queue: Queue

    @property
    def at_once(self) -> int:
        """How many batches may be in hand together."""
        return self.event.max_concurrency or BATCHES_AT_ONCE

    @property
    def gathers(self) -> float:
        """How many seconds a batch that was not full is followed by none."""
        return min(self.event.gather_seconds, LONGEST_GATHERING)


class QueueRunner:
    """Polls every queue and runs its batches in threads; no queue waits for another.

    Args:
        clock: The civil clock, by which messages become due.
        wake: Set by whoever may have written messages; then the queues are looked at at once.
        rate: How much faster than the machine's the clock runs. Leases and retries are meant in
            the machine's time.
    """

    def __init__(
        self,
        template: Template,
        *,
        store: MessageStore,
        runner: Runner,
        clock: Clock,
        wake: threading.Event,
        rate: float = 1.0,
    ) -> None:
        self._consumers = [
            Consumer(function=function, event=event, queue=queue) for function, event, queue in template.consumers()
        ]
        self._store = store
        self._runner = runner
        self._clock = clock
        self._rate = rate
        self._free = [threading.Semaphore(consumer.at_once) for consumer in self._consumers]
        self._not_before = dict.fromkeys((consumer.queue.topic for consumer in self._consumers), 0.0)
        self._pool = ThreadPoolExecutor(
            max(1, sum(consumer.at_once for consumer in self._consumers)), thread_name_prefix="queue"
        )
        self._wake = wake
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="queues", daemon=True)

    def start(self) -> None:
        """Begin to poll."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more messages and finish those in hand."""
        self._stopping.set()
        self._wake.set()
        self._thread.join()
        self._pool.shutdown(wait=True)

    def _loop(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            survive(self._look, name="look at the queues")
            self._stopping.wait(REST_SECONDS)  # what was written together is taken together
            self._wake.wait(POLL_SECONDS)

    def _look(self) -> None:
        """Take from every queue that has something to take."""
        asked = [topic for topic, moment in self._not_before.items() if moment <= time.monotonic()]
        due = self._store.due(asked, now=self._clock.now())
        for consumer, free in zip(self._consumers, self._free, strict=True):
            if consumer.queue.topic in due:
                survive(partial(self._take, consumer, free), name=f"lease {consumer.queue.topic}")

    def _take(self, consumer: Consumer, free: threading.Semaphore) -> None:
        """Lease for every free thread of one queue at once, while there are messages."""
        size = consumer.event.batch_size
        while not self._stopping.is_set() and (places := _places(free, consumer.at_once)):
            messages: list[OutboxMessage] = []
            try:
                messages = self._store.lease(
                    topic=consumer.queue.topic,
                    now=self._clock.now(),
                    lease_for=self._machine_time(timedelta(seconds=consumer.queue.visibility_seconds)),
                    limit=places * size,
                )
            finally:
                batches = [messages[first : first + size] for first in range(0, len(messages), size)]
                for _ in range(places - len(batches)):
                    free.release()
            for batch in batches:
                self._pool.submit(self._work, consumer, batch, free)
            if len(messages) < places * size:
                if consumer.gathers and messages:
                    self._not_before[consumer.queue.topic] = time.monotonic() + consumer.gathers
                return

    def _work(self, consumer: Consumer, batch: list[OutboxMessage], free: threading.Semaphore) -> None:
        try:
            survive(partial(self._deliver, consumer, batch), name=f"deliver {consumer.queue.topic}")
        finally:
            free.release()
            self._wake.set()

    def _deliver(self, consumer: Consumer, batch: list[OutboxMessage]) -> None:
        """Hand over one batch and settle each of its messages."""
        ids = [message.id for message in batch]
        malformed: set[str] = set()
        try:
            answer = self._runner.invoke(consumer.function, sqs_event(batch, consumer.queue, now=self._clock.now()))
        except FunctionFailed as error:
            failed, reason = set(ids), repr(error.__cause__)[:LONGEST_REASON]
        else:
            failed = failed_ids(answer, ids) if consumer.event.reports_item_failures else set()
            malformed = malformed_ids(answer)
            reason = "given back by the function"
        finished = [message_id for message_id in ids if message_id not in failed]
        if finished:
            self._store.done(finished)
        for message in batch:
            if message.id in failed:
                self._give_back(consumer, message, UNREADABLE if message.id in malformed else reason)

    def _give_back(self, consumer: Consumer, message: OutboxMessage, reason: str) -> None:
        visibility = timedelta(seconds=consumer.queue.visibility_seconds)
        backoff = FIRST_RETRY * 2 ** min(message.receives - 1, 10)
        laid_aside = self._store.failed(
            message.id,
            now=self._clock.now(),
            retry_in=self._machine_time(min(backoff, visibility)),
            max_receives=1 if reason == UNREADABLE else consumer.queue.max_receives or NEVER,
            error=reason,
        )
        if laid_aside:
            logger.error("message laid aside", extra={"queue": consumer.queue.name, "message_id": message.id})

    def _machine_time(self, span: timedelta) -> timedelta:
        """A span of the machine's time on the civil clock."""
        return span * self._rate


def _places(free: threading.Semaphore, most: int) -> int:
    """How many threads could be had at once, ``most`` at the most."""
    had = 0
    while had < most and free.acquire(blocking=False):
        had += 1
    return had
