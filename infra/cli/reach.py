"""What every command that asks the REST API shares: where it is, ``--json``, and how its answer is shown."""

import functools
import json
from collections.abc import Callable
from typing import Any

import click
from rich.console import Console

from infra.cli.api import Api
from infra.cli.serving import find_server, read_key
from shared.kernel.errors import Malformed
from shared.settings import ClientSettings, MachineSettings, read

Draw = Callable[[Console], None]
OpenApi = Callable[[str | None, str | None], Api]


class Answer:
    """Where a command's answer goes: JSON on standard output, or a drawing for people."""

    def __init__(self, *, as_json: bool) -> None:
        self.is_json = as_json
        self.console = Console(stderr=as_json, highlight=False)

    def show(self, data: Any, draw: Draw) -> None:
        """The answer: ``data`` with ``--json``, otherwise what ``draw`` draws."""
        if self.is_json:
            click.echo(json.dumps(data, indent=2, ensure_ascii=False))
        else:
            draw(self.console)

    def say(self, data: Any, line: str) -> None:
        """The answer in one line."""
        self.show(data, lambda console: console.print(line, markup=False, soft_wrap=True))


def find_api(url: str | None, key: str | None) -> Api:
    """The API by option, by setting, or by what a server on this machine left in ``.reauto/``.

    Raises:
        NotServing: No address was given and no server runs here.
        Malformed: There is an address, but no key for it.
    """
    settings, home = read(ClientSettings), read(MachineSettings).home
    address = url or settings.url or find_server(home).url
    secret = key or (settings.key.get_secret_value() if settings.key else None) or read_key(home)
    if not secret:
        raise Malformed("there is no API key: give one with --key, or set REAUTO_API_KEY")
    return Api(address, secret)


def with_api(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command ``--url``, ``--key`` and ``--json``; it is called with ``api`` and ``answer``."""

    @click.option("--url", help="Address of the API; by default that of the server on this machine.")
    @click.option("--key", help="The API key; by default REAUTO_API_KEY, or the one in .reauto/api-key.")
    @click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    @click.pass_context
    @functools.wraps(command)
    def asking(context: click.Context, /, *, url: str | None, key: str | None, as_json: bool, **wishes: Any) -> None:
        open_api: OpenApi = context.obj or find_api
        api = open_api(url, key)
        try:
            command(api=api, answer=Answer(as_json=as_json), **wishes)
        finally:
            api.close()

    return asking
