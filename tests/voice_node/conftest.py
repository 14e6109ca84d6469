"""A worker that listens on a free port, with stand-ins for everything outside the call."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import APIRouter
from pydantic import SecretStr

from shared.calls.token import sign_token
from shared.kernel.errors import Unavailable
from tests.voice_node.doubles import (
    ATTEMPT,
    NOON,
    Cabinet,
    LocalLease,
    Parrot,
    PlainBrain,
    QuietLive,
    ScriptedEars,
    StillClock,
    ToneVoice,
    make_desk,
    make_recorder,
)
from tests.voice_node.media_client import MediaClient, on_the_line, until
from voice_node.desk import Desk
from voice_node.kit import CallKit, SpeechEngines
from voice_node.server import build_app
from voice_node.speech.renderer import Renderer
from voice_node.speech.voice import Voice
from voice_node.warm_up import warm_up_models
from voice_node.workers import Admission, WorkerName

SECRET = "a secret between the node and us"


@dataclass
class RunningNode:
    """A worker in this process. ``recognises`` is what its ears will hear, one text per turn of the caller."""

    cabinet: Cabinet
    desk: Desk
    live: QuietLive
    admission: Admission
    kit: CallKit
    port: int = 0
    recognises: list[str] = field(default_factory=list)
    hung_up: list[str] = field(default_factory=list)
    reported_first: list[bool] = field(default_factory=list)
    transferred: list[tuple[str, str]] = field(default_factory=list)

    def ring(self, *, token: str | None = None, recovered: int = 0) -> AbstractAsyncContextManager[MediaClient]:
        """Open a stream as the carrier would, with a good token unless another is given."""
        good = sign_token(SECRET, attempt_id=ATTEMPT, worker="w1", epoch="e1", expires_at=NOON + timedelta(minutes=1))
        address = f"ws://127.0.0.1:{self.port}/w/w1/{ATTEMPT}"
        return on_the_line(address, token=good if token is None else token, recovered=recovered)

    async def reported(self) -> Any:
        """The report of the call, once it has been written."""
        await until(lambda: self.cabinet.reports)
        return self.cabinet.reports[-1]


def make_node(folder: Path, **changes: Any) -> RunningNode:
    """A worker that does not listen yet."""
    cabinet, live = Cabinet(), QuietLive()
    desk = make_desk(cabinet, folder)
    node: RunningNode

    async def hang_up(call_sid: str) -> None:
        node.hung_up.append(call_sid)
        node.reported_first.append(bool(cabinet.reports))

    async def transfer(call_sid: str, to: str) -> None:
        if not to.startswith("+1"):
            raise Unavailable("the carrier is away")
        node.transferred.append((call_sid, to))

    kit = CallKit(
        name=WorkerName(worker="w1", epoch="e1"),
        clock=StillClock(),
        desk=desk,
        engines=SpeechEngines(
            speech_to_text=lambda *_: ScriptedEars(node.recognises),
            text_to_speech=lambda *_: ToneVoice(),
            speech_to_text_vendor="pocketsphinx",
            text_to_speech_vendor="espeak",
        ),
        brain=PlainBrain(),
        make_talker=lambda brief, _: Parrot(brief),
        is_opt_out=lambda text: "stop calling" in text,
        live=live,
        hang_up=hang_up,
        transfer=transfer,
        recordings=make_recorder(folder),
    )
    node = RunningNode(
        cabinet=cabinet, desk=desk, live=live, admission=Admission(LocalLease(2)), kit=replace(kit, **changes)
    )
    return node


@asynccontextmanager
async def listening(node: RunningNode, *doors: APIRouter) -> AsyncIterator[RunningNode]:
    """The worker with its door open, and whatever other doors it has."""
    await warm_up_models()
    app = build_app(kit=node.kit, admission=node.admission, token_secret=SecretStr(SECRET))
    for door in doors:
        app.include_router(door)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, ws="websockets-sansio"))
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    node.port = server.servers[0].sockets[0].getsockname()[1]
    node.admission.is_ready = True
    try:
        yield node
    finally:
        server.should_exit = True
        await serving


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[RunningNode]:
    """A listening worker whose talker is a parrot."""
    async with listening(make_node(tmp_path)) as running:
        yield running


@pytest.fixture(scope="session")
def spoken() -> Iterator[Callable[[str], bytes]]:
    """Speech of a person, as mu-law."""
    with Renderer() as renderer:
        yield lambda text: renderer.mulaw(text, Voice(name="en-us"))
