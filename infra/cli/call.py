"""``reauto call``: everything that is known of one call."""

import click

from infra.cli.api import Api
from infra.cli.call_screen import draw_call
from infra.cli.reach import Answer, with_api


@click.group()
def call() -> None:
    """Single calls; `reauto campaign show` names them."""


@call.command("show")
@click.argument("attempt")
@with_api
def show(*, attempt: str, api: Api, answer: Answer) -> None:
    """What was said in the call ATTEMPT, why it was allowed, what it came to and what it cost."""
    found = api.get(f"/v1/attempts/{attempt}")
    answer.show(found, lambda console: draw_call(console, found))
