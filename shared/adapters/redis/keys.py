"""The names of everything in Redis, and how long it lives."""

from datetime import timedelta

WORKERS = "workers:alive"
STOPS = "stops"
FEED = "feed"
FEED_LENGTH = 10_000
CONTROL_LENGTH = 100

LEASE_FOR = timedelta(seconds=6)
BEAT_EVERY = timedelta(seconds=2)
LIVE_FOR = timedelta(seconds=10)
WARM_UP = timedelta(seconds=4)
CONTROL_FOR = timedelta(hours=1)
BREAKER_FOR = timedelta(hours=1)
SAVED_FOR = timedelta(hours=1)


def lease(worker: str) -> str:
    """A hash: what the worker says of itself."""
    return f"worker:{worker}:lease"


def slots(worker: str, epoch: str) -> str:
    """A sorted set: the attempts that hold a slot, by when their hold ends."""
    return f"slots:{worker}:{epoch}"


def pace(account: str) -> str:
    """A hash: when the account may dial again, and the last turn told, in microseconds of the server's clock."""
    return f"pace:{account}"


def breaker(account: str) -> str:
    """A hash: how the carrier has failed the account lately."""
    return f"breaker:{account}"


def control(attempt_id: str) -> str:
    """A stream: commands to one live call."""
    return f"control:{attempt_id}"


def prepared_audio(key: str) -> str:
    """A string of bytes: a piece of speech that was made ahead of need."""
    return f"speech:{key}"


def worded_lines(key: str) -> str:
    """A hash: a model's answers to one request that holds nothing of anybody, by their place."""
    return f"worded:{key}"


def saved_call(attempt_id: str) -> str:
    """A hash: where each part of a live call stands, sealed."""
    return f"call:{attempt_id}:saved"


def milliseconds(span: timedelta) -> int:
    """A span as Redis counts it."""
    return round(span.total_seconds() * 1000)
