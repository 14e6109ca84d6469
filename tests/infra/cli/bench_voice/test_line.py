"""A caller's line against a server that is known: it answers so much after the last speech, and stops when told."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import numpy as np
import pytest
from websockets.asyncio.server import ServerConnection, serve

from infra.cli.bench_voice.corpus import Take
from infra.cli.bench_voice.line import Line
from infra.cli.bench_voice.meters import answers, greeting_ms
from infra.cli.bench_voice.orders import CallOrder
from infra.cli.bench_voice.people import Person
from infra.cli.bench_voice.replies import is_voiced, spoken
from infra.simulator.carrier.mulaw import encoded
from infra.simulator.carrier.stream_messages import read_message
from voice_node.speech.mulaw import to_mulaw

REPLY = b"".join(to_mulaw(piece) for piece in spoken("thank you"))
THOUGHT_SECONDS = 0.2
NOISE = np.random.default_rng(1)


def take(name: str, kind: str, level: int, frames: int) -> Take:
    sound = encoded((NOISE.standard_normal(160 * frames) * level).astype(np.int16))
    return Take(name=name, kind=kind, text="", mulaw=sound, speech_frames=frames)  # type: ignore[arg-type]


QUIET, TURN = take("line", "line", 10, 50), take("turn", "turn", 9_000, 15)


@dataclass
class KnownServer:
    """Greets, then answers ``THOUGHT_SECONDS`` after the first quiet frame that follows a loud one."""

    port: int = 0
    events: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    async def talk(self, socket: ServerConnection) -> None:
        """One stream."""
        was_loud, sid = False, ""
        async for text in socket:
            message = json.loads(text)
            self.events.append(message["event"])
            if message["event"] == "start":
                sid = message["streamSid"]
                await self._say(socket, sid)
            elif message["event"] == "mark":
                self.marks.append(message["mark"]["name"])
            elif message["event"] == "media":
                audio = read_message(json.dumps({**message, "event": "media"}), stream_sid=sid).audio
                is_loud = is_voiced(audio)
                if was_loud and not is_loud:
                    await asyncio.sleep(THOUGHT_SECONDS)
                    await self._say(socket, sid)
                was_loud = is_loud

    async def _say(self, socket: ServerConnection, sid: str) -> None:
        import base64

        payload = base64.b64encode(REPLY).decode()
        await socket.send(json.dumps({"event": "media", "streamSid": sid, "media": {"payload": payload}}))
        await socket.send(json.dumps({"event": "mark", "streamSid": sid, "mark": {"name": "said"}}))


@asynccontextmanager
async def known_server() -> AsyncIterator[KnownServer]:
    known = KnownServer()
    async with serve(known.talk, "127.0.0.1", 0, compression=None) as server:
        known.port = next(iter(server.sockets)).getsockname()[1]
        yield known


def order(port: int, seconds: float) -> CallOrder:
    url = f"ws://127.0.0.1:{port}/w/bench/a"
    return CallOrder(url=url, token="t", attempt="a", starts=0, seconds=seconds, manner="talks", seed=1)


async def test_a_known_server_is_measured_as_it_answers() -> None:
    async with known_server() as known:
        line = Line(order(known.port, 3.5), quiet=QUIET)
        track = await line.hold(Person(line, [TURN], quiet=10).tick)

    found = answers(track)
    assert found
    assert greeting_ms(track) < 1_000
    assert all(each.latency_ms >= THOUGHT_SECONDS * 1_000 for each in found)
    assert known.events[:2] == ["connected", "start"]
    assert set(known.marks) == {"said"}
    assert not track.was_refused
    assert track.was_dropped_at is None


async def test_nobody_at_the_other_end_is_noted_as_a_refusal(unused_tcp_port: int) -> None:
    line = Line(order(unused_tcp_port, 1), quiet=QUIET)

    track = await line.hold(lambda: None)

    assert track.was_refused


@pytest.fixture
def unused_tcp_port() -> int:
    from infra.local.child import free_port

    return free_port()


async def test_a_server_that_leaves_is_noted_as_a_drop() -> None:
    async def leave(socket: ServerConnection) -> None:
        await socket.recv()

    async with serve(leave, "127.0.0.1", 0, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        line = Line(order(port, 30), quiet=QUIET)
        track = await line.hold(lambda: None)

    assert track.was_dropped_at is not None
    assert track.ended
