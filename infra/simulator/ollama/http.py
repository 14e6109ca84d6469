"""As much of HTTP/1.1 as Ollama's clients use: requests with a length, whole and chunked answers, kept connections."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus

MOST_HEAD_BYTES = 64 * 1024
JSON, NDJSON, TEXT = "application/json; charset=utf-8", "application/x-ndjson", "text/plain; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request, read to its end."""

    method: str
    path: str
    body: bytes


class Exchange:
    """The answer to one request."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    async def whole(self, body: bytes, *, status: HTTPStatus = HTTPStatus.OK, kind: str = JSON) -> None:
        """Answer in one piece."""
        self._head(status, kind, f"Content-Length: {len(body)}")
        self._writer.write(body)
        await self._writer.drain()

    async def begin(self, *, kind: str = NDJSON) -> None:
        """Begin an answer in pieces."""
        self._head(HTTPStatus.OK, kind, "Transfer-Encoding: chunked")
        await self._writer.drain()

    async def piece(self, data: bytes) -> None:
        """Send a piece."""
        self._writer.write(b"%x\r\n%s\r\n" % (len(data), data))
        await self._writer.drain()

    async def end(self) -> None:
        """There are no more pieces."""
        self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()

    def drop(self) -> None:
        """Let the connection break, as when the server dies."""
        self._writer.transport.abort()

    def _head(self, status: HTTPStatus, kind: str, length: str) -> None:
        lines = (f"HTTP/1.1 {status.value} {status.phrase}", f"Content-Type: {kind}", length, "", "")
        self._writer.write("\r\n".join(lines).encode())


class Connection(asyncio.StreamReaderProtocol):
    """One client: its requests are answered one after the other, and given up when it goes."""

    def __init__(self, answer: Callable[[Request, Exchange], Awaitable[None]], kept: "set[Connection]") -> None:
        super().__init__(asyncio.StreamReader(limit=MOST_HEAD_BYTES), self._serve)
        self._answer = answer
        self._kept = kept
        self._serving: asyncio.Task[None] | None = None
        self._writer: asyncio.StreamWriter | None = None

    def eof_received(self) -> bool | None:
        """The client has gone; what it asked for is not worked on any more."""
        self._stop()
        return super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """The same, less politely."""
        self._stop()
        super().connection_lost(exc)

    def drop(self) -> None:
        """Break it."""
        if self._writer is not None:
            self._writer.transport.abort()
        self._stop()

    async def ended(self) -> None:
        """Return once nothing of it is left."""
        if self._serving is not None:
            await asyncio.gather(self._serving, return_exceptions=True)

    def _stop(self) -> None:
        if self._serving is not None:
            self._serving.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._serving, self._writer = asyncio.current_task(), writer
        self._kept.add(self)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                while True:
                    await self._answer(await _request(reader), Exchange(writer))
        finally:
            self._kept.discard(self)
            writer.close()


async def _request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = await _chunks(reader)
    else:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method=method, path=path.partition("?")[0], body=body)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return body
