"""Which voice speaks: by what it is expected to earn, within what is allowed, measured against those held out."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.conversation import Stage
from shared.conversation.voice_tier import Tier, TierFacts, TierReason, TierRule, decide_tier
from shared.kernel.errors import Malformed
from shared.kernel.money import Money

RULE = TierRule(
    appointment_value=Money.usd("25"),
    uplift=Decimal("0.05"),
    call_budget=Money.usd("0.10"),
    hold_out=Decimal("0.1"),
)
HOT = TierFacts(
    turn=4,
    stage=Stage.QUALIFYING,
    score=80,
    seconds_left=200.0,
    spent=Money(0),
    characters_left=50_000,
    thousand_price=Money.usd("0.05"),
    is_held_out=False,
    is_ready=True,
)

facts = st.builds(
    TierFacts,
    turn=st.integers(0, 50),
    stage=st.sampled_from(Stage),
    score=st.none() | st.integers(0, 100),
    seconds_left=st.floats(-5, 600),
    spent=st.builds(Money, st.integers(0, 200_000)),
    characters_left=st.none() | st.integers(0, 5_000),
    thousand_price=st.builds(Money, st.integers(0, 300_000)),
    is_held_out=st.booleans(),
    is_ready=st.booleans(),
)
rules = st.builds(
    TierRule,
    appointment_value=st.builds(Money, st.integers(0, 100_000_000)),
    uplift=st.decimals(0, 1, places=2),
    call_budget=st.builds(Money, st.integers(0, 200_000)),
    hold_out=st.decimals(0, 1, places=2),
)


def test_a_promising_lead_is_worth_the_premium_voice() -> None:
    decision = decide_tier(HOT, RULE)
    assert (decision.tier, decision.reason) == (Tier.PREMIUM, TierReason.WORTH_IT)
    assert decision.gain_micro_usd == 350_000
    assert decision.characters == 607
    assert decision.cost_micro_usd == 30_350


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"score": 6}, TierReason.NOT_WORTH_IT),
        ({"stage": Stage.ENDED}, TierReason.NOT_WORTH_IT),
        ({"is_held_out": True}, TierReason.HELD_OUT),
        ({"spent": Money.usd("0.0697")}, TierReason.OVER_BUDGET),
        ({"characters_left": 606}, TierReason.NO_QUOTA),
        ({"is_ready": False}, TierReason.NOT_READY),
    ],
)
def test_what_forbids_it_is_named(change: dict[str, object], reason: TierReason) -> None:
    decision = decide_tier(replace(HOT, **change), RULE)  # type: ignore[arg-type]
    assert (decision.tier, decision.reason) == (Tier.LOCAL, reason)


def test_at_the_boundaries_it_is_allowed() -> None:
    for change in ({"spent": Money(100_000 - 30_350)}, {"characters_left": 607}, {"characters_left": None}):
        assert decide_tier(replace(HOT, **change), RULE).tier is Tier.PREMIUM


def test_gain_that_only_equals_the_cost_is_not_worth_it() -> None:
    exact = replace(RULE, appointment_value=Money(30_350), uplift=Decimal(1))
    certain = replace(HOT, score=100)
    gain = decide_tier(certain, exact).gain_micro_usd
    equal = replace(certain, thousand_price=Money(gain * 1_000 // 607))
    assert decide_tier(replace(equal, thousand_price=Money(gain * 1_000 // 607 + 2)), exact).tier is Tier.LOCAL
    assert decide_tier(replace(equal, thousand_price=Money(gain * 1_000 // 607 - 2)), exact).tier is Tier.PREMIUM


def test_those_held_out_are_known_to_have_been_worth_it() -> None:
    assert decide_tier(replace(HOT, is_held_out=True), RULE).would_be is Tier.PREMIUM


def test_the_hold_out_group_is_as_large_as_asked_and_always_the_same_people() -> None:
    phones = [f"+1512555{number:04d}" for number in range(4_000)]
    held = {phone for phone in phones if RULE.is_held_out(phone)}
    assert 320 < len(held) < 480
    assert held == {phone for phone in phones if RULE.is_held_out(phone)}
    larger = replace(RULE, hold_out=Decimal("0.2"))
    assert held < {phone for phone in phones if larger.is_held_out(phone)}
    assert held != {phone for phone in phones if replace(RULE, experiment="next").is_held_out(phone)}


@pytest.mark.parametrize(("share", "held"), [(Decimal(0), False), (Decimal(1), True)])
def test_nobody_or_everybody_may_be_held_out(share: Decimal, held: bool) -> None:
    assert replace(RULE, hold_out=share).is_held_out("+15125550142") is held


@pytest.mark.parametrize("wrong", [{"hold_out": Decimal("1.1")}, {"uplift": Decimal(-1)}, {"call_budget": Money(-1)}])
def test_a_rule_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        replace(RULE, **wrong)  # type: ignore[arg-type]


@given(facts, rules)
def test_the_premium_voice_never_breaks_a_bound(facts: TierFacts, rule: TierRule) -> None:
    decision = decide_tier(facts, rule)
    assert decide_tier(facts, rule) == decision
    if decision.tier is Tier.PREMIUM:
        assert facts.is_ready
        assert not facts.is_held_out
        assert decision.gain_micro_usd > decision.cost_micro_usd
        assert decision.spent_micro_usd + decision.cost_micro_usd <= decision.budget_micro_usd
        assert facts.characters_left is None or decision.characters <= facts.characters_left
    assert type(decision).model_validate_json(decision.model_dump_json()) == decision


@given(facts, rules, st.integers(0, 100), st.integers(0, 100))
def test_a_better_lead_is_never_spoken_to_worse(facts: TierFacts, rule: TierRule, one: int, other: int) -> None:
    worse, better = sorted((one, other))
    if decide_tier(replace(facts, score=worse), rule).tier is Tier.PREMIUM:
        assert decide_tier(replace(facts, score=better), rule).tier is Tier.PREMIUM
