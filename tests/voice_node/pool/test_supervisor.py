"""A node's supervisor with real processes, real sockets and workers of a few lines."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest


class LightNode:
    """A running node of ``light_node``, or of another module like it."""

    def __init__(self, folder: Path, *arguments: str, module: str) -> None:
        self._folder = folder
        command = [sys.executable, "-m", module, str(folder), *arguments]
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(command, stderr=log)

    @property
    def port(self) -> int:
        return int(self.told("port"))

    def told(self, name: str) -> str:
        """What a worker has written under this name."""
        return str(wait_for(lambda: (self._folder / name).read_text()))

    def ask(self, path: str) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    def workers(self) -> dict[str, Any]:
        return {each["worker"]: each for each in self.ask("/health")[1]["workers"]}

    def is_up(self) -> bool:
        return all(each["ready"] for each in self.workers().values())

    def call(self, path: str, *, whole: bool = True) -> socket.socket:
        """A connection that asks for a path; half a request line unless ``whole``."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: node\r\n\r\n".encode() if whole else b"GET /w")
        return connection

    def end(self) -> tuple[int, str]:
        """The exit status and the log."""
        return self.process.wait(20), (self._folder / "log").read_text()


def wait_for(condition: Callable[[], Any]) -> Any:
    """What ``condition`` returns, once that is something."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError):
            if found := condition():
                return found
        time.sleep(0.01)
    raise AssertionError("it does not happen")


def lives(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def heard(connection: socket.socket) -> int:
    """The process that holds the call; 0 when it was closed."""
    try:
        return int(connection.recv(100) or 0)
    except ConnectionResetError:
        return 0


def pid_now(connection: socket.socket) -> int:
    connection.sendall(b"?")
    return heard(connection)


@contextmanager
def running(folder: Path, *arguments: str, module: str = "tests.voice_node.pool.light_node") -> Iterator[LightNode]:
    node = LightNode(folder, *arguments, module=module)
    try:
        yield node
    finally:
        node.process.kill()
        node.process.wait()


@pytest.fixture
def node(tmp_path: Path) -> Iterator[LightNode]:
    with running(tmp_path, "good") as node:
        wait_for(node.is_up)
        yield node


def test_a_call_goes_to_the_worker_that_its_address_names(node: LightNode) -> None:
    pids = {name: each["pid"] for name, each in node.workers().items()}

    for name in ("w2", "w1", "w2"):
        with node.call(f"/w/{name}/a1") as call:
            assert heard(call) == pids[name]
    with node.call("/w/w3/a1") as call:
        assert heard(call) == 0
    with node.call("/something/else") as call:
        assert heard(call) in pids.values()


def test_who_says_nothing_or_half_of_it_keeps_nobody_waiting(node: LightNode) -> None:
    silent = [socket.create_connection(("127.0.0.1", node.port)) for _ in range(20)]
    with node.call("", whole=False) as slow:
        with node.call("/w/w1/a1") as call:
            assert heard(call) == node.workers()["w1"]["pid"]

        slow.sendall(b"/w2/a1 HTTP/1.1\r\n")
        assert heard(slow) == node.workers()["w2"]["pid"]
    for connection in silent:
        connection.close()


def test_what_is_not_http_is_sent_away(node: LightNode) -> None:
    for words in (b"\x16\x03\x01 hello\r\n", b"G" * 3_000):
        with socket.create_connection(("127.0.0.1", node.port), timeout=10) as connection:
            connection.sendall(words)
            assert heard(connection) == 0


def test_a_killed_worker_is_replaced_while_the_calls_of_the_other_go_on(node: LightNode) -> None:
    before = node.workers()
    engine = int(node.told("w1.engine"))
    with node.call("/w/w1/a1") as lost, node.call("/w/w2/a2") as kept:
        assert (heard(lost), heard(kept)) == (before["w1"]["pid"], before["w2"]["pid"])
        os.kill(before["w1"]["pid"], signal.SIGKILL)

        assert heard(lost) == 0
        wait_for(lambda: node.workers()["w1"]["restarts"] == 1 and node.is_up())
        assert pid_now(kept) == before["w2"]["pid"]
        with node.call("/w/w1/a3") as call:
            assert heard(call) == node.workers()["w1"]["pid"] != before["w1"]["pid"]
    assert not lives(engine)


def test_a_worker_that_does_not_answer_is_killed_and_replaced(node: LightNode) -> None:
    stuck = node.workers()["w1"]["pid"]
    os.kill(stuck, signal.SIGSTOP)

    wait_for(lambda: node.workers()["w1"]["restarts"] == 1 and node.is_up())

    assert not lives(stuck)


def test_stopping_waits_for_the_calls_and_leaves_nothing_behind(node: LightNode) -> None:
    pids = [each["pid"] for each in node.workers().values()]
    engines = [int(node.told(f"{name}.engine")) for name in ("w1", "w2")]
    with node.call("/w/w1/a1") as call:
        heard(call)
        node.process.terminate()
        wait_for(lambda: not lives(pids[1]))

        assert node.ask("/ready") == (503, {"ready": False})
        assert pid_now(call) == pids[0]
    code, _ = node.end()

    assert code == 0
    wait_for(lambda: not any(lives(pid) for pid in (*pids, *engines)))


def test_asked_twice_it_stops_with_calls_open(node: LightNode) -> None:
    with node.call("/w/w1/a1") as call:
        heard(call)
        node.process.terminate()
        wait_for(lambda: node.ask("/ready")[0] == 503)
        node.process.send_signal(signal.SIGINT)
        code, log = node.end()

        assert (code, heard(call)) == (0, 0)
    assert "does not answer and is killed" in log


def test_a_worker_that_dies_again_and_again_is_started_again_ever_later(tmp_path: Path) -> None:
    with running(tmp_path, "mortal") as node:
        wait_for(lambda: node.workers()["w2"]["restarts"] >= 4)

        assert node.ask("/ready") == (200, {"ready": True})
        node.process.terminate()
        _, log = node.end()
    delays = [line["in_seconds"] for line in map(json.loads, log.splitlines()) if "in_seconds" in line]
    assert delays[:4] == [0.0, 0.05, 0.1, 0.1]


def test_a_node_of_which_no_worker_starts_stops_and_says_so(tmp_path: Path) -> None:
    with running(tmp_path, "broken") as node:
        code, log = node.end()

    assert code == 3
    assert "A worker does not start: the node stops" in log
