"""A worker's side of the node's address: media streams come in here, and whoever asks whether it is well."""

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse
from pydantic import SecretStr

from shared.calls.token import check_token
from shared.kernel.errors import Malformed, Refused
from shared.kernel.ids import AttemptId
from voice_node.handshake import StreamStart, shake_hands
from voice_node.kit import CallKit
from voice_node.media.stream import stream_line
from voice_node.session import hold_call
from voice_node.workers import Admission, NoRoom

log = logging.getLogger(__name__)
NOT_ALLOWED, TRY_LATER = 1008, 1013


def build_app(*, kit: CallKit, admission: Admission, token_secret: SecretStr) -> FastAPI:
    """The ASGI application of one worker."""
    app = FastAPI(title="Voice node", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/health")
    async def health() -> dict[str, object]:
        """The process lives: how many calls it holds of how many it can."""
        return {"worker": kit.name.worker, "live": len(admission.lease.live), "slots": admission.lease.slots}

    @app.get("/ready")
    async def ready() -> JSONResponse:
        """Whether a call that comes now is let in."""
        return JSONResponse({"ready": admission.takes_calls}, status_code=200 if admission.takes_calls else 503)

    @app.websocket("/w/{worker}/{attempt}")
    async def stream(websocket: WebSocket, worker: str, attempt: str) -> None:
        """One call. Nothing is done for it before its token was checked."""
        await websocket.accept()
        attempt_id = AttemptId(attempt)
        try:
            start = await shake_hands(websocket)
            _check(start, attempt_id, worker)
            async with admission.enter(attempt_id):
                await hold_call(stream_line(websocket, start), attempt_id, kit=kit)
        except WebSocketDisconnect:
            log.info("A stream left before it began", extra={"attempt": attempt_id})
        except NoRoom:
            log.warning("A stream was turned away: no room", extra={"attempt": attempt_id})
            await websocket.close(TRY_LATER)
        except (Refused, Malformed) as refusal:
            log.warning("A stream was refused", extra={"attempt": attempt_id, "refusal": type(refusal).__name__})
            await websocket.close(NOT_ALLOWED)

    def _check(start: StreamStart, attempt_id: AttemptId, worker: str) -> None:
        if worker != kit.name.worker:
            raise Refused(f"this is worker {kit.name.worker}")
        check_token(
            token_secret.get_secret_value(),
            start.token,
            attempt_id=attempt_id,
            worker=worker,
            epoch=kit.name.epoch,
            now=kit.clock.now(),
        )

    return app


class SocketServer(uvicorn.Server):
    """Serves connections that another process has accepted, and that arrive one by one over ``control``.

    When that process is gone nobody new will come: that counts as being asked to stop.
    """

    def __init__(self, config: uvicorn.Config, control: socket.socket) -> None:
        super().__init__(config)
        control.setblocking(False)
        self.stop_asked = asyncio.Event()
        self._control = control
        self._arriving: set[asyncio.Task[None]] = set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the caller's affair."""
        yield

    def ask_to_stop(self) -> None:
        """Said once: let the calls end. Said twice: stop at once."""
        self.should_exit = self.stop_asked.is_set()
        self.stop_asked.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take connections."""
        await self.lifespan.startup()
        self.servers = []
        self.started = True
        asyncio.get_running_loop().add_reader(self._control.fileno(), self._receive)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more, and end those that are open."""
        asyncio.get_running_loop().remove_reader(self._control.fileno())
        await super().shutdown(sockets)

    def _receive(self) -> None:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, 1, 1)
        except BlockingIOError:
            return
        except OSError:
            data, descriptors = b"", []
        if not data:
            asyncio.get_running_loop().remove_reader(self._control.fileno())
            self.stop_asked.set()
        for descriptor in descriptors:
            task = asyncio.create_task(self._take(socket.socket(fileno=descriptor)))
            self._arriving.add(task)
            task.add_done_callback(self._arriving.discard)

    async def _take(self, connection: socket.socket) -> None:
        """Go on with a connection as if it had been accepted here."""

        def protocol() -> asyncio.Protocol:
            made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg] # as uvicorn itself does
                config=self.config, server_state=self.server_state, app_state=self.lifespan.state
            )
            return made

        connection.setblocking(False)
        try:
            await asyncio.get_running_loop().connect_accepted_socket(protocol, connection)
        except OSError:
            log.info("A connection was gone before it was taken")
            connection.close()
