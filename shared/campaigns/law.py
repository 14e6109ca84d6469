"""The law that applies to one person: the rows of their states and the holidays to come, as values to keep."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from shared.campaigns.calling_rules import StateRule, Window
from shared.campaigns.openings import Hours, both, hours_of_weeks, meeting
from shared.campaigns.sign_off import SignOff, StatePolicy
from shared.kernel.week import Week

MOST_ATTEMPTS_PER_24_HOURS = 3


@dataclass(frozen=True, kw_only=True)
class NamedRule:
    """One row that applies to a person; ``id`` is stable (``hours.FL``), ``signed`` what counsel signed for it."""

    id: str
    state: str | None
    row: StateRule
    signed: SignOff | None = None

    @property
    def policy(self) -> StatePolicy:
        """What holds for this seller: the signature, or the row as it is."""
        return self.signed.policy if self.signed else self.row.policy


@dataclass(frozen=True, kw_only=True)
class Holiday:
    """A day on which the row ``rule`` lets nobody be rung."""

    rule: str
    day: date
    name: str


@dataclass(frozen=True, kw_only=True)
class Law:
    """Every row that applies, and the holidays of the days that matter.

    ``versions`` names the data that it was taken from: ``rules``, ``places``, ``holidays``, ``phonenumbers``,
    ``tzdata``.
    """

    versions: Mapping[str, str] = field(default_factory=dict)
    states: tuple[str, ...]
    rules: tuple[NamedRule, ...]
    holidays: tuple[Holiday, ...] = ()

    @property
    def policy(self) -> StatePolicy:
        """The strictest policy of all states."""
        strictest = (StatePolicy.BLOCK, StatePolicy.HUMAN_FIRST, StatePolicy.CONSENT_ONLY)
        return next((policy for policy in strictest if self.under(policy)), StatePolicy.ALLOW)

    def under(self, policy: StatePolicy) -> tuple[NamedRule, ...]:
        """The rows under that policy."""
        return tuple(rule for rule in self.rules if rule.policy is policy)

    @property
    def attempts_per_24_hours(self) -> int:
        """How often a person may be rung in any 24 hours, over all campaigns."""
        caps = [rule.row.attempts_per_24_hours for rule in self.rules]
        return min([cap for cap in caps if cap is not None], default=MOST_ATTEMPTS_PER_24_HOURS)

    @property
    def hours_between_attempts(self) -> int:
        """How many hours must lie between two calls; zero when none."""
        return max([rule.row.hours_between_attempts or 0 for rule in self.rules], default=0)

    def holidays_on(self, day: date) -> tuple[Holiday, ...]:
        """The holidays that keep phones silent that day."""
        return tuple(holiday for holiday in self.holidays if holiday.day == day)

    def daily_hours(self, day: date) -> tuple[Window, ...]:
        """The hours of a calendar day that every row allows, whether it is a holiday or not."""
        return self._hours_of_week[day.weekday()]

    @cached_property  # asked for many days of every lead, and a law is kept
    def _hours_of_week(self) -> tuple[tuple[Window, ...], ...]:
        return tuple(self._hours_on(weekday) for weekday in range(7))

    def _hours_on(self, weekday: int) -> tuple[Window, ...]:
        hours: tuple[Window, ...] | None = None
        for rule in self.rules:
            own = rule.row.hours_on(weekday)
            hours = (own,) if own and hours is None else meeting(hours or (), (own,) if own else ())
            if not hours:
                return ()
        return hours or ()

    def hours(self, day: date) -> tuple[Window, ...]:
        """The hours of a calendar day at which phones may ring, none on holidays."""
        return () if self.holidays_on(day) else self.daily_hours(day)

    def hours_within(self, *weeks: Week) -> Hours:
        """The hours of the law that are in each of ``weeks``, too."""
        wanted = hours_of_weeks(*weeks)
        return both(self.hours, wanted) if wanted else self.hours
