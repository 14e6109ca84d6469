"""Sticky assignment: one contact, one variant, in about the proportions that were asked for."""

from collections import Counter
from dataclasses import replace

import pytest

from shared.campaigns import CallingPlan, Experiment, Variant
from shared.kernel.errors import Malformed

GREETING = Experiment(name="greeting", variants=(Variant(name="a", weight=1), Variant(name="b", weight=3)))
PHONES = [f"+1512555{number:04}" for number in range(4000)]


def dealt(experiment: Experiment) -> dict[str, str]:
    return {phone: experiment.variant_for(phone).name for phone in PHONES}


def test_contacts_are_dealt_by_weight_and_always_alike() -> None:
    share = Counter(dealt(GREETING).values())["b"] / len(PHONES)

    assert 0.72 < share < 0.78
    assert dealt(GREETING) == dealt(GREETING)
    assert GREETING.variant_for(PHONES[0]).name == "b"


def test_a_changed_weight_moves_people_one_way_only() -> None:
    before, after = dealt(GREETING), dealt(replace(GREETING, variants=(Variant(name="a"), Variant(name="b"))))

    moved = {(before[phone], after[phone]) for phone in PHONES if before[phone] != after[phone]}
    assert moved == {("b", "a")}


def test_a_new_variant_takes_from_the_others_and_moves_nobody_between_them() -> None:
    before, after = dealt(GREETING), dealt(replace(GREETING, variants=(*GREETING.variants, Variant(name="c"))))

    assert {after[phone] for phone in PHONES if before[phone] != after[phone]} == {"c"}


def test_another_name_deals_anew() -> None:
    assert dealt(GREETING) != dealt(replace(GREETING, name="closing"))


def test_who_has_a_variant_keeps_it_as_long_as_it_is_one() -> None:
    plan = CallingPlan(experiment=GREETING)
    other = {"a": "b", "b": "a"}[GREETING.variant_for(PHONES[0]).name]

    kept, drawn = plan.variant_of(other, PHONES[0]), plan.variant_of("gone", PHONES[0])
    assert kept is not None
    assert kept.name == other
    assert drawn == GREETING.variant_for(PHONES[0])
    assert CallingPlan().variant_of("a", PHONES[0]) is None


def test_a_variant_that_weighs_nothing_gets_nobody() -> None:
    off = Experiment(name="off", variants=(Variant(name="a"), Variant(name="b", weight=0)))

    assert set(dealt(off).values()) == {"a"}


@pytest.mark.parametrize(
    "variants",
    [(), (Variant(name="a"), Variant(name="a")), (Variant(name="a", weight=0),)],
)
def test_an_experiment_that_compares_nothing_is_refused(variants: tuple[Variant, ...]) -> None:
    with pytest.raises(Malformed):
        Experiment(name="greeting", variants=variants)


TRIED = Experiment(name="prompt", variants=(Variant(name="a", prompt="reply-2"), Variant(name="b", prompt="reply-3")))
MANY = [f"+1737{number:07}" for number in range(0, 10_000_000, 1_000)]


def versions(experiment: Experiment) -> dict[str, str | None]:
    return {phone: experiment.variant_for(phone).prompt for phone in MANY}


def test_two_prompts_are_given_evenly_to_ten_thousand_people() -> None:
    given = versions(TRIED)

    assert len(given) == 10_000
    assert abs(Counter(given.values())["reply-3"] / len(given) - 0.5) < 0.015
    assert versions(TRIED) == given


def test_three_prompts_are_given_by_weight() -> None:
    weighted = replace(TRIED, variants=(*TRIED.variants, Variant(name="c", weight=2)))
    shares = Counter(versions(weighted).values())

    assert abs(shares[None] / len(MANY) - 0.5) < 0.015
    assert abs(shares["reply-2"] / len(MANY) - 0.25) < 0.015


def test_whoever_has_a_prompt_keeps_it_when_the_weights_change() -> None:
    given = {phone: TRIED.variant_for(phone).name for phone in MANY}
    changed = CallingPlan(experiment=replace(TRIED, variants=(replace(TRIED.variants[0], weight=9), TRIED.variants[1])))

    for phone, name in given.items():
        kept = changed.variant_of(name, phone)
        assert kept is not None
        assert kept.name == name


def test_a_plan_names_the_prompts_of_its_variants() -> None:
    assert CallingPlan(experiment=TRIED).prompts == ("reply-2", "reply-3")
    assert CallingPlan().prompts == ()
