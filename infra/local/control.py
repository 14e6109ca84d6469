"""The control plane of one machine: the gateway of ``template.yaml``, with its queues and schedules behind it."""

import gc
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import uvicorn

from infra.local.backstage import Work
from infra.local.gateway import Gateway
from infra.local.runner import Runner
from infra.local.template import read_template
from shared.kernel.clock import Clock
from shared.kernel.errors import Unavailable

logger = logging.getLogger(__name__)

GRACE_SECONDS = 5


@dataclass(frozen=True, kw_only=True)
class ControlConfig:
    """What the control plane needs to know."""

    template: Path
    port: int
    host: str = "127.0.0.1"


def serve(config: ControlConfig, *, work: Callable[[Callable[[], None]], Work], clock: Clock) -> None:
    """Run until SIGTERM or SIGINT, then finish what is in hand.

    Args:
        config: Where to listen, and what to serve.
        work: Makes what goes on behind the gateway; it is given what to call when that is lost.
        clock: The civil clock.

    Raises:
        Malformed: The template, or a handler that it names, cannot be read.
        Unavailable: The port is taken, or the work behind the gateway was lost.
    """
    template = read_template(config.template).on_one_machine()
    lost = threading.Event()
    behind = work(lost.set)
    doors = [function for function in template.functions.values() if function.http]
    gateway = Gateway(doors, runner=Runner(doors, after=behind.wake), clock=clock)
    with _listening(config) as listener:
        server = uvicorn.Server(
            uvicorn.Config(
                gateway,
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
                lifespan="on",
            )
        )
        gc.collect()
        gc.freeze()  # what was loaded stays; looking through it again would hold up whoever calls
        behind.start()
        try:
            _run_until_stopped(server, listener, lost=lost)
        finally:
            behind.stop()
    if lost.is_set():
        raise Unavailable("the process of the queues and schedules has ended; its last lines say why")
    logger.info("control plane stopped")


def _run_until_stopped(server: uvicorn.Server, listener: socket.socket, *, lost: threading.Event) -> None:
    """Serve, until told to stop or the work behind is lost.

    Uvicorn takes over the signals once it runs, and repeats afterwards the one that stopped it.
    """

    def leave(number: int, frame: FrameType | None) -> None:
        server.should_exit = True

    def watch() -> None:
        lost.wait()
        server.should_exit = True

    threading.Thread(target=watch, name="lost-work", daemon=True).start()
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
