"""Time as a value: the civil clock, which may run elsewhere and faster than the machine's."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from shared.kernel.errors import Malformed


class Clock(Protocol):
    """Something that knows what time it is."""

    def now(self) -> datetime:
        """The present moment, timezone-aware UTC."""
        ...


@dataclass(frozen=True, kw_only=True)
class CivilTime:
    """How civil time follows machine time: at ``machine`` it is ``civil``, then runs at ``rate``."""

    machine: datetime
    civil: datetime
    rate: float = 1.0

    def at(self, machine_now: datetime) -> datetime:
        """The civil moment at the machine's ``machine_now``, in UTC."""
        return self.civil + timedelta(seconds=(machine_now - self.machine).total_seconds() * self.rate)

    def __str__(self) -> str:
        """The form that ``parse`` reads: ``civil@machine*rate``."""
        return f"{self.civil.isoformat()}@{self.machine.isoformat()}*{self.rate}"

    @classmethod
    def parse(cls, text: str) -> "CivilTime":
        """Read what ``str`` wrote.

        Raises:
            Malformed: The text is not ``civil@machine*rate`` with aware timestamps.
        """
        try:
            civil, rest = text.split("@")
            machine, rate = rest.split("*")
            parsed = cls(civil=datetime.fromisoformat(civil), machine=datetime.fromisoformat(machine), rate=float(rate))
        except ValueError as error:
            raise Malformed(f"{text!r} is not a civil time: write civil@machine*rate") from error
        if parsed.civil.tzinfo is None or parsed.machine.tzinfo is None or parsed.rate <= 0:
            raise Malformed(f"{text!r}: both times need a zone and the rate must be above zero")
        return parsed


@dataclass(frozen=True)
class CivilClock:
    """A clock that shows civil time, given a reader of machine time."""

    machine_now: Callable[[], datetime]
    civil_time: CivilTime | None = None

    def now(self) -> datetime:
        """The civil moment, UTC; the machine's own when no civil time is set."""
        moment = self.machine_now().astimezone(UTC)
        return self.civil_time.at(moment) if self.civil_time else moment
