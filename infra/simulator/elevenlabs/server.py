"""The stand-in's one port: REST answers, and websockets at ``/v1/text-to-speech/{voice}/multi-stream-input``."""

import http
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from infra.simulator.elevenlabs.account import Account, Behaviour
from infra.simulator.elevenlabs.talk import TOO_MANY_AT_ONCE, TOO_MANY_SAID, Talk

PREFIX, SUFFIX = "/v1/text-to-speech/", "/multi-stream-input"


class ElevenLabs:
    """The vendor: answers requests about the account and opens talks."""

    def __init__(self, account: Account, behaviour: Behaviour) -> None:
        self._account = account
        self._behaviour = behaviour

    def answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """The REST answer, the refusal of a websocket, or ``None`` where it may open."""
        address = urlsplit(request.path)
        if request.headers.get("xi-api-key") != self._account.api_key:
            return _refusal(http.HTTPStatus.UNAUTHORIZED, "invalid_api_key", "Invalid API key")
        if address.path == "/v1/user/subscription":
            return _json(http.HTTPStatus.OK, self._subscription())
        if address.path == "/v2/voices":
            return _json(http.HTTPStatus.OK, self._voices(parse_qs(address.query)))
        if not (address.path.startswith(PREFIX) and address.path.endswith(SUFFIX)):
            return _refusal(http.HTTPStatus.NOT_FOUND, "not_found", "Not found")
        voice = address.path.removeprefix(PREFIX).removesuffix(SUFFIX)
        if voice not in {each["voice_id"] for each in self._account.voices}:
            return _refusal(
                http.HTTPStatus.NOT_FOUND, "voice_not_found", f"A voice with voice_id {voice} was not found."
            )
        if self._account.open_sockets >= self._behaviour.most_sockets:
            return _refusal(http.HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY_AT_ONCE, TOO_MANY_SAID)
        return None

    async def talk(self, socket: ServerConnection) -> None:
        """Speak on a socket until it closes."""
        assert socket.request
        asked = parse_qs(urlsplit(socket.request.path).query)
        self._account.open_sockets += 1
        self._account.sockets_opened += 1
        try:
            await Talk(socket, self._account, self._behaviour).hold(asked)
        finally:
            self._account.open_sockets -= 1

    def _subscription(self) -> dict[str, Any]:
        return {
            "tier": self._account.tier,
            "character_count": self._account.characters_used,
            "character_limit": self._account.character_limit,
            "next_character_count_reset_unix": self._account.renews_at,
            "status": "active",
        }

    def _voices(self, asked: dict[str, list[str]]) -> dict[str, Any]:
        size, begin = int(asked.get("page_size", ["10"])[0]), int(asked.get("next_page_token", ["0"])[0])
        found = self._account.voices[begin : begin + size]
        more = begin + size < len(self._account.voices)
        return {
            "voices": found,
            "has_more": more,
            "total_count": len(self._account.voices),
            "next_page_token": str(begin + size) if more else None,
        }


def _json(status: http.HTTPStatus, body: object) -> Response:
    encoded = json.dumps(body).encode()
    headers = Headers({"Content-Type": "application/json", "Content-Length": str(len(encoded)), "Connection": "close"})
    return Response(status.value, status.phrase, headers, encoded)


def _refusal(status: http.HTTPStatus, code: str, message: str) -> Response:
    return _json(status, {"detail": {"status": code, "message": message}})


@asynccontextmanager
async def running_elevenlabs(account: Account, behaviour: Behaviour, *, port: int = 0) -> AsyncIterator[str]:
    """The vendor on a port of this machine; gives its base address."""
    vendor = ElevenLabs(account, behaviour)
    async with serve(vendor.talk, "127.0.0.1", port, process_request=vendor.answer, compression=None) as server:
        yield f"http://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
