"""Is there somebody to talk to the person who answers?"""

from datetime import datetime, timedelta

from shared.calls.known import Moment, PermissionFacts
from shared.calls.permission import Finding
from shared.calls.rules.rule import Rule

SLOT = Rule("capacity.slot", "16 CFR 310.4(b)(1)(iv): no abandoned calls")
CAMPAIGN = Rule("capacity.campaign", "decision: the campaign's own limit of calls at once")
LOOK_AGAIN = timedelta(seconds=5)


def has_slot(facts: PermissionFacts, now: datetime) -> Finding:
    """Whether a worker holds a slot for this call, or has one free."""
    if facts.holds_slot:
        return SLOT.allow("a voice worker holds a slot for this call")
    if facts.free_slots is None:
        return SLOT.unknown("the room for calls is unknown")
    if facts.free_slots > 0:
        return SLOT.allow("a voice worker has room", free=facts.free_slots)
    return SLOT.defer("no voice worker has room", until=now + LOOK_AGAIN, free=facts.free_slots)


def campaign_has_room(facts: PermissionFacts, now: datetime) -> Finding:
    """Whether the campaign rings fewer phones at once than it may; asked before an attempt counts among them."""
    if facts.campaign is None or facts.live_in_campaign is None:
        return CAMPAIGN.unknown("the campaign's live calls are unknown")
    if facts.moment is not Moment.CLAIM:
        return CAMPAIGN.allow("the call is one of those that the campaign may make at once")
    evidence = {"live": facts.live_in_campaign, "most": facts.campaign.most_at_once}
    if facts.live_in_campaign < facts.campaign.most_at_once:
        return CAMPAIGN.allow("the campaign has room", **evidence)
    return CAMPAIGN.defer("the campaign rings as many phones as it may", until=now + LOOK_AGAIN, **evidence)
