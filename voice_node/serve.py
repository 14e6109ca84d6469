"""A worker's life: start, take the connections that the supervisor hands over, drain on a signal, stop."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import uvicorn
from fastapi import FastAPI

from voice_node.bootstrap import start_node
from voice_node.config import NodeConfig
from voice_node.media.socket import CallSocket
from voice_node.pool.pulse import PULSE_SECONDS, Pulse
from voice_node.server import SocketServer
from voice_node.workers import Admission

log = logging.getLogger(__name__)
AT_ONCE_SECONDS = 3
"""What calls are left with when the worker is told to stop at once: enough to report them."""


async def serve(config: NodeConfig, control: socket.socket, is_warm: Callable[[], None]) -> None:
    """Serve until a signal, or until the supervisor is gone; ``is_warm`` is called once everything is.

    Raises:
        Unavailable: Something that the worker cannot do without does not start.
    """
    async with start_node(config) as node:
        is_warm()
        await attend(node.app, node.admission, control, drain=config.worker.drain)


async def attend(app: FastAPI, admission: Admission, control: socket.socket, *, drain: timedelta) -> None:
    """Hold the calls that come by ``control`` until asked to stop, and then those that are there."""
    server = SocketServer(
        uvicorn.Config(
            app,
            ws=CallSocket,
            ws_per_message_deflate=False,
            log_config=None,
            access_log=False,
            log_level="warning",
            timeout_keep_alive=0,  # the next request on a connection may be for another worker
            timeout_graceful_shutdown=AT_ONCE_SECONDS,
        ),
        control,
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.ask_to_stop)
    serving = asyncio.create_task(server.serve())
    telling = [asyncio.create_task(each) for each in (admission.load.watch_on(), _pulse_on(admission, control))]
    asking = asyncio.create_task(server.stop_asked.wait())
    await asyncio.wait({serving, asking}, return_when=asyncio.FIRST_COMPLETED)
    asking.cancel()
    if not serving.done():
        log.info("Draining", extra={"live": len(admission.lease.live)})
        draining = asyncio.create_task(admission.drain(timeout_seconds=drain.total_seconds()))
        await asyncio.wait({serving, draining}, return_when=asyncio.FIRST_COMPLETED)
        if admission.lease.live:
            log.warning("Calls are still open and are cut", extra={"live": len(admission.lease.live)})
        draining.cancel()
        server.should_exit = True
    await serving
    for task in telling:
        task.cancel()


async def _pulse_on(admission: Admission, control: socket.socket) -> None:
    """Tell the supervisor how we are, until cancelled; a supervisor that is gone or does not listen is told nothing."""
    while True:
        pulse = Pulse(
            ready=admission.takes_calls,
            live=len(admission.lease.live),
            slots=admission.lease.slots,
            lag_ms=admission.load.lag_ms,
            load=admission.load.cores,
        )
        with suppress(OSError):
            control.send(pulse.encoded())
        await asyncio.sleep(PULSE_SECONDS)
