"""May this person's phone ring at this hour, wherever they may be?"""

from datetime import datetime, timedelta

from shared.calls.known import Moment, PermissionFacts
from shared.calls.permission import Finding
from shared.calls.rules.rule import Rule
from shared.campaigns.openings import Hours, closes_at, hours_of_weeks, is_open, next_opening

LOCAL = Rule("hours.local", "47 CFR 64.1200(c)(1); 16 CFR 310.4(c); state hours")
HOLIDAY = Rule("hours.holiday", "state laws on Sundays and holidays; see calling_rules.yaml")
WANTED = Rule("hours.wanted", "decision: the hours of the campaign, and those that the person named")
RINGING = timedelta(seconds=60)
"""An answer is judged by the moment the phone may have begun to ring: it was right to ring, so it is right to talk."""


def is_open_by_law(facts: PermissionFacts, now: datetime) -> Finding:
    """Whether every place the person may be in is within its hours."""
    if facts.law is None:
        return LOCAL.unknown("the law that applies is unknown")
    if not facts.clocks:
        return LOCAL.deny("it is unknown where the person is, so their local time is unknown")
    evidence = {
        "local": {clock.zone: f"{clock.local(now):%Y-%m-%d %H:%M:%S}" for clock in facts.clocks},
        "by": [each.evidence.value for each in facts.whereabouts if each.zones],
        "states": list(facts.states),
        "rules": [rule.id for rule in facts.law.rules],
    }
    hours = facts.law.daily_hours
    closes = closes_at(now, facts.clocks, hours)
    if closes is not None or _rang_in_time(facts, now, hours):
        return LOCAL.allow("within calling hours wherever the person may be", closes, **evidence)
    opening = next_opening(now, facts.clocks, facts.law.hours)
    if opening is None:
        return LOCAL.deny("there is no hour at which this person may be called", **evidence)
    return LOCAL.defer("outside calling hours where the person may be", until=opening, **evidence)


def is_no_holiday(facts: PermissionFacts, now: datetime) -> Finding:
    """Whether it is no holiday that keeps phones silent, in any place the person may be in."""
    if facts.law is None:
        return HOLIDAY.unknown("the law that applies is unknown")
    today = {clock.local(now).date() for clock in facts.clocks}
    kept = [holiday for day in sorted(today) for holiday in facts.law.holidays_on(day)]
    if not kept:
        return HOLIDAY.allow("no holiday keeps phones silent today")
    names = sorted({holiday.name for holiday in kept})
    opening = next_opening(now, facts.clocks, facts.law.hours)
    if opening is None:
        return HOLIDAY.deny("there is no hour at which this person may be called", holidays=names)
    return HOLIDAY.defer(
        "nobody is rung on this holiday",
        until=opening,
        holidays=names,
        rules=sorted({holiday.rule for holiday in kept}),
    )


def is_wanted_now(facts: PermissionFacts, now: datetime) -> Finding:
    """Whether the campaign rings now and the person wants it; a call-back at its promised hour is wanted anyway."""
    if facts.campaign is None or facts.law is None:
        return WANTED.unknown("the campaign could not be read")
    if facts.lead.promised_at is not None and facts.lead.promised_at <= now:
        return WANTED.allow("the person was promised this call", promised_at=facts.lead.promised_at.isoformat())
    weeks = (facts.campaign.hours, facts.lead.hours)
    wanted = hours_of_weeks(*weeks)
    if wanted is None:
        return WANTED.allow("neither the campaign nor the person named hours of their own")
    closes = closes_at(now, facts.clocks, wanted)
    if closes is not None or _rang_in_time(facts, now, wanted):
        return WANTED.allow("within the hours of the campaign and of the person", closes)
    opening = next_opening(now, facts.clocks, facts.law.hours_within(*weeks))
    if opening is None:
        return WANTED.deny("the hours of the campaign, of the person and of the law have none in common")
    return WANTED.defer("outside the hours of the campaign or of the person", until=opening)


def _rang_in_time(facts: PermissionFacts, now: datetime, hours: Hours) -> bool:
    """Whether a call that is answered now began to ring within the hours."""
    return facts.moment is Moment.ANSWER and is_open(now - RINGING, facts.clocks, hours)
