"""The pool of our own numbers: who joins it, and which of them has to rest."""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.campaigns.campaign import Campaign
from shared.campaigns.own_number import NotOurs, NumberStats, OwnNumber, OwnNumberRepository

LOOK_BACK = timedelta(hours=24)
REST = timedelta(hours=24)
BLOCKED_AT_LEAST, BLOCKED_SHARE = 3, 0.05
SHORT_AT_LEAST, SHORT_SHARE = 10, 0.5
DIALS_AT_LEAST, ANSWERED_SHARE = 60, 0.03


def check_caller_id(campaign: Campaign, numbers: OwnNumberRepository) -> OwnNumber | None:
    """The campaign's caller id among our numbers, ``None`` when it is not there yet.

    Raises:
        NotOurs: It is another seller's, or was given up.
    """
    known = numbers.by_phone(campaign.caller_id)
    if known is not None and known.seller_id != campaign.seller_id:
        raise NotOurs(f"{campaign.caller_id} is a number of another seller")
    if known is not None and known.retired_at is not None:
        raise NotOurs(f"{campaign.caller_id} was given up: add it again with `reauto number add`")
    return known


def register_caller_id(campaign: Campaign, numbers: OwnNumberRepository, *, now: datetime) -> OwnNumber:
    """Have the campaign's caller id among the seller's numbers; one that two campaigns show belongs to both.

    A number that comes this way is in use already and needs no warming up. Safe to repeat.

    Raises:
        NotOurs: It is another seller's, or was given up.
    """
    known = check_caller_id(campaign, numbers)
    if known is None:
        known = OwnNumber(phone=campaign.caller_id, seller_id=campaign.seller_id, campaign_id=campaign.id, added_at=now)
    elif not known.may_serve(campaign.id):
        known = replace(known, campaign_id=None)
    numbers.save(known)
    return known


def check_health(number: OwnNumber, numbers: OwnNumberRepository, *, now: datetime) -> OwnNumber | None:
    """Put a number to rest that the networks or the people turn away; the number at rest, or ``None``.

    Calls from before its last rest do not count again.
    """
    if not number.is_healthy(now):
        return None
    since = max(now - LOOK_BACK, number.cooled_until or now - LOOK_BACK)
    because = ailment(numbers.stats(number.phone, since))
    if because is None:
        return None
    resting = number.cooled(now + REST, because)
    numbers.save(resting)
    return resting


def ailment(stats: NumberStats) -> str | None:
    """What is wrong with a number whose calls went like this, in words for a person; ``None`` when nothing is."""
    if stats.blocked >= BLOCKED_AT_LEAST and stats.blocked > BLOCKED_SHARE * stats.dials:
        return f"networks turned away {stats.blocked} of {stats.dials} calls"
    if stats.answered >= SHORT_AT_LEAST and stats.short > SHORT_SHARE * stats.answered:
        return f"{stats.short} of {stats.answered} people who answered were gone within seconds"
    if stats.dials >= DIALS_AT_LEAST and stats.answered < ANSWERED_SHARE * stats.dials:
        return f"only {stats.answered} of {stats.dials} calls were answered"
    return None
