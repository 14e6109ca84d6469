"""A server that plays the customer: answers webhooks, takes media sockets, keeps everything."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from websockets.asyncio.server import Server, ServerConnection, serve

Answer = str | bytes | Response | Callable[["Received"], Awaitable[Response]]
Talk = Callable[["Socket"], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Received:
    """One request as it arrived."""

    path: str
    url: str
    method: str
    fields: dict[str, str]
    headers: dict[str, str]


@dataclass(kw_only=True)
class Socket:
    """One media socket, with every message that came."""

    connection: ServerConnection
    messages: list[dict[str, Any]] = field(default_factory=list)
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def stream_sid(self) -> str:
        return str(self.messages[1]["streamSid"])

    def events(self, name: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["event"] == name]

    async def send(self, event: str, **content: Any) -> None:
        message: dict[str, Any] = {"event": event, "streamSid": self.stream_sid}
        await self.connection.send(json.dumps(message | content))


class OurSide:
    """Answers at ``base``; ``answers`` maps paths to TwiML or to whatever else shall be answered."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.received: list[Received] = []
        self.sockets: list[Socket] = []
        self.talk: Talk | None = None
        self.base = self.media = ""

    def at(self, path: str) -> list[Received]:
        """The requests to a path, oldest first."""
        return [request for request in self.received if request.path == path]

    def events(self, path: str, name: str) -> list[str]:
        """One field of every request to a path."""
        return [request.fields.get(name, "") for request in self.at(path)]

    async def answer(self, request: Request) -> Response:
        body = (await request.body()).decode()
        received = Received(
            path=request.url.path,
            url=self.base + request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            method=request.method,
            fields=dict(parse_qsl(body, keep_blank_values=True)) or dict(request.query_params),
            headers=dict(request.headers),
        )
        self.received.append(received)
        answer = self.answers.get(request.url.path, Response(status_code=204))
        if isinstance(answer, Response):
            return answer
        if callable(answer):
            return await answer(received)
        return Response(answer, media_type="text/xml")

    async def take_socket(self, connection: ServerConnection) -> None:
        held = Socket(connection=connection)
        self.sockets.append(held)
        talking = None
        async for text in connection:
            held.messages.append(json.loads(text))
            if talking is None and held.messages[-1]["event"] == "start" and self.talk:
                talking = asyncio.ensure_future(self.talk(held))
        if talking:
            await asyncio.wait({talking})
        held.closed.set()

    async def start(self) -> Server:
        """Listen on free ports."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = Starlette(routes=[Route("/{path:path}", self.answer, methods=["GET", "POST"])])
        self._server = QuietServer(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))
        media = await serve(self.take_socket, "127.0.0.1", 0, compression=None)
        self.media = f"ws://127.0.0.1:{media.sockets[0].getsockname()[1]}"
        return media

    async def stop(self, media: Server) -> None:
        """Close everything."""
        media.close()
        await media.wait_closed()
        self._server.told.set()
        await self._serving


class QuietServer(uvicorn.Server):
    """Leaves the signals of the test process alone, and exits the moment it is told to."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        await self.on_tick(0)
        self.told = asyncio.Event()
        await self.told.wait()
