"""``reauto money``: what a person reads about money."""

from datetime import timedelta
from decimal import Decimal

import click
import pytest

from functions import settle_costs, watch_money
from infra.cli.money_screen import bar, dollars
from shared.costs.carrier_usage import CarrierUsage
from shared.kernel.money import Money
from tests.functions.test_money import ended, planned
from tests.infra.cli.office import Office
from tests.shared.calls.world import NOON, SELLER


@pytest.fixture
def spent(office: Office) -> Office:
    """An office that has paid for one call of a minute, an hour ago."""
    attempt = ended(office.desk, planned(office.desk))
    settle_costs.handle({"attempt_id": attempt.id}, office.desk.services)
    office.desk.clock.moment = NOON + timedelta(hours=1)
    return office


def test_costs_are_drawn_by_campaign(spent: Office) -> None:
    said = spent.run("money", "show")

    assert "Spring" in said
    assert "$0.0255" in said
    assert "█" in said
    assert spent.json("money", "show", "--by", "tier")["rows"][0]["key"] == "none"
    assert spent.json("money", "show", "--campaign", "spring", "--by", "hour")["rows"][0]["key"] == "12"
    assert "No call was planned" in spent.run("money", "show", "--inbound")
    assert "No call was planned" in spent.run("money", "show", "--since", "2020-01-01", "--until", "2020-02-01")


def test_a_limit_is_set_shown_and_taken_away(spent: Office) -> None:
    said = spent.run("money", "set-limit", "day", "$1,000.50", "--seller", SELLER.registered_name)
    assert said == "The seller day has $1,000.50; $0.0255 are spent in this day.\n"
    spent.run("money", "set-limit", "month", "0.03")

    drawn = spent.run("money", "limits")
    assert "installation month" in drawn
    assert "campaign Spring" in drawn
    assert spent.json("money", "set-limit", "day", "none", "--seller", SELLER.id)["limit_micro_usd"] is None


@pytest.mark.parametrize("amount", ["much", "0", "nan", "$"])
def test_an_amount_that_is_none_is_refused(spent: Office, amount: str) -> None:
    with pytest.raises(click.BadParameter, match="no amount of dollars"):
        spent.run("money", "set-limit", "day", amount)


def test_a_forecast_is_drawn_for_each_period(spent: Office) -> None:
    spent.run("money", "set-limit", "day", "0.03")
    said = spent.run("money", "forecast")

    for words in ("installation day", "installation month", "expected", "confidence low", "spent by"):
        assert words in said
    assert len(spent.json("money", "forecast", "--seller", SELLER.id)) == 3


def test_alerts_are_listed(spent: Office) -> None:
    assert "Nobody had to be told" in spent.run("money", "alerts")
    spent.run("money", "set-limit", "week", "0.03")
    watch_money.handle({}, spent.desk.services)

    assert "warning" in spent.run("money", "alerts")


def test_the_carriers_books_are_laid_beside_ours(spent: Office) -> None:
    price = Money.usd("0.0280")
    spent.desk.clock.moment = NOON + timedelta(days=1)
    record = CarrierUsage(category="calls-outbound", day=NOON.date(), count=1, quantity=Decimal(2), price=price)
    spent.desk.carrier_books.records = [record]
    spent.desk.carrier_books.prices = {"CA1": price}

    said = spent.run("money", "reconcile")
    assert "differs" in said
    assert "CA1: ours $0.0140, theirs $0.0280" in said
    assert spent.run("money", "reconcile", "--kept").count("differs") == said.count("differs")
    assert "nothing to compare" in spent.run("money", "reconcile", "2026-01-01")


def test_bars_and_amounts() -> None:
    assert bar(0.5, width=4).plain == "██··"
    assert bar(7, width=4).plain == "████"
    assert bar(-1, width=4).plain == "····"
    assert bar(0.03125, width=4).plain == "▏···"
    assert [dollars(each) for each in (None, 0, 25500, 1_000_000, 1_234_567_890)] == [
        "–",
        "$0.00",
        "$0.0255",
        "$1.00",
        "$1,234.57",
    ]
