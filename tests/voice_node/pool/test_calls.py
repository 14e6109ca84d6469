"""Calls over real websockets to a node of two real workers."""

import asyncio
import json
import os
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from shared.calls.token import sign_token
from shared.kernel.ids import AttemptId
from tests.voice_node.conftest import SECRET
from tests.voice_node.doubles import NOON
from tests.voice_node.media_client import MediaClient, on_the_line, until
from tests.voice_node.pool.test_supervisor import LightNode, lives, running, wait_for

MODULE = "tests.voice_node.pool.silent_node"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("node")


@pytest.fixture(scope="module")
def node(home: Path) -> Iterator[LightNode]:
    with running(home, module=MODULE) as node:
        wait_for(node.is_up)
        yield node


def way_to(node: LightNode, home: Path, worker: str, attempt: str) -> tuple[str, str]:
    """The address of a worker for an attempt, and the token that opens it."""
    token = sign_token(
        SECRET,
        attempt_id=AttemptId(attempt),
        worker=worker,
        epoch=(home / f"{worker}.epoch").read_text(),
        expires_at=NOON + timedelta(minutes=1),
    )
    return f"ws://127.0.0.1:{node.port}/w/{worker}/{attempt}", token


@asynccontextmanager
async def call(node: LightNode, home: Path, worker: str, attempt: str) -> AsyncIterator[MediaClient]:
    """A call to a worker, once its first audio was heard."""
    url, token = way_to(node, home, worker, attempt)
    async with on_the_line(url, token=token) as client:
        await until(lambda: client.first_audio_at)
        yield client


def reports(home: Path, worker: str) -> list[list[str]]:
    """Attempt, who ended it and number of turns of each call that a worker has reported."""
    path = home / f"{worker}.reports"
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def test_the_process_that_is_forked_has_no_thread_of_ours(node: LightNode) -> None:
    threads = [task.name for task in Path(f"/proc/{node.process.pid}/task").iterdir()]

    assert len(threads) <= 2  # one is of the model library, which starts it when it is imported and lets it sleep


async def test_a_call_goes_on_while_the_other_worker_is_killed_and_replaced(node: LightNode, home: Path) -> None:
    before = (home / "w1.epoch").read_text()
    async with call(node, home, "w1", "a1") as lost, call(node, home, "w2", "a2") as kept:
        os.kill(node.workers()["w1"]["pid"], signal.SIGKILL)
        await until(lost.is_closed.is_set)
        await until(node.is_up)
        heard = len(kept.audio_at)
        await until(lambda: len(kept.audio_at) > heard + 10)

        assert not kept.is_closed.is_set()
        assert (home / "w1.epoch").read_text() != before
        async with call(node, home, "w1", "a3"):
            assert node.workers()["w1"]["live"] <= 1
    await until(lambda: [entry[0] for entry in reports(home, "w2")] == ["a2"])


async def test_a_carrier_that_stops_reading_is_cut_off_and_its_call_reported(node: LightNode, home: Path) -> None:
    url, token = way_to(node, home, "w2", "a4")
    path = url.removeprefix(f"ws://127.0.0.1:{node.port}")
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
    deaf.connect(("127.0.0.1", node.port))
    deaf.settimeout(10)
    deaf.sendall(
        f"GET {path} HTTP/1.1\r\nHost: node\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    assert deaf.recv(12) == b"HTTP/1.1 101"
    media = {"encoding": "audio/x-mulaw", "sampleRate": 8000}
    start = {"accountSid": "AC1", "callSid": "CA1", "mediaFormat": media, "customParameters": {"token": token}}
    for message in ({"event": "connected"}, {"event": "start", "streamSid": "MZ1", "start": start}):
        deaf.sendall(frame(json.dumps(message).encode()))

    with deaf:
        await until(lambda: ["a4", "error"] in [entry[:2] for entry in reports(home, "w2")], seconds=60)
        await asyncio.to_thread(wait_for, lambda: node.workers()["w2"]["live"] == 0)


def frame(text: bytes) -> bytes:
    """A masked websocket text frame, with a mask of zeros."""
    length = bytes([0x80 | len(text)]) if len(text) < 126 else b"\xfe" + len(text).to_bytes(2, "big")
    return b"\x81" + length + bytes(4) + text


async def test_a_stream_with_a_token_of_a_former_life_is_refused(node: LightNode, home: Path) -> None:
    _, stale = way_to(node, home, "w2", "a5")
    url, _ = way_to(node, home, "w1", "a5")

    async with on_the_line(url, token=stale) as client:
        await until(client.is_closed.is_set)

    assert client.first_audio_at is None


async def test_stopping_lets_the_call_end_and_leaves_no_process(node: LightNode, home: Path) -> None:
    pids = [each["pid"] for each in node.workers().values()]
    async with call(node, home, "w2", "a6") as client:
        node.process.terminate()
        await asyncio.to_thread(wait_for, lambda: not lives(pids[0]))
        heard = len(client.audio_at)
        await until(lambda: len(client.audio_at) > heard + 10)
        assert lives(pids[1])
    code, _ = await asyncio.to_thread(node.end)

    assert (code, reports(home, "w2")[-1][:2]) == (0, ["a6", "caller"])
    assert not any(lives(pid) for pid in pids)
