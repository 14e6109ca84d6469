"""A WebSocket client that costs next to nothing: whoever measures should not take the time of what is measured.

Text frames both ways, one fragment each, answers to pings and closes: what a media stream needs of RFC 6455.
"""

import asyncio
import base64
import os
import struct
from collections.abc import Callable
from urllib.parse import urlsplit

from shared.kernel.errors import Unavailable

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
LAST, MASKED = 0x80, 0x80
NO_MASK = bytes(4)
"""A mask of zeros leaves the text as it is; the protocol asks for a mask, not for a secret one."""


class TextSocket(asyncio.Protocol):
    """One connection. ``on_text`` gets each message as it arrives, ``on_end`` is told once that there are no more."""

    def __init__(self, *, on_text: Callable[[bytes], None], on_end: Callable[[], None]) -> None:
        self._on_text = on_text
        self._on_end = on_end
        self._waiting = bytearray()
        self._opened: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.WriteTransport | None = None
        self.is_open = False

    @classmethod
    async def to(
        cls, url: str, *, on_text: Callable[[bytes], None], on_end: Callable[[], None], timeout_seconds: float
    ) -> "TextSocket":
        """Connect and shake hands.

        Raises:
            Unavailable: Nobody is there, or it is no media socket.
        """
        address = urlsplit(url)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout_seconds):
                _, socket = await loop.create_connection(
                    lambda: cls(on_text=on_text, on_end=on_end), address.hostname or "", address.port or 80
                )
                socket._shake_hands(address.netloc, address.path)
                if not await socket._opened:
                    raise Unavailable("the media socket was refused")
        except (OSError, TimeoutError) as fault:
            raise Unavailable(f"the media socket does not open: {type(fault).__name__}") from fault
        return socket

    def send(self, text: str) -> None:
        """Send one message; nothing happens once the connection is over."""
        self._write(TEXT, text.encode())

    def close(self) -> None:
        """Say goodbye and go."""
        self._write(CLOSE, struct.pack(">H", 1_000))
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.WriteTransport) or hasattr(transport, "write")
        self._transport = transport  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:
        """The far side is gone."""
        self._end()

    def data_received(self, data: bytes) -> None:
        """Take the handshake's answer, then frames."""
        self._waiting += data
        if not self._opened.done():
            head, found, rest = self._waiting.partition(b"\r\n\r\n")
            if not found:
                return
            self.is_open = head.startswith(b"HTTP/1.1 101")
            self._waiting = rest
            self._opened.set_result(self.is_open)
        while self.is_open and self._take_frame():
            pass

    def _take_frame(self) -> bool:
        waiting = self._waiting
        if len(waiting) < 2:
            return False
        length, begin = waiting[1] & 0x7F, 2
        if length == 126:
            if len(waiting) < 4:
                return False
            length, begin = int.from_bytes(waiting[2:4], "big"), 4
        elif length == 127:
            if len(waiting) < 10:
                return False
            length, begin = int.from_bytes(waiting[2:10], "big"), 10
        if len(waiting) < begin + length:
            return False
        kind, content = waiting[0] & 0x0F, bytes(waiting[begin : begin + length])
        del waiting[: begin + length]
        if kind == TEXT:
            self._on_text(content)
        elif kind == PING:
            self._write(PONG, content)
        elif kind == CLOSE:
            self.close()
            self._end()
        return True

    def _write(self, kind: int, content: bytes) -> None:
        if self._transport is None or not self.is_open:
            return
        size = len(content)
        length = bytes([MASKED | size]) if size < 126 else bytes([MASKED | 126]) + size.to_bytes(2, "big")
        self._transport.write(bytes([LAST | kind]) + length + NO_MASK + content)

    def _shake_hands(self, host: str, path: str) -> None:
        assert self._transport is not None
        key = base64.b64encode(os.urandom(16)).decode()
        self._transport.write(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def _end(self) -> None:
        if not self._opened.done():
            self._opened.set_result(False)
        if self.is_open:
            self.is_open = False
            self._on_end()
