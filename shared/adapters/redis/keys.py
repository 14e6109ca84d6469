"""The names of everything in Redis, and how long it lives."""

from datetime import timedelta

WORKERS = "workers:alive"
FEED = "feed"
FEED_LENGTH = 10_000
CONTROL_LENGTH = 100

LEASE_FOR = timedelta(seconds=6)
BEAT_EVERY = timedelta(seconds=2)
LIVE_FOR = timedelta(seconds=10)
WARM_UP = timedelta(seconds=4)
CONTROL_FOR = timedelta(hours=1)


def lease(worker: str) -> str:
    """A hash: what the worker says of itself."""
    return f"worker:{worker}:lease"


def slots(worker: str, epoch: str) -> str:
    """A sorted set: the attempts that hold a slot, by when their hold ends."""
    return f"slots:{worker}:{epoch}"


def control(attempt_id: str) -> str:
    """A stream: commands to one live call."""
    return f"control:{attempt_id}"


def milliseconds(span: timedelta) -> int:
    """A span as Redis counts it."""
    return round(span.total_seconds() * 1000)
