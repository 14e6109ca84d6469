"""Bring the messages of the outbox to their queues, on AWS; one machine leases the outbox itself.

Trigger: every minute. Answer: how many were brought, for the log.

A schedule alone would let a message wait for up to a minute. So each run looks again and again, for longer than a
minute, until its successor has begun; two at once get in nobody's way, since no message is leased twice.
"""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from functions.cloud import Relaying, relaying
from functions.entry import entry
from shared.kernel.relay import BATCH, Relayed, relay
from shared.metrics import Metric, count

RUNS_FOR = timedelta(seconds=75)
PAUSE = timedelta(milliseconds=500)


def handle(event: dict[str, Any], relaying: Relaying) -> dict[str, Any]:
    """Relay until the time is up and nothing is due; ``runs_for_seconds`` in the event replaces the time."""
    until = relaying.elapsed() + float(event.get("runs_for_seconds", RUNS_FOR.total_seconds()))
    total = Relayed()
    while True:
        done = relay(outbox=relaying.outbox, publisher=relaying.publisher, now=relaying.clock.now())
        total += done
        if relaying.elapsed() >= until:
            for result, number in asdict(total).items():
                count(Metric.RELAYED, number, result=result)
            return asdict(total)
        if done.published < BATCH:  # otherwise there may be more
            relaying.sleep(PAUSE.total_seconds())


lambda_handler = entry(handle, wired=relaying)
