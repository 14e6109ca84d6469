"""Media Streams: the call's sound over a WebSocket, both ways, at real pace."""

import asyncio
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from infra.simulator.carrier.call import Call
from infra.simulator.carrier.exchange import Exchange
from infra.simulator.carrier.sids import new_sid
from infra.simulator.carrier.signatures import sign
from infra.simulator.carrier.stream_messages import (
    CONNECTED,
    BadMessage,
    media_message,
    numbered,
    read_message,
    start_message,
)

CONNECT_SECONDS = 10.0
GOODBYE_SECONDS = 1.0
TIMED_OUT, NO_HANDSHAKE, CLOSED, BAD_MESSAGE = 31901, 31920, 31921, 31924


@dataclass(frozen=True, kw_only=True)
class StreamOrder:
    """One ``<Stream>``; ``fault`` says what is wrong with its address, blank when nothing is."""

    url: str
    name: str
    parameters: tuple[tuple[str, str], ...]
    callback: str
    callback_method: str
    fault: str


class MediaStream:
    """One socket of one call. It ends when the server closes it, when it breaks, or with the call."""

    def __init__(self, order: StreamOrder, *, call: Call, exchange: Exchange) -> None:
        assert call.leg is not None
        self.sid = new_sid("MZ")
        self._order = order
        self._call = call
        self._leg = call.leg
        self._exchange = exchange
        self._outgoing: asyncio.Queue[str | None] = asyncio.Queue()
        self._sequence = 0
        self._chunk = 0
        self._received = 0
        self._is_silent = False

    async def run(self) -> None:
        """Hold the stream from handshake to end; every failure is told as ``stream-error``."""
        socket = await self._open()
        if socket is None:
            return
        self._tell("stream-started")
        began = asyncio.get_running_loop().time()
        self._greet()
        self._leg.frame_listeners.append(self._on_frame)
        self._leg.key_listeners.append(self._on_key)
        writing = asyncio.ensure_future(self._write(socket))
        mishap = self._plan_mishap(socket)
        error = 0
        try:
            error = await self._read(socket)
        finally:
            if mishap:
                mishap.cancel()
            self._leg.frame_listeners.remove(self._on_frame)
            self._leg.key_listeners.remove(self._on_key)
            self._leg.playout.forget()
            self._call.streamed_seconds.append(asyncio.get_running_loop().time() - began)
            await self._close(socket, writing)
            self._tell("stream-error" if error else "stream-stopped", error)

    async def _open(self) -> ClientConnection | None:
        if self._order.fault:
            self._tell("stream-error", NO_HANDSHAKE, self._order.fault)
            return None
        signature = sign(self._exchange.account.auth_token, self._order.url)
        try:
            return await connect(
                self._order.url,
                additional_headers={"X-Twilio-Signature": signature},
                user_agent_header="Twilio.TmeWs/1.0",
                compression=None,
                open_timeout=CONNECT_SECONDS,
                close_timeout=GOODBYE_SECONDS,
                ping_interval=None,
                proxy=None,
            )
        except TimeoutError:
            self._tell("stream-error", TIMED_OUT)
        except (OSError, InvalidHandshake, InvalidURI, EOFError):
            self._tell("stream-error", NO_HANDSHAKE)
        return None

    async def _read(self, socket: ClientConnection) -> int:
        """Take messages until the socket ends; 0 when the server closed it in order, else an error code."""
        try:
            async for message in socket:
                if not self._is_silent:
                    self._take(message)
        except ConnectionClosed:
            return CLOSED
        self._exchange.warn(self._call.sid, CLOSED, stream=self.sid)
        return 0

    def _take(self, text: str | bytes) -> None:
        """One message from the server; what cannot be read is noted and ignored."""
        try:
            message = read_message(text, stream_sid=self.sid)
        except BadMessage:
            self._exchange.warn(self._call.sid, BAD_MESSAGE, stream=self.sid)
            return
        if message.event == "media":
            self._received += 1
            self._leg.playout.write(message.audio)
        elif message.event == "mark":
            self._leg.playout.mark(lambda: self._send_numbered("mark", {"name": message.name}))
        else:
            self._leg.playout.clear()

    def _greet(self) -> None:
        self._outgoing.put_nowait(CONNECTED)
        start = start_message(
            self._next(),
            stream_sid=self.sid,
            account_sid=self._call.account_sid,
            call_sid=self._call.sid,
            parameters=dict(self._order.parameters),
        )
        self._outgoing.put_nowait(start)

    def _on_frame(self, frame: bytes) -> None:
        self._chunk += 1
        message = media_message(self._next(), chunk=self._chunk, frame=frame, stream_sid=self.sid)
        self._outgoing.put_nowait(message)

    def _on_key(self, digit: str) -> None:
        self._send_numbered("dtmf", {"track": "inbound_track", "digit": digit})

    def _send_numbered(self, event: str, content: dict[str, Any]) -> None:
        self._outgoing.put_nowait(numbered(self._next(), event, content, stream_sid=self.sid))

    def _next(self) -> int:
        self._sequence += 1
        return self._sequence

    async def _write(self, socket: ClientConnection) -> None:
        try:
            while (message := await self._outgoing.get()) is not None:
                if not self._is_silent:
                    await socket.send(message)
        except ConnectionClosed:
            return

    def _plan_mishap(self, socket: ClientConnection) -> asyncio.TimerHandle | None:
        fault = self._exchange.dice.socket(self._call.person)
        if fault is None:
            return None
        self._exchange.journal.note("fault", self._call.sid, event="stream", socket=fault)
        after = self._exchange.dice.faults.socket_fault_after_seconds
        act = socket.transport.abort if fault == "dropped" else self._fall_silent
        return asyncio.get_running_loop().call_later(after, act)

    def _fall_silent(self) -> None:
        self._is_silent = True

    async def _close(self, socket: ClientConnection, writing: asyncio.Future[None]) -> None:
        ids = {"accountSid": self._call.account_sid, "callSid": self._call.sid}
        self._send_numbered("stop", ids)
        self._outgoing.put_nowait(None)
        await asyncio.wait({writing}, timeout=GOODBYE_SECONDS)
        writing.cancel()
        if self._is_silent:
            socket.transport.abort()
        await socket.close()

    def _tell(self, event: str, error: int = 0, reason: str = "") -> None:
        self._exchange.journal.note(
            "stream",
            self._call.sid,
            stream=self.sid,
            event=event,
            error=error or None,
            sent=self._chunk,
            received=self._received,
        )
        if error:
            self._exchange.warn(self._call.sid, error, stream=self.sid, reason=reason)
        if not self._order.callback:
            return
        fields = {
            "AccountSid": self._call.account_sid,
            "CallSid": self._call.sid,
            "StreamSid": self.sid,
            "StreamName": self._order.name or self.sid,
            "StreamEvent": event,
            "Timestamp": self._exchange.clock.now().isoformat(timespec="milliseconds"),
        }
        if error:
            fields["StreamErrorCode"] = str(error)
            fields["StreamError"] = reason or f"Stream error {error}"
        self._exchange.callbacks.send(
            self._call,
            self._order.callback,
            fields,
            event=event,
            method=self._order.callback_method,
            lane=self.sid,
        )
