"""How hard the carrier tries to reach an address; a fragment such as ``#rc=2&rp=5xx`` overrides it."""

from dataclasses import dataclass
from urllib.parse import parse_qs


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """Limits of one webhook: retries, which failures are retried (ct, rt, 4xx, 5xx), and seconds."""

    retries: int = 1
    retried: frozenset[str] = frozenset({"ct"})
    connect_seconds: float = 5.0
    read_seconds: float = 15.0
    total_seconds: float = 15.0

    @classmethod
    def read(cls, url: str) -> "Delivery":
        """The limits an address asks for; what is out of range keeps its default."""
        given = {name: values[-1] for name, values in parse_qs(url.partition("#")[2]).items()}
        policy = frozenset(given.get("rp", "ct").split(","))
        return cls(
            retries=_within(given.get("rc"), 0, 5, cls.retries),
            retried=frozenset({"ct", "rt", "4xx", "5xx"}) if "all" in policy else policy,
            connect_seconds=_within(given.get("ct"), 100, 10_000, 5000) / 1000,
            read_seconds=_within(given.get("rt"), 100, 15_000, 15_000) / 1000,
            total_seconds=_within(given.get("tt"), 100, 15_000, 15_000) / 1000,
        )


def _within(text: str | None, least: int, most: int, default: int) -> int:
    if text is None or not text.isdecimal() or not least <= int(text) <= most:
        return default
    return int(text)
