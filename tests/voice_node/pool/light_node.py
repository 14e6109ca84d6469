"""A node whose workers are a few lines each: ``python -m tests.voice_node.pool.light_node FOLDER KIND``.

A worker keeps every connection and answers each byte it gets on it with its own process id. Before it is ready it
starts an engine that pays no attention to its pipe. It writes ``<name>.pid`` and ``<name>.engine`` into the folder.
``KIND`` is ``good``, ``broken`` (no worker starts) or ``mortal`` (w2 dies as soon as it was ready).
"""

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from shared.logs import configure
from voice_node.pool.member import Patience
from voice_node.pool.pulse import Pulse
from voice_node.pool.supervisor import Supervisor

NAMES = ("w1", "w2")
PATIENCE = Patience(stuck=1.0, stop=1.0, first_delay=0.05, longest_delay=0.1)


def main() -> int:
    folder, kind = Path(sys.argv[1]), sys.argv[2]
    configure()

    def work(name: str, control: socket.socket, is_warm: Callable[[], None]) -> int:
        if kind == "broken":
            return 3
        engine = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], stdin=subprocess.PIPE)
        write(folder / f"{name}.engine", str(engine.pid))
        write(folder / f"{name}.pid", str(os.getpid()))
        is_warm()
        return hold(control, dies=kind == "mortal" and name == "w2")

    listener = socket.create_server(("127.0.0.1", 0))
    write(folder / "port", str(listener.getsockname()[1]))
    return Supervisor(NAMES, listener=listener, work=work, patience=PATIENCE).run()


def hold(control: socket.socket, *, dies: bool) -> int:
    """Serve until asked to stop and every connection was closed by its peer."""
    stops: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stops.append(number))
    calls: list[socket.socket] = []
    while not stops or calls:
        control.send(Pulse(ready=not stops, live=len(calls), slots=4, lag_ms=0.0, load=0.0).encoded())
        if dies:
            os._exit(9)
        readable, _, _ = select.select([control, *calls], [], [], 0.05)
        for each in readable:
            if each is control:
                _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
                calls += [socket.socket(fileno=descriptor) for descriptor in descriptors]
            elif each.recv(4_096):
                each.sendall(f"{os.getpid()}\n".encode())
            else:
                calls.remove(each)
                each.close()
    return 0


def write(path: Path, text: str) -> None:
    """Nobody reads half of it."""
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    fresh.replace(path)


if __name__ == "__main__":
    sys.exit(main())
