"""Was this phone rung often enough already?"""

from datetime import datetime, timedelta

from shared.calls.known import PermissionFacts
from shared.calls.permission import Finding
from shared.calls.rules.rule import Rule

LIVE = Rule("attempts.live", "decision: one live call per phone")
DAY = Rule("attempts.day", "Fla. Stat. 501.616(6); 15 O.S. 775C.4; Md. Com. Law 14-4502; Or. HB 3865")
SPACING = Rule("attempts.spacing", "state laws on automatic dialers, such as Maine's; see calling_rules.yaml")
TOTAL = Rule("attempts.total", "decision: the campaign's cadence")
DAY_LENGTH = timedelta(hours=24)
LIVE_LOOK_AGAIN = timedelta(minutes=5)
LEAST_APART = timedelta(minutes=2)


def is_not_rung_now(facts: PermissionFacts, now: datetime) -> Finding:
    """Whether no other attempt to this phone is live, in any campaign."""
    if facts.calls is None:
        return LIVE.unknown("earlier calls to this phone could not be read")
    if facts.calls.live_attempts:
        return LIVE.defer("another call to this phone is under way", until=now + LIVE_LOOK_AGAIN)
    return LIVE.allow("no other call to this phone is under way")


def is_within_day(facts: PermissionFacts, now: datetime) -> Finding:
    """Whether the last 24 hours hold fewer attempts than allowed; otherwise when the oldest that counts ages out.

    They are counted over all campaigns and all our numbers. A call-back that was promised is held back by the law's
    own limit alone.
    """
    if facts.calls is None or facts.campaign is None or facts.law is None:
        return DAY.unknown("earlier calls to this phone could not be read")
    by_law = facts.law.attempts_per_24_hours
    cap = by_law if _is_promised(facts, now) else min(facts.campaign.most_per_day, by_law)
    recent = sorted(at for at in facts.calls.attempts_last_24_hours if at > now - DAY_LENGTH)
    evidence = {"attempts": len(recent), "cap": cap, "by_law": by_law}
    if cap <= 0:
        return DAY.deny("the campaign allows no calls a day", **evidence)
    if len(recent) < cap:
        return DAY.allow("fewer calls in 24 hours than allowed", **evidence)
    return DAY.defer("rung as often as allowed within 24 hours", until=recent[-cap] + DAY_LENGTH, **evidence)


def is_spaced(facts: PermissionFacts, now: datetime) -> Finding:
    """Whether enough time lies between this call and the one before: hours where a state asks for them.

    Everywhere a moment has to pass: a call that the carrier made twice may ring on after its first one was over.
    """
    if facts.calls is None or facts.law is None:
        return SPACING.unknown("earlier calls to this phone could not be read")
    hours = facts.law.hours_between_attempts
    apart = max(timedelta(hours=hours), LEAST_APART)
    last = max((at for at in facts.calls.attempts_last_24_hours if at <= now), default=None)
    if last is None or now - last >= apart:
        return SPACING.allow("long enough since the call before", hours=hours)
    return SPACING.defer("too soon after the call before", until=last + apart, hours=hours)


def is_within_total(facts: PermissionFacts, now: datetime) -> Finding:
    """Whether the cadence has attempts left; a call-back that was promised needs none."""
    if facts.campaign_attempts is None or facts.campaign is None:
        return TOTAL.unknown("earlier calls to this lead could not be read")
    evidence = {"attempts": facts.campaign_attempts, "cap": facts.campaign.most_attempts}
    if _is_promised(facts, now):
        return TOTAL.allow("the person was promised this call", **evidence)
    if facts.campaign_attempts < facts.campaign.most_attempts:
        return TOTAL.allow("fewer calls in all than allowed", **evidence)
    return TOTAL.deny("rung as often as the campaign allows in all", **evidence)


def _is_promised(facts: PermissionFacts, now: datetime) -> bool:
    return facts.lead.promised_at is not None and facts.lead.promised_at <= now
