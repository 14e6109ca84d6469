"""``reauto money``: what calls cost, what may be spent, where it will end, and whether the carrier agrees."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from infra.cli.api import Api
from infra.cli.directory import find_campaign, find_seller
from infra.cli.money_screen import dollars, draw_alerts, draw_costs, draw_forecasts, draw_limits, draw_usage
from infra.cli.reach import Answer, with_api

DAY = click.DateTime(formats=["%Y-%m-%d"])
PERIODS = click.Choice(["day", "week", "month"])
NONE = "none"


@click.group(short_help="Costs, limits, forecasts, alerts, and the carrier's books.")
def money() -> None:
    """What calls cost, what may be spent, and whether the carrier's books agree.

    Amounts are US dollars. A call holds the most that it may cost before a phone rings: no limit is passed by calls
    that you make.
    """


@money.command("show")
@click.option(
    "--by",
    type=click.Choice(["all", "campaign", "variant", "hour", "tier", "day"]),
    default="campaign",
    show_default=True,
    help="One row for each of these; hours are those of the called person.",
)
@click.option("--since", type=DAY, metavar="YYYY-MM-DD", help="First day (UTC); by default the first of this month.")
@click.option("--until", type=DAY, metavar="YYYY-MM-DD", help="The day after the last (UTC); by default now.")
@click.option("--campaign", help="Id or name.")
@click.option("--seller", help="Id or name.")
@click.option("--inbound", is_flag=True, help="Calls that came to us instead of those we made.")
@with_api
def show(
    *, by: str, campaign: str | None, seller: str | None, inbound: bool, api: Api, answer: Answer, **days: Any
) -> None:
    """What calls cost, by what they achieved."""
    query = {"by": by, "direction": "inbound" if inbound else "outbound"}
    if campaign:
        query["campaign_id"] = find_campaign(api, campaign)
    if seller:
        query["seller_id"] = find_seller(api, seller)
    query |= {name: f"{day:%Y-%m-%d}" for name, day in days.items() if isinstance(day, datetime)}
    found = api.get("/v1/costs", **query)
    answer.show(found, lambda console: draw_costs(console, found))


@money.command("limits")
@click.option("--seller", help="Id or name; by default all.")
@with_api
def limits(*, seller: str | None, api: Api, answer: Answer) -> None:
    """What may be spent, and how much of it is."""
    found = api.get("/v1/costs/limits", **_of(api, seller))
    answer.show(found, lambda console: draw_limits(console, found))


@money.command("set-limit")
@click.argument("period", type=PERIODS)
@click.argument("amount", metavar="DOLLARS|none")
@click.option("--seller", help="Id or name; without one the limit is the whole installation's.")
@with_api
def set_limit(*, period: str, amount: str, seller: str | None, api: Api, answer: Answer) -> None:
    """Let no more than DOLLARS be spent in a day, a week or a month.

    `none` takes the limit away. It holds from now on, for the period under way, too.
    """
    owner = find_seller(api, seller) if seller else None
    body = {
        "scope": "seller" if owner else "installation",
        "period": period,
        "seller_id": owner,
        "limit_usd": None if amount == NONE else str(_amount(amount)),
    }
    made = api.post("/v1/costs/limits", body)
    told = dollars(made["limit_micro_usd"]) if made["limit_micro_usd"] is not None else "no limit"
    answer.say(made, f"The {made['name']} has {told}; {dollars(made['posted_micro_usd'])} are spent in this {period}.")


@money.command("forecast")
@click.option("--seller", help="Id or name; by default the whole installation.")
@with_api
def forecast(*, seller: str | None, api: Api, answer: Answer) -> None:
    """Where this day, week and month will end."""
    found = api.get("/v1/costs/forecast", **_of(api, seller))
    answer.show(found, lambda console: draw_forecasts(console, found))


@money.command("alerts")
@click.option("--days", type=click.IntRange(1, 366), default=30, show_default=True, help="How far back.")
@with_api
def alerts(*, days: int, api: Api, answer: Answer) -> None:
    """What people were told about money."""
    found = api.get("/v1/costs/alerts", days=str(days))
    answer.show(found, lambda console: draw_alerts(console, found))


@money.command("reconcile")
@click.argument("day", type=DAY, required=False, metavar="[YYYY-MM-DD]")
@click.option("--kept", is_flag=True, help="Show what was compared before instead of asking the carrier now.")
@with_api
def reconcile(*, day: datetime | None, kept: bool, api: Api, answer: Answer) -> None:
    """Compare a day with the carrier's own books.

    Days are those of UTC; by default it is yesterday.
    """
    body = {"day": f"{day:%Y-%m-%d}"} if day else {}
    found = api.get("/v1/costs/usage") if kept else api.post("/v1/costs/usage", body)
    answer.show(found, lambda console: draw_usage(console, found))


def _of(api: Api, seller: str | None) -> dict[str, str]:
    return {"seller_id": find_seller(api, seller)} if seller else {}


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text.removeprefix("$").replace(",", ""))
    except InvalidOperation:
        amount = Decimal(0)
    if not amount.is_finite() or amount <= 0:
        raise click.BadParameter(f"{text!r} is no amount of dollars: write 50, 50.00 or none", param_hint="DOLLARS")
    return amount
