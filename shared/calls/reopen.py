"""Leads that were parted with for a reason that is over wait for their call again: the rules decide anew."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.calls.decide import PARTED
from shared.calls.rules import registry, state, suppression
from shared.campaigns.sign_off import SignOff, StatePolicy
from shared.kernel.ids import SellerId
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

    def reopen(self, reason: Reason, *, now: datetime, limit: int) -> int:
        """Have up to ``limit`` leads wait from ``now`` on that are blocked for that reason alone; how many.

        Left as they are: leads of campaigns that are over, whose number is suppressed, or is in a registry copy that
        is in use.

        Raises:
            Unavailable: The books cannot be read or written.
        """
        ...


def reopen_after_import(copy: RegistryCopy, *, blocked: BlockedLeads, now: datetime) -> int:
    """Let wait whom the copies before forbade to ring, and this one may not. Safe to repeat."""
    return _all(Reason(rules=frozenset({OF_LIST[copy.registry]})), blocked, now)


def reopen_after_sign_off(signed: SignOff, *, blocked: BlockedLeads, now: datetime) -> int:
    """Let wait whom the law of the state forbade to ring, as it stood before the signature. Safe to repeat."""
    if signed.policy in FORBIDS:
        return 0
    return _all(Reason(rules=OF_SIGNATURE, seller_id=signed.seller_id, state=signed.state), blocked, now)


def _all(reason: Reason, blocked: BlockedLeads, now: datetime) -> int:
    reopened = batch = blocked.reopen(reason, now=now, limit=BATCH)
    while batch == BATCH:
        batch = blocked.reopen(reason, now=now, limit=BATCH)
        reopened += batch
    return reopened
