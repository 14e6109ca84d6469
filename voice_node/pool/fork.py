"""A worker forked from the warm process: everything that is loaded there is shared with it."""

import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable

from voice_node.pool.bell import ALL
from voice_node.pool.family import step_back, step_forward

Work = Callable[[str, socket.socket, Callable[[], None]], int]
"""A worker's whole life: its name, its end of the control socket, and what it calls once it is warm → exit status."""


def fork_worker(name: str, work: Work, *, gives_way: bool, forget: Callable[[], None]) -> tuple[int, socket.socket]:
    """Start ``work`` in a child; returns its process id and our end of the socket to it.

    The parent must have one thread and no event loop. ``forget`` closes, in the child, what belongs to the parent.
    With ``gives_way`` the child warms up behind everybody else.
    """
    ours, theirs = socket.socketpair()
    # A signal that arrives before the child has put the handlers away would be counted by our copy, and lost.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ALL)
    pid = os.fork()
    if pid:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()
        return pid, ours
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C reaches all: the supervisor passes it on
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        ours.close()
        forget()
        _name_logs(name)
        gc.enable()
        stepped_back = gives_way and step_back()
        status = work(name, theirs, step_forward if stepped_back else lambda: None)
    finally:
        if sys.exc_info()[1] is not None:
            sys.excepthook(*sys.exc_info())
        logging.shutdown()
        os._exit(status)


def _name_logs(worker: str) -> None:
    """Have every line of the log say which worker wrote it."""

    def named(record: logging.LogRecord) -> bool:
        record.__dict__.setdefault("worker", worker)
        return True

    for handler in logging.getLogger().handlers:
        handler.addFilter(named)
