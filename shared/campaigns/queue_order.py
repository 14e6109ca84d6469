"""Which lead is rung first: after those whom we promised a call, those who have just asked, then the rest.

``Lead.priority`` carries both the place in this order and the wish of whoever imported the lead, 0 to 99, so that one
index serves the queue.
"""

from dataclasses import replace
from enum import IntEnum

from shared.leads import Lead

HIGHEST_WISH = 99


class Turn(IntEnum):
    """The order; within it the higher wish comes first."""

    ORDINARY = 0
    FRESH = 100


def wish_of(lead: Lead) -> int:
    """How urgent the lead is beside others of its turn, 0 to 99."""
    return min(max(lead.priority, 0) % Turn.FRESH, HIGHEST_WISH)


def in_turn(lead: Lead, turn: Turn) -> Lead:
    """The lead at that place of the queue, its wish kept."""
    return replace(lead, priority=turn + wish_of(lead))
