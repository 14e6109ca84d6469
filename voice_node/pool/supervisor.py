"""Holds a node's workers: forks them, watches them, replaces the dead, and lets their calls end before it stops."""

import logging
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable, Sequence

from voice_node.pool.bell import Bell
from voice_node.pool.door import Door
from voice_node.pool.family import adopt_orphans, kill_children_but
from voice_node.pool.fork import Work, fork_worker
from voice_node.pool.member import Member, Patience
from voice_node.pool.request_line import worker_of
from voice_node.pool.status import HEALTH, READY, answer, reply

log = logging.getLogger(__name__)
TICK_SECONDS = 0.5


class Supervisor:
    """One thread, no event loop, nothing but sockets and signals, so that a fork of it is always sound.

    The first request to stop lets every call end, the second stops at once. When no worker has ever been ready and
    one ends by itself, the node cannot run as it is configured, and stops.
    """

    def __init__(
        self,
        names: Sequence[str],
        *,
        listener: socket.socket,
        work: Work,
        patience: Patience | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._patience = patience or Patience()
        self._members = [Member(name, self._patience) for name in names]
        self._work = work
        self._now = now
        self._selector = selectors.DefaultSelector()
        self._bell = Bell()
        self._door = Door(listener, selector=self._selector, serve=self._serve, now=now)
        self._stops = 0
        self._kill_at = float("inf")
        self._was_ready = False
        self._status = 0

    def run(self) -> int:
        """Serve until asked to stop; returns the exit status."""
        adopt_orphans()
        with self._bell:
            self._selector.register(self._bell.ear, selectors.EVENT_READ, self._bell.hush)
            while not self._stops or any(member.pid for member in self._members):
                self._fork_due()
                for key, _ in self._selector.select(self._door.looks_again_in or TICK_SECONDS):
                    key.data()
                self._bury()
                self._door.tick()
                self._obey()
                self._end_stuck()
            kill_children_but(set())
        self._door.forget()
        self._selector.close()
        return self._status

    def _fork_due(self) -> None:
        for member in self._members:
            if not self._stops and member.pid is None and self._now() >= member.due_at:
                gives_way = any(other.pid for other in self._members)  # the first to be ready opens the node
                pid, control = fork_worker(member.name, self._work, gives_way=gives_way, forget=self._forget)
                member.born(pid, control, self._now())
                self._selector.register(control, selectors.EVENT_READ, lambda member=member: self._listen(member))
                log.info("Worker started", extra={"worker": member.name, "process_id": pid})

    def _forget(self) -> None:
        """In a fork: close what is ours alone. The kernel's selector is shared, so nothing is unregistered."""
        self._selector.close()
        self._bell.forget()
        self._door.forget()
        for member in self._members:
            if member.control:
                member.control.close()

    def _listen(self, member: Member) -> None:
        assert member.control
        if not member.listen(self._now()):
            self._selector.unregister(member.control)
            member.control.close()
            member.control = None
        self._was_ready = self._was_ready or member.takes_calls

    def _serve(self, path: str, connection: socket.socket) -> None:
        """Answer for the node, or hand the connection to its worker; one that nobody takes is closed at once."""
        if path in (HEALTH, READY):
            reply(connection, *answer(path, self._members, is_stopping=bool(self._stops)))
            return
        name = worker_of(path)
        able = [member for member in self._members if name in (None, member.name)]
        wanted = max(able, key=lambda member: member.room, default=None)
        with connection:
            if wanted is None or not wanted.take(connection):
                log.warning("A connection was closed: its worker is not there", extra={"wanted": name})

    def _bury(self) -> None:
        """Collect the dead, and with them their engines."""
        is_bereaved = False
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if not pid:
                break
            for member in self._members:
                if member.pid == pid:
                    is_bereaved = True
                    self._died(member, os.waitstatus_to_exitcode(status))
        if is_bereaved:
            kill_children_but({member.pid for member in self._members if member.pid})

    def _died(self, member: Member, code: int) -> None:
        if member.control:
            self._selector.unregister(member.control)
        delay = member.died(self._now())
        if self._stops:
            log.info("Worker ended", extra={"worker": member.name, "code": code})
        elif code > 0 and not self._was_ready:
            log.error("A worker does not start: the node stops", extra={"worker": member.name, "code": code})
            self._status = code
            self._ask_to_stop()
        else:
            log.warning(
                "Worker ended and is replaced", extra={"worker": member.name, "code": code, "in_seconds": delay}
            )

    def _obey(self) -> None:
        while self._bell.stops:
            self._bell.stops -= 1
            self._ask_to_stop()

    def _ask_to_stop(self) -> None:
        self._stops += 1
        log.info("Stopping", extra={"at_once": self._stops > 1})
        for member in self._members:
            member.signal(signal.SIGTERM)
        if self._stops > 1:
            self._kill_at = min(self._kill_at, self._now() + self._patience.stop)

    def _end_stuck(self) -> None:
        now = self._now()
        for member in self._members:
            if member.pid and (member.is_stuck(now) or now > self._kill_at):
                log.error("A worker does not answer and is killed", extra={"worker": member.name})
                member.signal(signal.SIGKILL)
