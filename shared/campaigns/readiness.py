"""What a campaign needs before it may ring anybody."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from shared.campaigns.calling_hours import calling_hours
from shared.campaigns.campaign import Campaign, Opening, Seller
from shared.campaigns.opening import unrendered
from shared.campaigns.openings import hours_in_week, meeting
from shared.campaigns.own_number import OwnNumber
from shared.costs import Budget
from shared.costs.levels import Levels, used_share
from shared.kernel.errors import Malformed
from shared.kernel.money import Money
from shared.kernel.phone import normalise
from shared.kernel.week import Week
from shared.leads.registry import OLDEST, Registry, RegistryCopy

A_MONDAY = date(2024, 1, 1)
MINUTE = "%Y-%m-%d %H:%M UTC"


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """What is there. ``call_reserve`` is what the shortest call may cost, ``numbers`` are the seller's own.

    ``budgets`` are all that bound a call, the campaign's own first; none at all when that is not there.
    """

    seller: Seller
    openings: Sequence[Opening]
    budgets: Sequence[Budget]
    call_reserve: Money
    scripts: Collection[str]
    numbers: Sequence[OwnNumber]
    registries: Sequence[RegistryCopy]
    levels: Levels = field(default_factory=Levels)

    def lacks(self, campaign: Campaign, *, now: datetime) -> tuple[str, ...]:
        """What is missing, each in plain words; nothing when the campaign may run."""
        return (
            *self._lacks_words(campaign),
            *self.lacks_number(campaign, now=now),
            *self.lacks_call_limit(campaign),
            *(self.lacks_money() or self.lacks_margin()),
            *self.lacks_time(campaign, now=now),
            *self.lacks_registry(now=now),
        )

    def lacks_number(self, campaign: Campaign, *, now: datetime) -> tuple[str, ...]:
        """Why there is no number to call from."""
        if not _is_number(campaign.caller_id):
            return (f"the caller id {campaign.caller_id!r} is not a telephone number",)
        serving = [number for number in self.numbers if number.may_serve(campaign.id) and number.retired_at is None]
        if not serving:
            return ("the seller has no number to call from: add one with `reauto number add`",)
        if any(number.is_healthy(now) for number in serving):
            return ()
        back = min(number.cooled_until for number in serving if number.cooled_until)
        return (f"every number it may call from rests until {back:{MINUTE}}",)

    def lacks_money(self) -> tuple[str, ...]:
        """Why no call can be paid."""
        if not self.budgets:
            return ("there is no budget",)
        return tuple(
            f"the {budget.name} budget has {budget.headroom} left, the shortest call may cost {self.call_reserve}"
            for budget in self.budgets
            if budget.headroom < self.call_reserve
        )

    def lacks_call_limit(self, campaign: Campaign) -> tuple[str, ...]:
        """Why no call is cheap enough for what one call may cost."""
        most = campaign.plan.call_limit
        if most is None or most >= self.call_reserve:
            return ()
        return (f"one call may cost {most} at most, and the shortest may cost {self.call_reserve}",)

    def lacks_margin(self) -> tuple[str, ...]:
        """Which limits of a day, a week or a month are so nearly used up that nothing new starts under them."""
        critical = self.levels.are_critical(self.budgets[1:])
        return tuple(f"the {budget.name} limit is used to {used_share(budget):.0%}" for budget in critical)

    def lacks_time(self, campaign: Campaign, *, now: datetime) -> tuple[str, ...]:
        """Why no phone may ring at any hour, or not yet, or no more."""
        if not _meets_law(campaign.plan.hours):
            return ("none of its hours lies within those at which the law lets a phone ring",)
        if campaign.ends_at is not None and campaign.ends_at <= now:
            return (f"it was to end at {campaign.ends_at:{MINUTE}}: give it a later end, or none",)
        return () if campaign.is_open(now) else (f"it begins at {campaign.starts_at:{MINUTE}}",)

    def lacks_registry(self, *, now: datetime) -> tuple[str, ...]:
        """Why nobody knows who must not be called."""
        oldest = (now - OLDEST).date()
        if any(copy.registry is Registry.NATIONAL and copy.taken_on >= oldest for copy in self.registries):
            return ()
        return (
            f"there is no copy of the national do-not-call registry from the last {OLDEST.days} days: "
            "import one with `reauto suppress import FILE --list national`",
        )

    def _lacks_words(self, campaign: Campaign) -> Iterator[str]:
        for script in campaign.plan.scripts(campaign.script):
            if script not in self.scripts:
                yield f"there is no script {script!r} (there are: {', '.join(sorted(self.scripts))})"
        for voice in unrendered(campaign, self.openings, self.seller):
            yield f"the opening is not rendered in the voice {voice!r} with its present words"


def _meets_law(week: Week) -> bool:
    """Whether some hour of the week is one at which the federal rule lets a phone ring."""
    wanted, federal = hours_in_week(week), calling_hours().table.default
    if wanted is None:
        return True
    days = [A_MONDAY + timedelta(days=ahead) for ahead in range(7)]
    lawful = {day: federal.hours_on(day.weekday()) for day in days}
    return any(meeting(wanted(day), (hours,)) for day, hours in lawful.items() if hours is not None)


def _is_number(text: str) -> bool:
    try:
        normalise(text)
    except Malformed:
        return False
    return True
