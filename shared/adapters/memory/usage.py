"""What we booked for a day's calls, and a carrier's books, in memory."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date

from shared.adapters.memory.store import MemoryStore
from shared.calls import CallAttempt
from shared.costs import Charge, CostLine
from shared.costs.carrier_usage import CarrierUsage
from shared.costs.reconcile_usage import Billed, BookedUsage, UsageCheck
from shared.kernel.errors import NotFound
from shared.kernel.money import Money


class MemoryUsageBook:
    """``UsageBook`` in memory."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def booked(self, day: date) -> Sequence[BookedUsage]:
        amounts: dict[Billed, Money] = defaultdict(Money)
        calls: dict[Billed, set[str]] = defaultdict(set)
        for attempt, line in self._lines(day):
            billed = line.component, line.vendor
            amounts[billed] += line.amount
            calls[billed].add(attempt.id)
        for charge in self._charges(day):
            for line in charge.lines:
                amounts[line.component, line.vendor] += line.amount
                calls[line.component, line.vendor].add(charge.id)
        return [
            BookedUsage(billed=billed, count=len(calls[billed]), amount=amounts[billed]) for billed in sorted(amounts)
        ]

    def booked_calls(self, day: date, billed: Billed, *, limit: int) -> Sequence[tuple[str, Money]]:
        amounts: dict[str, Money] = defaultdict(Money)
        for attempt, line in self._lines(day):
            if attempt.provider_sid and (line.component, line.vendor) == billed:
                amounts[attempt.provider_sid] += line.amount
        return sorted(amounts.items(), key=lambda call: (-call[1].micro_usd, call[0]))[:limit]

    def keep(self, checks: Sequence[UsageCheck]) -> None:
        with self._store.lock:
            self._store.usage_checks.update({(check.day, check.category): check for check in checks})

    def checks(self, since: date) -> Sequence[UsageCheck]:
        with self._store.lock:
            found = [check for check in self._store.usage_checks.values() if check.day >= since]
        return sorted(found, key=lambda check: (-check.day.toordinal(), check.category))

    def _charges(self, day: date) -> list[Charge]:
        with self._store.lock:
            return [each for each in self._store.charges.values() if each.at.astimezone(UTC).date() == day]

    def _lines(self, day: date) -> Iterator[tuple[CallAttempt, CostLine]]:
        with self._store.lock:
            ended = [each for each in self._store.attempts.values() if each.ended_at]
        for attempt in ended:
            if attempt.ended_at and attempt.ended_at.astimezone(UTC).date() == day:
                yield from ((attempt, line) for line in self._store.cost_lines.get(attempt.id, ()))


class MemoryCarrierBooks:
    """``CarrierBooks`` that say what they were given; a call without a price yet has ``None``."""

    def __init__(self) -> None:
        self.prices: dict[str, Money | None] = {}
        self.records: list[CarrierUsage] = []

    def usage(self, first: date, last: date) -> Sequence[CarrierUsage]:
        return [record for record in self.records if first <= record.day <= last]

    def price_of(self, sid: str) -> Money | None:
        if sid not in self.prices:
            raise NotFound(f"no call {sid}")
        return self.prices[sid]
