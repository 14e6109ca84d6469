"""The price table, the lines priced from it, and the reference call."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.costs import Component, Unit, Usage
from shared.costs.price_table import NoPrice, price_table, read_prices
from shared.costs.pricing import Tier, price, reference_call, worst_case
from shared.costs.settle import CallCharges, usages_of
from shared.kernel.errors import Malformed
from shared.kernel.money import ZERO, Money

TODAY = date(2026, 11, 22)
ROW = "{component: compute, vendor: local, unit: minute, usd: '0.006', source: ours, grade: R"


def usage(component: Component, vendor: str, quantity: str, unit: Unit) -> Usage:
    return Usage(component=component, vendor=vendor, quantity=Decimal(quantity), unit=unit)


def cost(component: Component, vendor: str, quantity: str, unit: Unit, on: date = TODAY) -> Money:
    (line,) = price([usage(component, vendor, quantity, unit)], price_table(), on=on)
    return line.amount


@pytest.mark.parametrize(("seconds", "minutes"), [("0", 0), ("1", 1), ("60", 1), ("61", 2), ("150.5", 3)])
def test_begun_minutes_of_the_carrier_count_whole(seconds: str, minutes: int) -> None:
    assert cost(Component.CARRIER_VOICE, "twilio", seconds, Unit.SECOND) == Money.usd("0.014").times(minutes)


def test_characters_are_priced_by_the_thousand() -> None:
    assert cost(Component.TEXT_TO_SPEECH, "elevenlabs_flash", "1010", Unit.CHARACTER) == Money.usd("0.0505")


def test_the_price_of_the_day_counts() -> None:
    july = cost(Component.MEDIA_STREAM, "twilio", "1", Unit.MINUTE, on=date(2026, 7, 31))
    august = cost(Component.MEDIA_STREAM, "twilio", "1", Unit.MINUTE, on=date(2026, 8, 1))

    assert (july, august) == (Money.usd("0.0040"), Money.usd("0.0044"))


def test_a_line_names_the_table_it_was_priced_from() -> None:
    (line,) = price([usage(Component.COMPUTE, "local", "90", Unit.SECOND)], price_table(), on=TODAY)

    assert (line.unit, line.quantity, line.unit_price) == (Unit.MINUTE, Decimal("1.5"), Money.usd("0.006"))
    assert line.price_version == price_table().version


def test_what_has_no_price_is_named() -> None:
    with pytest.raises(NoPrice, match="speech_to_text by ears per minute on 2026-11-22"):
        cost(Component.SPEECH_TO_TEXT, "ears", "1", Unit.MINUTE)


@pytest.mark.parametrize(
    ("tier", "low", "high"),
    [
        (Tier.LOCAL, "0.081", "0.083"),
        (Tier.PREMIUM, "0.087", "0.089"),
        (Tier.PREMIUM_WHOLE_CALL, "0.122", "0.133"),
    ],
)
def test_the_reference_call_comes_out_as_published(tier: Tier, low: str, high: str) -> None:
    call = reference_call(tier, price_table(), on=TODAY)

    assert Money.usd(low) < call.total < Money.usd(high)
    assert abs(call.total.micro_usd - call.published.micro_usd) < 1000


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (f"[{ROW}}}]", "valid_from"),
        (f"[{ROW}, valid_from: 2026-01-01}}, {ROW}, valid_from: 2026-06-01}}]", "two prices hold on 2026-06-01"),
        (f"[{ROW}, valid_from: 2026-06-01, valid_until: 2026-06-01}}]", "ends before it begins"),
        (f"[{ROW.replace('ours', '')}, valid_from: 2026-06-01}}]", "source"),
        ("[", "cannot be read"),
    ],
)
def test_rows_without_a_date_or_with_two_prices_for_a_day_are_refused(rows: str, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        read_prices(f"version: test\nprices: {rows}")


def test_a_price_may_follow_another() -> None:
    rows = f"[{ROW}, valid_from: 2026-01-01, valid_until: 2026-06-01}}, {ROW}, valid_from: 2026-06-01}}]"

    assert len(read_prices(f"version: test\nprices: {rows}").rows) == 2


@settings(max_examples=100, deadline=None)
@given(limit=st.integers(1, 1800), used=st.floats(0, 1), is_premium=st.booleans())
def test_no_call_costs_more_than_was_reserved_for_it(limit: int, used: float, is_premium: bool) -> None:
    seconds = int(limit * used)
    characters = Decimal(seconds * 900 // 60)
    voice = usage(Component.TEXT_TO_SPEECH, "elevenlabs_flash", str(characters), Unit.CHARACTER)
    charges = CallCharges(
        was_placed=True,
        was_answered=True,
        was_streamed=True,
        duration_seconds=seconds,
        usages=(voice,) if is_premium else (),
    )
    tier = Tier.PREMIUM if is_premium else Tier.LOCAL
    spent = sum((line.amount for line in price(usages_of(charges), price_table(), on=TODAY)), ZERO)

    assert spent <= worst_case(timedelta(seconds=limit), price_table(), [tier], on=TODAY)


def test_the_dearest_voice_that_a_campaign_may_use_is_reserved_for() -> None:
    local, dearest, both = (
        worst_case(timedelta(minutes=10), price_table(), tiers, on=TODAY)
        for tiers in ([Tier.LOCAL], [Tier.PREMIUM_WHOLE_CALL], [Tier.LOCAL, Tier.PREMIUM_WHOLE_CALL])
    )

    assert local == worst_case(timedelta(minutes=10), price_table(), on=TODAY) < dearest == both
