"""Our side while a carrier is looked at: answers its webhooks, takes its media sockets, and keeps everything."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

Script = Callable[["MediaSocket"], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One request of the carrier; ``at`` is machine time in seconds."""

    path: str
    fields: dict[str, str]
    headers: dict[str, str]
    at: float


@dataclass(kw_only=True)
class MediaSocket:
    """One media socket; ``messages`` grow while it is open."""

    socket: WebSocket
    headers: dict[str, str]
    messages: list[dict[str, Any]] = field(default_factory=list)
    ended_at: float | None = None
    frozen: bool = False

    def of(self, event: str) -> list[dict[str, Any]]:
        """The messages of one kind."""
        return [message for message in self.messages if message.get("event") == event]

    async def send(self, event: str, **content: Any) -> None:
        """One message to the carrier."""
        start = self.of("start")[0]
        await self.socket.send_text(json.dumps({"event": event, "streamSid": start["streamSid"], **content}))

    def abort(self) -> None:
        """Drop the connection without a goodbye."""
        self.socket.scope["abort"]()


class _Abortable(WebSocketsSansIOProtocol):
    """A socket that its own side can drop."""

    async def run_asgi(self) -> None:
        self.scope["abort"] = self.transport.abort  # type: ignore[typeddict-unknown-key]
        await super().run_asgi()


class Listener:
    """Answers at ``public_url``. ``answers`` maps paths to TwiML, ``failures`` to how often they fail first."""

    def __init__(self, public_url: str) -> None:
        self.public_url = public_url.rstrip("/")
        self.answers: dict[str, str] = {}
        self.failures: dict[str, int] = {}
        self.heard: list[Heard] = []
        self.sockets: list[MediaSocket] = []
        self.script: Script | None = None

    @property
    def media_url(self) -> str:
        """Where media sockets are opened."""
        return "ws" + self.public_url.removeprefix("http") + "/media"

    def at(self, path: str) -> list[Heard]:
        """The requests to a path, oldest first."""
        return [request for request in self.heard if request.path == path]

    @asynccontextmanager
    async def listening(self, port: int) -> AsyncIterator[None]:
        """Serve on all addresses of this machine's ``port``."""
        routes = [WebSocketRoute("/media", self._media), Route("/{path:path}", self._answer, methods=["GET", "POST"])]
        config = uvicorn.Config(
            Starlette(routes=routes), host="", port=port, ws=_Abortable, log_config=None, access_log=False,
            timeout_graceful_shutdown=1, lifespan="off",
        )  # fmt: skip
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        try:
            while not server.started:
                if serving.done():
                    serving.result()
                await asyncio.sleep(0.01)
            yield
        finally:
            server.should_exit = True
            await serving

    async def _answer(self, request: Request) -> Response:
        body = (await request.body()).decode("utf-8", "replace")
        fields = dict(parse_qsl(body, keep_blank_values=True)) or dict(request.query_params)
        path = request.url.path
        self.heard.append(Heard(path=path, fields=fields, headers=dict(request.headers), at=time.monotonic()))
        if self.failures.get(path, 0) > 0:
            self.failures[path] -= 1
            return Response(status_code=503)
        twiml = self.answers.get(path)
        return Response(twiml, media_type="text/xml") if twiml else Response(status_code=204)

    async def _media(self, socket: WebSocket) -> None:
        await socket.accept()
        media = MediaSocket(socket=socket, headers=dict(socket.headers))
        self.sockets.append(media)
        playing: asyncio.Task[None] | None = None
        try:
            while True:
                if media.frozen:
                    await asyncio.sleep(3600)
                message = json.loads(await socket.receive_text())
                media.messages.append(message)
                if message.get("event") == "start" and self.script:
                    playing = asyncio.ensure_future(self.script(media))
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            media.ended_at = time.monotonic()
            if playing:
                playing.cancel()
                with suppress(asyncio.CancelledError, RuntimeError, WebSocketDisconnect):
                    await playing


async def until(holds: Callable[[], object], *, seconds: float) -> bool:
    """Wait until something holds; whether it did in time."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() >= end:
            return False
        await asyncio.sleep(0.02)
    return True
