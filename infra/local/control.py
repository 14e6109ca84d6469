"""The control plane of one machine: gateway, queues and schedules of ``template.yaml`` in one process."""

import logging
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import uvicorn

from infra.local.gateway import Gateway
from infra.local.queues import MessageStore, QueueRunner
from infra.local.runner import Runner
from infra.local.schedules import ScheduleRunner
from infra.local.template import read_template
from shared.kernel.clock import Clock
from shared.kernel.errors import Unavailable

logger = logging.getLogger(__name__)

GRACE_SECONDS = 5


@dataclass(frozen=True, kw_only=True)
class ControlConfig:
    """What the control plane needs to know; ``rate`` is how much faster the civil clock runs."""

    template: Path
    port: int
    host: str = "127.0.0.1"
    rate: float = 1.0


def serve(config: ControlConfig, *, store: MessageStore, clock: Clock) -> None:
    """Run until SIGTERM or SIGINT, then finish what is in hand.

    Raises:
        Malformed: The template, or a handler that it names, cannot be read.
        Unavailable: The port is taken.
    """
    template = read_template(config.template)
    wake = threading.Event()
    runner = Runner(template.functions.values(), after=wake.set)
    gateway = Gateway(template.functions.values(), runner=runner, clock=clock)
    queues = QueueRunner(template, store=store, runner=runner, clock=clock, wake=wake, rate=config.rate)
    schedules = ScheduleRunner(template, runner=runner, clock=clock)
    with _listening(config) as listener:
        server = uvicorn.Server(
            uvicorn.Config(
                gateway,
                ws="none",
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
                lifespan="on",
            )
        )
        queues.start()
        schedules.start()
        try:
            _run_until_stopped(server, listener)
        finally:
            schedules.stop()
            queues.stop()
    logger.info("control plane stopped")


def _run_until_stopped(server: uvicorn.Server, listener: socket.socket) -> None:
    """Serve; uvicorn takes over the signals once it runs, and repeats afterwards the one that stopped it."""

    def leave(number: int, frame: FrameType | None) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, leave) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        server.run(sockets=[listener])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _listening(config: ControlConfig) -> Iterator[socket.socket]:
    """The socket to serve on.

    Raises:
        Unavailable: The address cannot be had.
    """
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((config.host, config.port))
        except OSError as error:
            raise Unavailable(
                f"{config.host}:{config.port} cannot be served: {error.strerror}; choose another port"
            ) from error
        yield listener
