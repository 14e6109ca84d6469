"""The node's one address: looks at what each connection asks for and hands it to whom it concerns, unread."""

import logging
import selectors
import socket
from collections.abc import Callable
from dataclasses import dataclass

from voice_node.pool.request_line import MOST_BYTES, NotHttp, requested_path

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 5.0
"""How long a connection may take to say what it wants."""
MOST_WAITING = 256
LOOK_AGAIN_SECONDS = 0.05
DEAD_PEER_SECONDS = 10
SEND_BUFFER_BYTES = 16_384
"""What the kernel takes for a carrier that does not read, twice over: some seconds of speech, not minutes."""


@dataclass(eq=False, kw_only=True)
class Visitor:
    """A connection that has not said yet what it wants."""

    connection: socket.socket
    until: float
    is_slow: bool = False


class Door:
    """Accepts on ``listener``, peeks at the request line and calls ``serve`` with its path and the connection.

    ``serve`` owns the connection from then on. A client that says nothing is left standing: it costs nobody time,
    and is sent away after ``PATIENCE_SECONDS``, or when too many wait.
    """

    def __init__(
        self,
        listener: socket.socket,
        *,
        selector: selectors.BaseSelector,
        serve: Callable[[str, socket.socket], None],
        now: Callable[[], float],
    ) -> None:
        listener.setblocking(False)
        self._listener = listener
        self._selector = selector
        self._serve = serve
        self._now = now
        self._visitors: dict[Visitor, None] = {}
        selector.register(listener, selectors.EVENT_READ, self._accept)

    @property
    def looks_again_in(self) -> float | None:
        """Seconds after which ``tick`` has something to do, ``None`` when nobody waits."""
        if any(visitor.is_slow for visitor in self._visitors):
            return LOOK_AGAIN_SECONDS
        return PATIENCE_SECONDS if self._visitors else None

    def tick(self) -> None:
        """Look again at those who had said half of it, and send away those whose time is over."""
        now = self._now()
        for visitor in list(self._visitors):
            if now > visitor.until:
                self._turn_away(visitor)
            elif visitor.is_slow:
                self._look(visitor)

    def forget(self) -> None:
        """Close this process's copies of everything, without a word to anybody: it has been forked."""
        self._listener.close()
        for visitor in self._visitors:
            visitor.connection.close()

    def _accept(self) -> None:
        for _ in range(MOST_WAITING):
            try:
                connection, _address = self._listener.accept()
            except OSError:  # nobody is there any more, or the process has no descriptor left
                return
            if len(self._visitors) >= MOST_WAITING:
                self._turn_away(next(iter(self._visitors)))
            connection.setblocking(False)
            tuned(connection)
            visitor = Visitor(connection=connection, until=self._now() + PATIENCE_SECONDS)
            self._visitors[visitor] = None
            self._selector.register(connection, selectors.EVENT_READ, lambda visitor=visitor: self._look(visitor))

    def _look(self, visitor: Visitor) -> None:
        if visitor not in self._visitors:  # sent away a moment ago, by what was reported together with this
            return
        try:
            head = visitor.connection.recv(MOST_BYTES, socket.MSG_PEEK)
            path = requested_path(head) if head else None
        except BlockingIOError:
            return
        except (OSError, NotHttp):
            self._turn_away(visitor)
            return
        if path is not None:
            self._let_go(visitor)
            self._serve(path, visitor.connection)
        elif not head:
            self._turn_away(visitor)
        elif not visitor.is_slow:
            # What was peeked at stays readable: a selector would report it without end.
            self._selector.unregister(visitor.connection)
            visitor.is_slow = True

    def _let_go(self, visitor: Visitor) -> None:
        del self._visitors[visitor]
        if not visitor.is_slow:
            self._selector.unregister(visitor.connection)

    def _turn_away(self, visitor: Visitor) -> None:
        self._let_go(visitor)
        visitor.connection.close()


def tuned(connection: socket.socket) -> None:
    """Have the kernel send at once, notice a peer that is gone or takes nothing, and keep little for it."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    seconds = DEAD_PEER_SECONDS
    for option, value in (
        ("TCP_KEEPIDLE", seconds // 2),
        ("TCP_KEEPINTVL", seconds // 5),
        ("TCP_KEEPCNT", 2),
        ("TCP_USER_TIMEOUT", seconds * 1_000),
    ):
        if (number := getattr(socket, option, None)) is not None:  # not every system has them all
            connection.setsockopt(socket.IPPROTO_TCP, number, value)
