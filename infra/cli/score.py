"""``reauto score``: how well scores foretold what came of the calls, how each came about, and what to tell them by."""

from datetime import datetime
from typing import Any

import click

from infra.cli.api import Api
from infra.cli.directory import find_campaign, find_seller
from infra.cli.reach import Answer, with_api
from infra.cli.score_screen import draw_history, draw_scores, draw_unmarked

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group(short_help="Scores beside outcomes, and which threshold would have served.")
def score() -> None:
    """How promising leads were said to be, and what came of it.

    Say which appointments were kept (`reauto score mark`): thresholds are then judged by those.
    """


@score.command("report")
@click.option("--since", type=DAY, metavar="YYYY-MM-DD", help="First day (UTC); by default ninety days ago.")
@click.option("--until", type=DAY, metavar="YYYY-MM-DD", help="The day after the last (UTC); by default now.")
@click.option("--campaign", help="Id or name.")
@click.option("--seller", help="Id or name.")
@with_api
def report(*, campaign: str | None, seller: str | None, api: Api, answer: Answer, **days: Any) -> None:
    """Appointments and qualified shares by score, and the threshold that would have served.

    Intervals are of 95 % (Wilson).
    """
    query = {name: f"{day:%Y-%m-%d}" for name, day in days.items() if isinstance(day, datetime)}
    if campaign:
        query["campaign_id"] = find_campaign(api, campaign)
    if seller:
        query["seller_id"] = find_seller(api, seller)
    found = api.get("/v1/scores", **query)
    answer.show(found, lambda console: draw_scores(console, found))


@score.command("history")
@click.argument("call")
@with_api
def history(*, call: str, api: Api, answer: Answer) -> None:
    """Every score that CALL (an id) was given, with the words that each part rests on."""
    found = api.get(f"/v1/calls/{call}/scores")
    answer.show(found, lambda console: draw_history(console, found))


@score.command("unmarked")
@click.option("--most", type=click.IntRange(1, 500), default=20, show_default=True, help="How many to show.")
@with_api
def unmarked(*, most: int, api: Api, answer: Answer) -> None:
    """Past appointments of which nobody has said whether they were kept."""
    found = api.get("/v1/appointments/unmarked", most=str(most))
    answer.show(found, lambda console: draw_unmarked(console, found))


@score.command("mark")
@click.argument("appointment")
@click.argument("became", type=click.Choice(["kept", "missed"]))
@with_api
def mark(*, appointment: str, became: str, api: Api, answer: Answer) -> None:
    """Say whether APPOINTMENT (an id) was kept or missed; the last word counts."""
    made = api.post(f"/v1/appointments/{appointment}", {"became": became})
    answer.say(made, f"The appointment of {made['starts_at'][:16].replace('T', ' ')} UTC was {became}.")
