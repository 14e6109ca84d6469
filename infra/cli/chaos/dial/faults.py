"""What can go wrong in a simulated world, and how often."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Crash(BaseException):
    """The process is gone in the middle of its work. No handler of errors may see it."""


@dataclass(frozen=True, kw_only=True)
class Faults:
    """Shares of one. ``create`` holds the answers of the carrier to a request to dial, the rest of it goes well.

    ``crash`` and ``fail`` are per visit of a function: its process dies, or a port is away, at one of its calls of a
    port, before or after the effect. ``meanwhile`` is the share of port calls before which something else happens.
    """

    create: tuple[tuple[str, float], ...] = ()
    crash: float = 0.0
    fail: float = 0.0
    meanwhile: float = 0.0
    callback_lost: float = 0.0
    callback_twice: float = 0.0
    callback_late: float = 0.0
    stream_callback_lost: float = 0.0
    message_twice: float = 0.0
    message_late: float = 0.0
    lookup_fails: float = 0.0
    hang_up_fails: float = 0.0
    answer_twice: float = 0.0
    report_late: float = 0.0
    stream_breaks: float = 0.0
    tick_skipped: float = 0.0
    tick_twice: float = 0.0


CALM = Faults()
ROUGH = Faults(
    create=(
        ("queued", 0.03),
        ("refused", 0.01),
        ("bad_number", 0.01),
        ("too_many", 0.04),
        ("never_sent", 0.03),
        ("failed_before", 0.04),
        ("failed_after", 0.04),
        ("timeout_before", 0.03),
        ("timeout_after", 0.04),
        ("doubled", 0.01),
    ),
    crash=0.08,
    fail=0.03,
    meanwhile=0.1,
    callback_lost=0.3,
    callback_twice=0.15,
    callback_late=0.1,
    message_twice=0.05,
    message_late=0.05,
    lookup_fails=0.05,
    hang_up_fails=0.05,
    answer_twice=0.05,
    report_late=0.1,
    stream_breaks=0.05,
    tick_skipped=0.1,
    tick_twice=0.3,
)


class Dice:
    """Chance by seed: the same seed falls the same way."""

    def __init__(self, seed: str, faults: Faults) -> None:
        self.faults = faults
        self._random = Random(seed)

    def happens(self, share: float) -> bool:
        """Whether something that happens so often happens now."""
        return share > 0 and self._random.random() < share

    def between(self, least: float, most: float) -> float:
        """Any number from the least to the most."""
        return self._random.uniform(least, most)

    def whole(self, least: int, most: int) -> int:
        """Any whole number from the least to the most, both included."""
        return self._random.randint(least, most)

    def one_of(self, choices: Sequence[T]) -> T:
        """Any of them."""
        return self._random.choice(choices)

    def create_fault(self) -> str:
        """What becomes of a request to dial; ``none`` when it goes well."""
        fallen = self._random.random()
        for name, share in self.faults.create:
            fallen -= share
            if fallen < 0:
                return name
        return "none"

    def bits(self, many: int) -> int:
        """So many random bits."""
        return self._random.getrandbits(many)
