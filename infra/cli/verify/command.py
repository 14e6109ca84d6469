"""``reauto verify twilio``: the command and its options."""

import asyncio
import json
from collections.abc import Callable

import click
from rich.console import Console
from rich.table import Table

from infra.cli.looks import BAD, GOOD, OPEN, WAITING, width_of
from infra.cli.phases import Phases
from infra.cli.verify.account import look_at_account, look_at_bill, look_at_lookups, the_day_before
from infra.cli.verify.endings import (
    look_at_dropped_socket,
    look_at_hang_up,
    look_at_pace,
    look_at_price,
    look_at_unanswered,
    look_at_update,
)
from infra.cli.verify.listener import Listener
from infra.cli.verify.points import Finding, Findings, Verdict
from infra.cli.verify.stand import Stand
from infra.cli.verify.streams import look_at_stream
from infra.local.machine import machine_now
from shared.adapters.twilio.client import make_client
from shared.kernel.errors import Refused
from shared.settings import TwilioSettings, read

COLOURS = {Verdict.HOLDS: GOOD, Verdict.FAILS: BAD, Verdict.MEASURED: OPEN, Verdict.NOT_SEEN: WAITING}


class DoesNotHold(Refused):
    """Something we rely on is not so on this account."""


@click.group()
def verify() -> None:
    """Look at a real account: does what we rely on hold there?"""


@verify.command("twilio")
@click.option("--from", "caller_id", required=True, help="One of the account's numbers, such as +15125550100.")
@click.option("--to", required=True, help="A phone in your hand: pick up each of the six calls and stay on the line.")
@click.option("--port", type=click.IntRange(1, 65535), default=8765, show_default=True, help="Where to listen.")
@click.option("--unanswered", help="A number that nobody answers, to see how long it rings and what that costs.")
@click.option("--silence", "silence_seconds", type=float, default=75.0, show_default=True, help="Seconds to wait for "
              "the carrier to notice a socket that fell silent.")  # fmt: skip
@click.option("--patience", "price_seconds", type=float, default=120.0, show_default=True, help="Seconds to wait for "
              "the price of a call.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify_twilio(
    *,
    caller_id: str,
    to: str,
    port: int,
    unanswered: str | None,
    silence_seconds: float,
    price_seconds: float,
    as_json: bool,
) -> None:
    """Check on the account of TWILIO_ACCOUNT_SID every point that our code relies on and that no page promises.

    Rings --to seven times (about $0.20 in all). PUBLIC_BASE_URL must lead to --port of this machine for the time being,
    over https, WebSockets included; stop the server that otherwise answers there.
    """
    settings = read(TwilioSettings)
    token = settings.auth_token.get_secret_value()
    stand = Stand(
        client=make_client(account_sid=settings.account_sid, auth_token=token, base_url=settings.base_url),
        listener=Listener(settings.public_base_url),
        findings=Findings(),
        caller_id=caller_id,
        to=to,
        account_sid=settings.account_sid,
        auth_token=token,
        silence_seconds=silence_seconds,
        price_seconds=price_seconds,
    )
    console = Console(stderr=as_json)
    with Phases(console) as tell:
        findings = asyncio.run(look(stand, port=port, unanswered=unanswered, tell=tell))
    if as_json:
        click.echo(json.dumps([finding.as_json() for finding in findings], indent=2))
    else:
        draw(console, findings)
    failed = [finding.point.id for finding in findings if finding.verdict is Verdict.FAILS]
    if failed:
        raise DoesNotHold(f"{len(failed)} do not hold on this account: {', '.join(failed)}")


async def look(stand: Stand, *, port: int, unanswered: str | None, tell: Callable[[str], None]) -> tuple[Finding, ...]:
    """Every probe, one after the other."""
    async with stand.listener.listening(port):
        tell("reading the account")
        await look_at_account(stand)
        await look_at_lookups(stand)
        await look_at_bill(stand, the_day_before(machine_now().date()))
        tell("call 1: what a stream is like")
        sid = await look_at_stream(stand)
        tell("call 2: a connection that dies")
        await look_at_dropped_socket(stand, silent=False)
        tell("call 3: a socket that falls silent")
        await look_at_dropped_socket(stand, silent=True)
        tell("call 4: a new document for a streaming call")
        await look_at_update(stand)
        tell("call 5: hanging up")
        await look_at_hang_up(stand)
        tell("three calls at once, taken back at once")
        await look_at_pace(stand)
        if unanswered:
            tell("a phone that nobody answers")
            await look_at_unanswered(stand, unanswered)
        if sid:
            tell("waiting for the first call's price")
            await look_at_price(stand, sid)
    return stand.findings.all()


def draw(console: Console, findings: tuple[Finding, ...]) -> None:
    """The points as a table."""
    table = Table(box=None, pad_edge=False, header_style="dim", width=width_of(console))
    table.add_column("what we rely on", ratio=3)
    table.add_column("", no_wrap=True)
    table.add_column("seen", ratio=2)
    for finding in findings:
        table.add_row(finding.point.claim, f"[{COLOURS[finding.verdict]}]{finding.verdict.value}[/]", finding.seen)
    console.print(table)
