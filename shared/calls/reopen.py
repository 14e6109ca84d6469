"""Leads that were parted with for a reason that is over wait for their call again: the rules decide anew."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.calls.decide import PARTED
from shared.calls.rules import registry, state, suppression
from shared.campaigns import CampaignState
from shared.campaigns.lifecycle import revived
from shared.campaigns.ports import CampaignRepository
from shared.campaigns.sign_off import SignOff, StatePolicy
from shared.kernel.ids import CampaignId, SellerId
from shared.leads.registry import Registry, RegistryCopy

BATCH = 1000
AGAINST_THEM = frozenset({suppression.LISTED.id, *(rule for rule, _ in PARTED)})
"""Rules that part with a lead when they deny."""
OF_LIST = {Registry.NATIONAL: registry.NATIONAL.id, Registry.STATE: registry.STATE.id}
OF_SIGNATURE = frozenset({state.POLICY.id, state.LICENCE.id})
FORBIDS = frozenset({StatePolicy.BLOCK, StatePolicy.HUMAN_FIRST})


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why leads were blocked that may be rung now: what one or more of ``rules`` said, and no other rule.

    With ``seller_id`` only that seller's leads count, with ``state`` only what was said of that state.
    """

    rules: frozenset[str]
    seller_id: SellerId | None = None
    state: str | None = None

    @property
    def others(self) -> frozenset[str]:
        """Rules that keep a lead blocked if they, too, denied."""
        return AGAINST_THEM - self.rules


class BlockedLeads(Protocol):
    """The leads that the rules parted with, and why they did, by the latest decision about each."""

    def reopen(self, reason: Reason, *, now: datetime, limit: int) -> Mapping[CampaignId, int]:
        """Have up to ``limit`` leads wait from ``now`` on that are blocked for that reason alone; how many of whom.

        Left as they are: leads of campaigns whose time has ended, whose number is suppressed, or is in a registry copy
        that is in use.

        Raises:
            Unavailable: The books cannot be read or written.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Reopening:
    """What reopening reads and writes."""

    blocked: BlockedLeads
    campaigns: CampaignRepository


def reopen_after_import(copy: RegistryCopy, *, reopening: Reopening, now: datetime) -> int:
    """Let wait whom the copies before forbade to ring, and this one may not. How many. Safe to repeat."""
    return _reopen(Reason(rules=frozenset({OF_LIST[copy.registry]})), reopening, now)


def reopen_after_sign_off(signed: SignOff, *, reopening: Reopening, now: datetime) -> int:
    """Let wait whom the law of the state forbade to ring before the signature. How many. Safe to repeat."""
    if signed.policy in FORBIDS:
        return 0
    return _reopen(Reason(rules=OF_SIGNATURE, seller_id=signed.seller_id, state=signed.state), reopening, now)


def _reopen(reason: Reason, reopening: Reopening, now: datetime) -> int:
    """Batch by batch. A campaign that was over with them comes back paused: a person starts it."""
    reopened: Counter[CampaignId] = Counter()
    while batch := reopening.blocked.reopen(reason, now=now, limit=BATCH):
        reopened.update(batch)
        if sum(batch.values()) < BATCH:
            break
    for campaign_id, number in reopened.items():
        campaign = reopening.campaigns.get(campaign_id)
        if campaign.state is CampaignState.COMPLETED:
            because = f"it was over; of the people it could not ring, {number} may be rung now: start it to ring them"
            reopening.campaigns.save(revived(campaign, because, now=now), was=campaign)
    return reopened.total()
