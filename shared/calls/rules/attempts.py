"""Was this phone rung often enough already?"""

from datetime import datetime, timedelta

from shared.calls.facts import PermissionFacts
from shared.calls.permission import Finding
from shared.calls.rules.rule import Rule
from shared.campaigns.calling_hours import calling_hours

LIVE = Rule("attempts.live", "decision: one live call per phone")
DAY = Rule("attempts.day", "Fla. Stat. 501.616(6); 15 O.S. 775C.4; Md. Com. Law 14-4502; Or. HB 3865")
TOTAL = Rule("attempts.total", "decision: the campaign's cadence")
DAY_LENGTH = timedelta(hours=24)
LIVE_LOOK_AGAIN = timedelta(minutes=5)


def is_not_rung_now(facts: PermissionFacts, now: datetime) -> Finding:
    """Whether no other attempt to this phone is live, in any campaign."""
    if facts.calls is None:
        return LIVE.unknown("earlier calls to this phone could not be read")
    if facts.calls.live_attempts:
        return LIVE.defer("another call to this phone is under way", until=now + LIVE_LOOK_AGAIN)
    return LIVE.allow("no other call to this phone is under way")


def is_within_day(facts: PermissionFacts, now: datetime) -> Finding:
    """Whether the last 24 hours hold fewer attempts than allowed; otherwise when the oldest that counts ages out."""
    if facts.calls is None or facts.campaign is None:
        return DAY.unknown("earlier calls to this phone could not be read")
    cap = min(facts.campaign.cadence.max_per_day, calling_hours().attempts_per_24_hours(facts.states))
    recent = sorted(at for at in facts.calls.attempts_last_24_hours if at > now - DAY_LENGTH)
    evidence = {"attempts": len(recent), "cap": cap}
    if cap <= 0:
        return DAY.deny("the campaign allows no calls a day", **evidence)
    if len(recent) < cap:
        return DAY.allow("fewer calls in 24 hours than allowed", **evidence)
    return DAY.defer("rung as often as allowed within 24 hours", until=recent[-cap] + DAY_LENGTH, **evidence)


def is_within_total(facts: PermissionFacts, _now: datetime) -> Finding:
    """Whether the cadence has attempts left."""
    if facts.calls is None or facts.campaign is None:
        return TOTAL.unknown("earlier calls to this phone could not be read")
    most, done = facts.campaign.cadence.max_attempts, facts.calls.attempts_total
    if done < most:
        return TOTAL.allow("fewer calls in all than allowed", attempts=done, cap=most)
    return TOTAL.deny("rung as often as the campaign allows in all", attempts=done, cap=most)
