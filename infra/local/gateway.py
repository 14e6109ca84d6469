"""API Gateway on one machine: an ASGI application that turns requests into events for the template's functions."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from infra.local.proxy_events import Answer, Request, http_answer, proxy_event
from infra.local.routes import Match, Routes, WrongMethod
from infra.local.runner import FunctionFailed, Runner
from infra.local.template_nouns import Function
from infra.local.threads import Threads
from shared.kernel.clock import Clock
from shared.kernel.errors import Malformed

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

HEALTH_PATH = "/-/health"
CARRIER_PREFIX = "/v1/twilio/"
CARRIER_BODY_BYTES = 64 * 1024
BODY_BYTES = 10 * 1024 * 1024
LONGEST_SECONDS = 29.0
THREADS = 48


class TooLarge(Malformed):
    """The request's body is longer than its route takes."""


class Gateway:
    """The ASGI application.

    Args:
        clock: The civil clock; its moment goes into ``requestTime``.
    """

    def __init__(self, functions: Iterable[Function], *, runner: Runner, clock: Clock) -> None:
        self._routes = Routes(functions)
        self._runner = runner
        self._clock = clock
        self._threads = Threads(THREADS, name="gateway")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection, as ASGI wants it."""
        if scope["type"] == "lifespan":
            await _live(receive, send, close=self._threads.close)
        elif scope["type"] == "http":
            await _send(send, await self._answer(scope, receive))
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        if scope["path"] == HEALTH_PATH:
            return _message(200, "ok")
        try:
            match = self._routes.match(scope["method"], scope["path"])
            if match is None:
                return _message(404, "Not Found")
            request = _request(scope, await _body(scope, receive))
        except WrongMethod as error:
            return _message(405, "Method Not Allowed", ("Allow", ", ".join(error.allowed)))
        except TooLarge:
            return _message(413, "Request Too Long")
        return await self._invoke(request, match)

    async def _invoke(self, request: Request, match: Match) -> Answer:
        """Run the function in a thread; it is answered for when it fails or takes too long."""
        function = match.route.function
        event = proxy_event(request, match, now=self._clock.now())
        run = self._threads.run(lambda: self._runner.invoke(function, event))
        try:
            return http_answer(await asyncio.wait_for(run, min(LONGEST_SECONDS, function.timeout_seconds)))
        except TimeoutError:
            return _message(504, "Endpoint request timed out")
        except (FunctionFailed, Malformed):
            return _message(502, "Internal server error")


async def _body(scope: Scope, receive: Receive) -> bytes:
    limit = CARRIER_BODY_BYTES if scope["path"].startswith(CARRIER_PREFIX) else BODY_BYTES
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > limit:
            raise TooLarge(f"more than {limit} bytes")
        if not message.get("more_body"):
            return bytes(body)


def _request(scope: Scope, body: bytes) -> Request:
    client = scope.get("client") or ("127.0.0.1", 0)
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode("latin-1"),
        headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]],
        body=body,
        client=client[0],
        scheme=scope["scheme"],
    )


def _message(status: int, text: str, *headers: tuple[str, str]) -> Answer:
    """What API Gateway itself says."""
    body = json.dumps({"message": text}).encode()
    return Answer(status=status, headers=[("Content-Type", "application/json"), *headers], body=body)


async def _send(send: Send, answer: Answer) -> None:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    headers = [pair for pair in headers if pair[0] != b"content-length"]
    headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _live(receive: Receive, send: Send, *, close: Callable[[], None]) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            close()
            await send({"type": "lifespan.shutdown.complete"})
            return
        await send({"type": "lifespan.startup.complete"})
