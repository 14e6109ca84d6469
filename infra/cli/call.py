"""``reauto call``: everything that is known of one call."""

import click

from infra.cli.api import Api
from infra.cli.call_screen import draw_call
from infra.cli.reach import Answer, with_api
from infra.cli.replay_screen import draw_replay


@click.group()
def call() -> None:
    """Single calls; `reauto campaign show` names them."""


@call.command("show")
@click.argument("attempt")
@with_api
def show(*, attempt: str, api: Api, answer: Answer) -> None:
    """All that is known of the call ATTEMPT.

    What was said, why it was allowed, what it came to and what it cost.
    """
    found = api.get(f"/v1/attempts/{attempt}")
    answer.show(found, lambda console: draw_call(console, found))


@call.command("replay")
@click.argument("attempt")
@with_api
def replay(*, attempt: str, api: Api, answer: Answer) -> None:
    """Take every decision for the call ATTEMPT again: is it the same?

    Each decision is kept with all that it was taken from. It is taken again from that alone, which must give the
    same answer. Then it is asked what today's rules would say of the same facts, and which rule data has changed.
    """
    found = api.get(f"/v1/attempts/{attempt}/decisions/replay")
    answer.show(found, lambda console: draw_replay(console, found))
