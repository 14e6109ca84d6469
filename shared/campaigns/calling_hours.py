"""When a person may be rung: the clocks and the laws of every place they may be in decide, never ours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from shared.campaigns.calling_rules import RuleTable, StateRule, Window, rule_table

LONGEST_WAIT = timedelta(days=14)
MOST_ATTEMPTS_PER_24_HOURS = 3


@dataclass(frozen=True, kw_only=True)
class NamedRule:
    """One row that applies to a person; ``id`` is stable (``hours.FL``)."""

    id: str
    state: str | None
    row: StateRule


@dataclass(frozen=True)
class CallingHours:
    """The rule table, asked about people. ``states`` are two letters; none known means the fallback row alone."""

    table: RuleTable

    def rules_for(self, states: Sequence[str]) -> tuple[NamedRule, ...]:
        """Every row that applies: the federal one, the states' own, and the fallback where a row is unverified."""
        rules = [NamedRule(id="hours.federal", state=None, row=self.table.default)]
        rows = {state: self.table.states[state] for state in states if state in self.table.states}
        rules += [NamedRule(id=f"hours.{state}", state=state, row=row) for state, row in rows.items()]
        if not states or not all(row.is_primary for row in rows.values()):
            rules.append(NamedRule(id="hours.fallback", state=None, row=self.table.fallback))
        return tuple(rules)

    def blocked(self, states: Sequence[str]) -> tuple[NamedRule, ...]:
        """The rows that forbid automatic calls to these states altogether."""
        return tuple(rule for rule in self.rules_for(states) if rule.row.is_blocked)

    def consent_must_name_ai(self, states: Sequence[str]) -> bool:
        """Whether the consent's wording must name the artificial voice."""
        return any(rule.row.consent_must_name_ai for rule in self.rules_for(states))

    def attempts_per_24_hours(self, states: Sequence[str]) -> int:
        """How often a person may be rung in any 24 hours, over all campaigns."""
        caps = [rule.row.attempts_per_24_hours for rule in self.rules_for(states)]
        return min([cap for cap in caps if cap is not None], default=MOST_ATTEMPTS_PER_24_HOURS)

    def window_for(self, states: Sequence[str], day: date) -> Window | None:
        """The hours of a calendar day that every row allows, or ``None`` when nobody may be rung that day."""
        hours: Window | None = None
        rules = self.rules_for(states)
        for rule in rules:
            own = rule.row.hours_on(day.weekday())
            if rule.row.holidays == "none" and self._is_holiday(day, [rule.state] if rule.state else states):
                own = None
            if own is None:
                return None
            hours = own if hours is None else hours.meets(own)
            if hours is None:
                return None
        return hours

    def allows(self, now: datetime, zones: Sequence[str], states: Sequence[str]) -> bool:
        """Whether a phone may ring at ``now`` in every one of ``zones`` (IANA); no zone known allows nothing."""
        return bool(zones) and all(self._allows_in(now, ZoneInfo(name), states) for name in zones)

    def next_opening(self, now: datetime, zones: Sequence[str], states: Sequence[str]) -> datetime | None:
        """The first moment from ``now`` on (``now`` itself included) when a phone may ring in every zone, in UTC.

        ``None`` when no zone is known, or when no common moment comes within 14 days.
        """
        moment = now.astimezone(UTC)
        while zones and moment <= now + LONGEST_WAIT:
            opening: datetime | None = moment
            for name in zones:
                opening = self._opening_in(opening, ZoneInfo(name), states) if opening else None
            if opening is None or opening == moment:
                return opening
            moment = opening
        return None

    def _allows_in(self, now: datetime, zone: ZoneInfo, states: Sequence[str]) -> bool:
        local = now.astimezone(zone)
        hours = self.window_for(states, local.date())
        return hours is not None and hours.opens <= local.time() < hours.closes

    def _opening_in(self, now: datetime, zone: ZoneInfo, states: Sequence[str]) -> datetime | None:
        if self._allows_in(now, zone, states):
            return now
        for day in _days_from(now.astimezone(zone).date()):
            hours = self.window_for(states, day)
            if hours is None:
                continue
            opening = datetime.combine(day, hours.opens, zone).astimezone(UTC)
            if opening > now and self._allows_in(opening, zone, states):
                return opening
        return None

    def _is_holiday(self, day: date, states: Sequence[str]) -> bool:
        extras = {
            extra.state for extra in self.table.extra_holidays if (extra.month, extra.day) == (day.month, day.day)
        }
        return any(state in extras or day in _state_holidays(state, day.year) for state in states or (None,))


def _days_from(first: date) -> Iterator[date]:
    return (first + timedelta(days=ahead) for ahead in range(LONGEST_WAIT.days + 1))


@cache
def _state_holidays(state: str | None, year: int) -> frozenset[date]:
    """The public holidays of a state, or the federal ones when it is unknown."""
    try:
        return frozenset(holidays.country_holidays("US", subdiv=state, years=year))
    except NotImplementedError:  # no state of that name
        return frozenset(holidays.country_holidays("US", years=year))


@cache
def calling_hours() -> CallingHours:
    """The hours by the table that comes with the product."""
    return CallingHours(rule_table())
