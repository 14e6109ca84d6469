"""``reauto chat``: talk to the agent in the terminal, without sound."""

import asyncio
from datetime import datetime

import click
from rich.console import Console

from infra.cli.evaluate.conversation.wishes import MANNERS


def _moment(context: click.Context, parameter: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter("write it like 2026-03-10T12:00, on the person's clock") from error


@click.command(short_help="Talk to the agent in the terminal.")
@click.option("--script", default="seller_home_value", show_default=True, help="By name.")
@click.option("--brain", type=click.Choice(["scripted", "ollama"]), default="scripted", show_default=True)
@click.option("--manner", type=click.Choice(MANNERS), help="With --brain ollama: a stand-in that behaves like this.")
@click.option("--first-name", default="Alex", show_default=True, help="Whom the agent takes you for.")
@click.option("--subject", default="12 Oak Street", show_default=True, help="What you have asked about.")
@click.option("--inbound", is_flag=True, help="You have rung us.")
@click.option("--timezone", default="America/Chicago", show_default=True, help="Your clock.")
@click.option(
    "--at", callback=_moment, help="Pretend that it is this moment on your clock; a Tuesday's noon otherwise."
)
@click.option("--explain", is_flag=True, help="Also show what was understood of each line.")
def chat(
    *,
    script: str,
    brain: str,
    manner: str | None,
    first_name: str,
    subject: str,
    inbound: bool,
    timezone: str,
    at: datetime | None,
    explain: bool,
) -> None:
    """Type what the person says; the agent answers as it would on the telephone.

    An empty line is silence, /9 presses a key, /quit hangs up. At the end you see how the call would have been closed,
    what is known, and the score with its reasons. Nothing is rung, written or kept.
    """
    if manner and brain != "ollama":
        raise click.UsageError("--manner is how a stand-in for Ollama behaves: it needs --brain ollama")
    from infra.cli.chat_talk import Talk, hold  # the node behind it takes seconds to load
    from voice_node.background import adopt_pipecat_logs

    adopt_pipecat_logs()
    talk = Talk(
        script=script,
        brain=brain,
        manner=manner,
        first_name=first_name,
        subject=subject,
        direction="inbound" if inbound else "outbound",
        timezone=timezone,
        at=at,
        explains=explain,
    )
    asyncio.run(hold(talk, Console()))
