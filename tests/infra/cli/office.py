"""The ``reauto`` command over the real API in memory: what a person types goes in, what they read comes out."""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx
from click.testing import CliRunner

from functions.api.door import handle
from infra.cli.api import Api
from infra.cli.commands import reauto
from tests.functions.desk import API_KEY, Desk, http_event

URL = "http://127.0.0.1:1"


class DoorTransport(httpx.BaseTransport):
    """HTTP without a network: requests become the events that open the function's door."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        event = http_event(
            request.method,
            request.url.path,
            body=request.read().decode() or None,
            headers=dict(request.headers),
            query=request.url.query.decode(),
        )
        answer = handle(event, self._desk.services)
        return httpx.Response(answer["statusCode"], headers=answer.get("headers"), content=answer["body"].encode())


@dataclass
class Office:
    """A desk with a telephone line to it."""

    desk: Desk = field(default_factory=Desk)
    key: str = API_KEY

    def api(self) -> Api:
        return Api(URL, self.key, transport=DoorTransport(self.desk))

    def run(self, *words: str) -> str:
        """What a command prints; it must succeed."""
        result = CliRunner().invoke(reauto, words, obj=lambda url, key: self.api(), standalone_mode=False)
        if result.exception:
            raise result.exception
        return result.output

    def json(self, *words: str) -> Any:
        """The JSON that a command prints."""
        return json.loads(self.run(*words, "--json"))
