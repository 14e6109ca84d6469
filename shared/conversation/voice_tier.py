"""Which voice speaks next: the local one, or the premium one where it is expected to earn more than it costs."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shared.conversation.brief import Message
from shared.conversation.state import Stage
from shared.kernel.errors import Malformed
from shared.kernel.money import Money

CHARACTERS_A_SECOND = Decimal(15)
AGENTS_SHARE = Decimal("0.45")
"""How much of a call the agent speaks."""
PENDING_SECONDS: Mapping[Stage, int] = {
    Stage.GREETING: 120,
    Stage.QUALIFYING: 90,
    Stage.SCHEDULING: 45,
    Stage.CLOSING: 10,
    Stage.ENDED: 0,
}
"""How long a call that goes well still lasts from each stage."""
CHANCE_AT_FULL_SCORE: Mapping[Stage, Decimal] = {
    Stage.GREETING: Decimal("0.10"),
    Stage.QUALIFYING: Decimal("0.35"),
    Stage.SCHEDULING: Decimal("0.60"),
    Stage.CLOSING: Decimal("0.02"),
    Stage.ENDED: Decimal(0),
}
"""How likely an appointment still depends on the rest of the call, for a lead of 100 points. Assumptions, until the
hold-out group has measured them."""
BASE_SCORE = 15
"""What counts for a lead that has told nothing yet."""


class Tier(StrEnum):
    """Whose voice it is."""

    LOCAL = "local"
    PREMIUM = "premium"


class TierReason(StrEnum):
    """Why a turn is spoken as it is."""

    WORTH_IT = "worth_it"
    NOT_WORTH_IT = "not_worth_it"
    HELD_OUT = "held_out"
    OVER_BUDGET = "over_budget"
    NO_QUOTA = "no_quota"
    NOT_READY = "not_ready"


@dataclass(frozen=True, kw_only=True)
class TierRule:
    """What the installation believes and allows.

    ``appointment_value`` is what an appointment is worth, ``uplift`` by which share a premium voice makes one likelier,
    ``call_budget`` what premium speech may cost in one call at most. ``hold_out`` is the share of contacts that never
    hear it, drawn anew when ``experiment`` is renamed.
    """

    appointment_value: Money
    uplift: Decimal
    call_budget: Money
    hold_out: Decimal
    experiment: str = "voice-tier"

    def __post_init__(self) -> None:
        """Refuse shares that are none and values below nothing."""
        if not 0 <= self.hold_out <= 1 or not 0 <= self.uplift <= 1:
            raise Malformed("a share of the voice tier lies from 0 to 1")
        if self.appointment_value < Money(0) or self.call_budget < Money(0):
            raise Malformed("the values of the voice tier are not below zero")

    def is_held_out(self, contact: str) -> bool:
        """Whether this contact (E.164) never hears the premium voice: the same whenever it is asked."""
        drawn = hashlib.sha256(f"{self.experiment}\x00{contact}".encode()).digest()
        return Decimal(int.from_bytes(drawn[:8], "big")) < self.hold_out * 2**64


@dataclass(frozen=True, kw_only=True)
class TierFacts:
    """What is known at a turn's beginning.

    ``score`` is 0 to 100, ``None`` while nothing is known. ``seconds_left`` is until the carrier cuts the call.
    ``spent`` is what premium speech has cost in this call, ``characters_left`` what the account has (``None``:
    unknown), ``thousand_price`` what 1,000 of them cost. ``is_ready``: the next words would wait for no connection.
    """

    turn: int
    stage: Stage
    score: int | None
    seconds_left: float
    spent: Money
    characters_left: int | None
    thousand_price: Money
    is_held_out: bool
    is_ready: bool


class TierDecision(Message):
    """Which voice a turn is spoken with, why, and every number that went into it. Money in micro-dollars.

    ``would_be`` is the tier that value alone asks for: hold-out contacts are compared with those who got it.
    """

    turn: int
    tier: Tier
    would_be: Tier
    reason: TierReason
    stage: Stage
    score: int | None
    chance: Decimal
    gain_micro_usd: int
    characters: int
    cost_micro_usd: int
    spent_micro_usd: int
    budget_micro_usd: int
    characters_left: int | None
    is_held_out: bool
    is_ready: bool


def decide_tier(facts: TierFacts, rule: TierRule) -> TierDecision:
    """The voice of the next turn.

    Premium when the expected gain of the rest of the call is more than what that rest would cost, and nothing forbids
    it. What a call has cost already is gone and does not count for the gain, only for the budget.
    """
    chance = _chance(facts)
    gain = rule.appointment_value.times(chance * rule.uplift)
    characters = _characters(facts)
    cost = Money(-(-facts.thousand_price.micro_usd * characters // 1_000))
    is_worth_it = gain > cost
    reason = _reason(facts, rule, is_worth_it=is_worth_it, characters=characters, cost=cost)
    return TierDecision(
        turn=facts.turn,
        tier=Tier.PREMIUM if reason is TierReason.WORTH_IT else Tier.LOCAL,
        would_be=Tier.PREMIUM if is_worth_it else Tier.LOCAL,
        reason=reason,
        stage=facts.stage,
        score=facts.score,
        chance=chance,
        gain_micro_usd=gain.micro_usd,
        characters=characters,
        cost_micro_usd=cost.micro_usd,
        spent_micro_usd=facts.spent.micro_usd,
        budget_micro_usd=rule.call_budget.micro_usd,
        characters_left=facts.characters_left,
        is_held_out=facts.is_held_out,
        is_ready=facts.is_ready,
    )


def _chance(facts: TierFacts) -> Decimal:
    """How likely an appointment still hangs on the rest of the call."""
    score = BASE_SCORE if facts.score is None else min(max(facts.score, 0), 100)
    return CHANCE_AT_FULL_SCORE[facts.stage] * score / 100


def _characters(facts: TierFacts) -> int:
    """What the agent is still going to say."""
    seconds = min(Decimal(PENDING_SECONDS[facts.stage]), max(Decimal(str(facts.seconds_left)), Decimal(0)))
    return int(seconds * AGENTS_SHARE * CHARACTERS_A_SECOND)


def _reason(facts: TierFacts, rule: TierRule, *, is_worth_it: bool, characters: int, cost: Money) -> TierReason:
    if not is_worth_it:
        return TierReason.NOT_WORTH_IT
    if facts.is_held_out:
        return TierReason.HELD_OUT
    if facts.spent + cost > rule.call_budget:
        return TierReason.OVER_BUDGET
    if facts.characters_left is not None and facts.characters_left < characters:
        return TierReason.NO_QUOTA
    if not facts.is_ready:
        return TierReason.NOT_READY
    return TierReason.WORTH_IT
