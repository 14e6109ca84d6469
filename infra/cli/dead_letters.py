"""``reauto dead-letters``: what no function could handle, and once more from the start."""

import json
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra.cli.api import Api
from infra.cli.looks import counted, moment
from infra.cli.reach import Answer, with_api

PATH = "/v1/dead-letters"


@click.group("dead-letters", short_help="List, show and redrive messages that nobody could handle.")
def dead_letters() -> None:
    """Messages that failed as often as allowed, or that nobody can read.

    Parts of the system send each other messages (ring this lead, settle this call). One that keeps failing is laid
    aside here. TOPIC is its queue, such as "dial".
    """


@dead_letters.command("list")
@with_api
def list_topics(*, api: Api, answer: Answer) -> None:
    """How many there are of each topic."""
    found = api.get(PATH)
    answer.show(found, lambda console: _draw_topics(found, console))


@dead_letters.command("show")
@click.argument("topic")
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True, help="So many at most.")
@with_api
def show(*, topic: str, limit: int, api: Api, answer: Answer) -> None:
    """What the dead letters of TOPIC say, and why they lie there."""
    found = api.get(f"{PATH}/{topic}", limit=str(limit))
    answer.show(found, lambda console: _draw_messages(found, console))


@dead_letters.command("redrive")
@click.option("--topic", help="Only this one; without it all.")
@with_api
def redrive(*, topic: str | None, api: Api, answer: Answer) -> None:
    """Try dead letters again, as if they were new.

    Do so once what broke them is mended; `reauto dead-letters show` says what did.
    """
    topics = [topic] if topic else [each["topic"] for each in api.get(PATH)]
    done = [api.post(f"{PATH}/{each}/redrive") for each in topics]
    number = sum(each["messages"] for each in done)
    answer.say(done, f"{counted(number, 'message')} offered again." if number else "There are no dead letters.")


def _draw_topics(found: list[dict[str, Any]], console: Console) -> None:
    if not found:
        console.print("There are no dead letters.")
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("topic")
    table.add_column("messages", justify="right")
    for each in found:
        table.add_row(each["topic"], str(each["messages"]))
    console.print(table)


def _draw_messages(found: list[dict[str, Any]], console: Console) -> None:
    if not found:
        console.print("There are none of this topic.")
    for each in found:
        console.print(Text(f"{each['id']}  tried {counted(each['receives'], 'time')}", style="bold"))
        console.print(Text(f"  since {moment(datetime.fromisoformat(each['dead_at']))}  {each['error']}".rstrip()))
        console.print(Text(f"  {json.dumps(each['body'], ensure_ascii=False)}"), soft_wrap=True)
