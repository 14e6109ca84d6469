"""Costs added up in memory."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC
from zoneinfo import ZoneInfo

from shared.adapters.memory.store import MemoryStore
from shared.appointments import AppointmentStatus
from shared.calls import CallAttempt
from shared.costs import Component
from shared.kernel.money import ZERO, Money
from shared.outcomes import Disposition
from shared.reports.cost_report import OWN_VOICES, QUALIFIED, By, CostQuery, CostRow


class MemoryCostReports:
    """``CostReports`` in memory."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def rows(self, query: CostQuery) -> Sequence[CostRow]:
        groups: dict[tuple[str, str], list[CallAttempt]] = defaultdict(list)
        with self._store.lock:
            for attempt in self._chosen(query):
                groups[self._key(attempt, query.by)].append(attempt)
            return [self._row(key, label, attempts) for (key, label), attempts in sorted(groups.items())]

    def by_component(self, query: CostQuery) -> Mapping[Component, Money]:
        sums: dict[Component, Money] = defaultdict(Money)
        with self._store.lock:
            for attempt in self._chosen(query):
                for line in self._store.cost_lines.get(attempt.id, ()):
                    sums[line.component] += line.amount
        return dict(sorted(sums.items(), key=lambda each: (-each[1].micro_usd, each[0].value)))

    def _chosen(self, query: CostQuery) -> list[CallAttempt]:
        return [
            each
            for each in self._store.attempts.values()
            if query.since <= each.planned_at < query.until
            and each.direction is query.direction
            and query.campaign_id in (None, each.campaign_id)
            and query.seller_id in (None, each.seller_id)
        ]

    def _key(self, attempt: CallAttempt, by: By) -> tuple[str, str]:
        name = self._store.campaigns[attempt.campaign_id].name
        zone = self._store.leads[attempt.lead_id].timezone
        match by:
            case By.ALL:
                return "all", "all"
            case By.CAMPAIGN:
                return attempt.campaign_id, name
            case By.VARIANT:
                key = f"{attempt.campaign_id}:{attempt.variant or '-'}"
                return key, f"{name}, {attempt.variant or 'no variant'}"
            case By.HOUR:
                key = f"{attempt.planned_at.astimezone(ZoneInfo(zone) if zone else UTC):%H}"
            case By.TIER:
                key = self._tier(attempt)
            case By.DAY:
                key = f"{attempt.planned_at.astimezone(UTC):%Y-%m-%d}"
        return key, key

    def _tier(self, attempt: CallAttempt) -> str:
        lines = self._store.cost_lines.get(attempt.id, ())
        own = [line.vendor in OWN_VOICES for line in lines if line.component is Component.TEXT_TO_SPEECH]
        if not own:
            return "none"
        if all(own):
            return "local"
        return "premium" if any(own) else "premium_whole_call"

    def _row(self, key: str, label: str, attempts: Sequence[CallAttempt]) -> CostRow:
        connected = [each for each in attempts if self._was_human(each)]
        qualified = {each.lead_id for each in attempts if self._disposition(each) in QUALIFIED}
        return CostRow(
            key=key,
            label=label,
            attempts=len(attempts),
            dials=sum(each.provider_sid is not None for each in attempts),
            connected=len(connected),
            qualified=len(qualified),
            appointments=sum(map(self._standing, attempts)),
            call_seconds=sum(each.duration_seconds or 0 for each in attempts),
            cost=sum(map(self._cost, attempts), ZERO),
            connected_cost=sum(map(self._cost, connected), ZERO),
        )

    def _cost(self, attempt: CallAttempt) -> Money:
        return sum((line.amount for line in self._store.cost_lines.get(attempt.id, ())), ZERO)

    def _disposition(self, attempt: CallAttempt) -> Disposition | None:
        ended_as = self._store.dispositions.get(attempt.id)
        return Disposition(ended_as) if ended_as else None

    def _was_human(self, attempt: CallAttempt) -> bool:
        parts = self._store.reports.get(attempt.id)
        return parts is not None and any(part.heard == "human" for part in parts.values())

    def _standing(self, attempt: CallAttempt) -> int:
        theirs = (each for each in self._store.appointments.values() if each.attempt_id == attempt.id)
        return sum(each.status is not AppointmentStatus.CANCELLED for each in theirs)
