"""When a person may be rung: the clocks and the laws of every place they may be in decide, never ours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from importlib.metadata import version

import holidays

from shared.campaigns import openings
from shared.campaigns.calling_rules import RuleTable, rule_table
from shared.campaigns.law import Holiday, Law, NamedRule
from shared.campaigns.sign_off import SignOff
from shared.kernel.local_time import clock_of
from shared.leads.places import places

BEHIND, AHEAD = timedelta(days=2), openings.LONGEST_WAIT + timedelta(days=2)


@dataclass(frozen=True, eq=False)
class CallingHours:
    """The rule table, asked about people. ``states`` are two letters; none known means the fallback row alone."""

    table: RuleTable

    def law_for(self, states: Sequence[str], *, on: date, sign_offs: Sequence[SignOff] = ()) -> Law:
        """Every row that applies around a day.

        The federal one, the states' own as counsel signed them off, and the fallback where a row is neither verified
        nor signed.
        """
        return _law(self, tuple(states), on, tuple(sign_offs))

    def allows(self, now: datetime, zones: Sequence[str], states: Sequence[str]) -> bool:
        """Whether a phone may ring at ``now`` in every one of ``zones`` (IANA); no zone known allows nothing."""
        clocks = [clock_of(zone, around=now) for zone in zones]
        return openings.is_open(now, clocks, self.law_for(states, on=now.date()).hours)

    def next_opening(self, now: datetime, zones: Sequence[str], states: Sequence[str]) -> datetime | None:
        """The first moment from ``now`` on (``now`` itself included) when a phone may ring in every zone, in UTC.

        ``None`` when no zone is known, or when no common moment comes within 14 days.
        """
        clocks = [clock_of(zone, around=now) for zone in zones]
        return openings.next_opening(now, clocks, self.law_for(states, on=now.date()).hours)

    def named_rules(self, states: Sequence[str], sign_offs: Sequence[SignOff]) -> Iterator[NamedRule]:
        """The rows that apply, by name."""
        yield NamedRule(id="hours.federal", state=None, row=self.table.default)
        signed = {each.state: each for each in sign_offs}
        own = [state for state in dict.fromkeys(states) if state in self.table.states]
        for state in own:
            yield NamedRule(id=f"hours.{state}", state=state, row=self.table.states[state], signed=signed.get(state))
        if not states or not all(self.table.states[state].is_primary or state in signed for state in own):
            yield NamedRule(id="hours.fallback", state=None, row=self.table.fallback)

    def holidays_of(self, rule: NamedRule, states: Sequence[str], on: date) -> Iterator[Holiday]:
        """The days around ``on`` that a row keeps; the fallback keeps those of every state."""
        if rule.row.holidays != "none":
            return
        whose: Sequence[str | None] = [rule.state] if rule.state else list(states) or [None]
        for ahead in range(-BEHIND.days, AHEAD.days + 1):
            day = on + timedelta(days=ahead)
            names = [name for state in whose for name in self._holiday_names(state, day)]
            if names:
                yield Holiday(rule=rule.id, day=day, name="; ".join(dict.fromkeys(names)))

    def _holiday_names(self, state: str | None, day: date) -> Iterator[str]:
        kept = _state_holidays(state, day.year).get(day)
        if kept:
            yield kept
        for extra in self.table.extra_holidays:
            if (extra.state, extra.month, extra.day) == (state, day.month, day.day):
                yield extra.name


@lru_cache(maxsize=4096)
def _law(hours: CallingHours, states: tuple[str, ...], on: date, sign_offs: tuple[SignOff, ...]) -> Law:
    rules = tuple(hours.named_rules(states, sign_offs))
    return Law(
        versions=data_versions() | {"rules": hours.table.version},
        states=states,
        rules=rules,
        holidays=tuple(holiday for rule in rules for holiday in hours.holidays_of(rule, states, on)),
    )


@cache
def _state_holidays(state: str | None, year: int) -> dict[date, str]:
    """The public holidays of a state, or the federal ones when it is unknown."""
    try:
        return dict(holidays.country_holidays("US", subdiv=state, years=year))
    except NotImplementedError:  # no state of that name
        return dict(holidays.country_holidays("US", years=year))


@cache
def data_versions() -> dict[str, str]:
    """The versions of everything that a decision is taken from beside the facts."""
    return {
        "rules": rule_table().version,
        "places": places().verified_on.isoformat(),
        **{name: version(name) for name in ("holidays", "phonenumbers", "tzdata")},
    }


@cache
def calling_hours() -> CallingHours:
    """The hours by the table that comes with the product."""
    return CallingHours(rule_table())
