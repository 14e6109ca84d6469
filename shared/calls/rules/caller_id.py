"""Is the number that the person would see ours, and do the networks think well of it?"""

from datetime import datetime, timedelta

from shared.calls.known import PermissionFacts
from shared.calls.permission import Finding
from shared.calls.rules.rule import Rule

HEALTHY = Rule("caller_id.healthy", "47 CFR 64.1601(e); 47 U.S.C. 227(e); decision: a number that is flagged rests")
LOOK_AGAIN = timedelta(minutes=15)


def is_healthy(facts: PermissionFacts, now: datetime) -> Finding:
    """Whether the number shown belongs to the seller, is in use, does not rest and is not worn out for today."""
    caller = facts.caller
    if caller is None or facts.campaign is None or facts.caller_dials is None:
        return HEALTHY.unknown("the campaign has no number of its own to call from")
    evidence = {"phone": caller.phone, "dials": facts.caller_dials, "authorisation": caller.authorisation}
    if caller.seller_id != facts.campaign.seller_id or not caller.may_serve(facts.campaign.id):
        return HEALTHY.unknown("the number belongs to another seller or campaign", **evidence)
    if caller.retired_at is not None:
        return HEALTHY.unknown("the number was given up", **evidence)
    if caller.cooled_until is not None and now < caller.cooled_until:
        return HEALTHY.defer(
            "the number rests", until=caller.cooled_until, because=caller.cooled_because or "", **evidence
        )
    most = caller.most_dials(now)
    if most is not None and facts.caller_dials >= most:
        return HEALTHY.defer("the number is new and has called enough for today", until=now + LOOK_AGAIN, **evidence)
    return HEALTHY.allow("the number shown is the seller's own and in good standing", **evidence)
