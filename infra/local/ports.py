"""TCP ports of the loopback interface: a free one, or the one somebody asked for."""

import socket

from infra.local.child import free_port
from shared.kernel.errors import Unavailable


class PortTaken(Unavailable):
    """Somebody else listens on the port that was asked for."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is taken: stop what listens there, or choose another with --port")


def claimed_port(wanted: int) -> int:
    """``wanted`` if nobody listens there; any free port when it is 0.

    Raises:
        PortTaken: Somebody listens on it.
    """
    if wanted == 0:
        return free_port()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError as error:
            raise PortTaken(wanted) from error
    return wanted
