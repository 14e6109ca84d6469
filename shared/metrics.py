"""What is counted: the one registry of names, for CloudWatch and for Prometheus alike. Light to import.

A step or a door calls ``count``; the total of the process keeps it, and so does the ``counting`` around it, which an
invocation writes out at its end. Labels are few and take few values: never an id, never anything personal.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from threading import Lock

NAMESPACE = "REAutomation2"

Labels = tuple[tuple[str, str], ...]


class Metric(StrEnum):
    """Everything that is counted, by the name under which it is looked up."""

    INVOCATIONS = "Invocations"
    """Runs of a function; by ``function``."""
    ERRORS = "Errors"
    """Requests, messages and runs that went wrong; by ``function`` and ``kind``."""
    DEAD_LETTERS = "DeadLetters"
    """Messages that cannot be read and were given up at once; by ``function``."""
    ATTEMPTS = "Attempts"
    """Leads that a dispatch looked at; by ``result``: planned, deferred, denied, unclear."""
    DIALS = "Dials"
    """Attempts that the dialler took on; by ``result``."""
    GATE_REFUSALS = "GateRefusals"
    """People who answered and were not let through; by ``reason``."""
    RELAYED = "Relayed"
    """Messages brought from the outbox to a queue; by ``result``."""
    BROKEN_INVARIANTS = "BrokenInvariants"
    """Things in the database that must never be; by ``invariant``."""
    CANARY_FAILURES = "CanaryFailures"
    """Synthetic calls that did not go the whole road; by ``reason``."""
    RECOGNITION_FAULTS = "RecognitionFaults"
    """Times that a speech recogniser failed an utterance and another had to take it over; by ``engine``, ``reason``."""
    SPEECH_FAILURES = "SpeechFailures"
    """Texts that a voice did not speak, or not to their end, so that another one went on; by ``engine``, ``reason``."""
    EAGER_REPLIES = "EagerReplies"
    """Replies prepared before the caller had surely finished; by ``result``: said, dropped."""
    EAGER_GAIN_MS = "EagerGainMs"
    """Milliseconds by which prepared replies came earlier, all together."""
    EAGER_WASTED_CHARACTERS = "EagerWastedCharacters"
    """Characters that were worded and synthesised for replies that were dropped."""
    EAGER_WASTED_TOKENS = "EagerWastedTokens"
    """The same in a model's tokens, four characters each."""
    WORDINGS = "Wordings"
    """Replies that a model was to word; by ``result``: exact and semantic were kept from before, miss was asked for,
    personal is never kept, away means that the cache was not to be had.
    """
    MODEL_ANSWERS = "ModelAnswers"
    """Questions to language models; by ``purpose``, and ``result``: answered, or what was wrong."""
    MODEL_SHEDS = "ModelSheds"
    """Turns in which the script went on for a language model; by ``reason``."""
    MODEL_WAITS = "ModelWaits"
    """Questions that got room at a server, or none; by ``kind`` (live, background), and ``within`` what time."""
    MODEL_FIRST_TOKENS = "ModelFirstTokens"
    """Answers that a server began; by ``kind``, and ``within`` what time of asking it."""
    MODEL_YIELDS = "ModelYields"
    """Background jobs that made room for a live turn and began anew."""


class Tally:
    """Sums by metric and labels; several threads may add to it."""

    def __init__(self) -> None:
        self._sums: Counter[tuple[Metric, Labels]] = Counter()
        self._lock = Lock()

    def add(self, metric: Metric, labels: Labels, value: int) -> None:
        """Add ``value``."""
        with self._lock:
            self._sums[metric, labels] += value

    def sums(self) -> Mapping[tuple[Metric, Labels], int]:
        """A copy of everything counted so far."""
        with self._lock:
            return dict(self._sums)


TOTALS = Tally()
"""Everything that this process has counted."""
_current: ContextVar[Tally | None] = ContextVar("current_tally", default=None)


def count(metric: Metric, value: int = 1, **labels: str) -> None:
    """Count something that happened ``value`` times."""
    told = tuple(sorted(labels.items()))
    TOTALS.add(metric, told, value)
    current = _current.get()
    if current is not None:
        current.add(metric, told, value)


@contextmanager
def counting() -> Iterator[Tally]:
    """What is counted within, apart from the total."""
    tally = Tally()
    token = _current.set(tally)
    try:
        yield tally
    finally:
        _current.reset(token)
