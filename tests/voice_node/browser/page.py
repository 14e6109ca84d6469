"""A browser without a screen: it speaks into its microphone, hears the agent, and reads what the page is told."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import httpx
import numpy as np
from aiortc import AudioStreamTrack, RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame, AudioResampler

from tests.voice_node.media_client import until
from voice_node.speech.mulaw import from_mulaw

RATE = 8_000
FRAME = RATE // 50
LOUD = 500
"""Above this a sample is no silence."""


class Microphone(AudioStreamTrack):
    """What the person says, at real pace, and silence when they say nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = bytearray()
        self._begun, self._pts = 0.0, 0

    async def recv(self) -> AudioFrame:
        pts = self._pts
        self._begun = self._begun or time.monotonic()
        self._pts += FRAME
        await asyncio.sleep(self._begun + pts / RATE - time.monotonic())
        pcm = bytes(self.waiting[: FRAME * 2]).ljust(FRAME * 2, b"\0")
        del self.waiting[: FRAME * 2]
        frame = AudioFrame.from_ndarray(np.frombuffer(pcm, dtype=np.int16)[None, :], layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, pts, Fraction(1, RATE)
        return frame


@dataclass
class Page:
    """One page that talks. ``heard`` is 16-bit PCM at 8,000 Hz from the moment the line stood."""

    peer: RTCPeerConnection
    channel: RTCDataChannel
    microphone: Microphone
    heard: bytearray = field(default_factory=bytearray)
    told: list[dict[str, Any]] = field(default_factory=list)
    is_over: asyncio.Event = field(default_factory=asyncio.Event)
    codec: str = ""

    def speak(self, mulaw: bytes) -> None:
        """Say something behind what is being said."""
        self.microphone.waiting += from_mulaw(mulaw)

    def send(self, **message: str) -> None:
        """Tell the agent's side something that is no sound."""
        self.channel.send(json.dumps(message))

    @property
    def agent_lines(self) -> list[str]:
        """What the agent has begun to say."""
        return [each["text"] for each in self.told if each["type"] == "words" and each["kind"] == "spoken"]

    @property
    def report(self) -> dict[str, Any]:
        """What would have been written down."""
        return next(each for each in self.told if each["type"] == "report")

    def loud_seconds(self, start: int = 0) -> float:
        """How long the agent was heard from sample ``start`` on."""
        samples = np.abs(np.frombuffer(bytes(self.heard), dtype="<i2")[start:].astype(int))
        blocks = samples[: len(samples) // 80 * 80].reshape(-1, 80).max(axis=1)
        return float((blocks > LOUD).sum()) / 100

    async def hear_out(self, line: str, seconds: float = 0.5) -> None:
        """Wait until the agent says a line, and has been silent for a while behind it."""
        await until(lambda: line in self.agent_lines)
        begun = len(self.heard) // 2
        await until(lambda: self.loud_seconds(begun))
        recent = int(seconds * RATE)
        await until(lambda: self.is_over.is_set() or not self.loud_seconds(len(self.heard) // 2 - recent))

    async def listen(self, track: MediaStreamTrack) -> None:
        """Hear the agent until the line is closed."""
        resampler = AudioResampler("s16", "mono", RATE)
        with contextlib.suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                assert isinstance(frame, AudioFrame)
                for each in resampler.resample(frame):
                    self.heard += each.to_ndarray().tobytes()


@contextlib.asynccontextmanager
async def talking(address: str, ticket: str) -> AsyncIterator[Page]:
    """A page whose line to the agent stands."""
    peer, microphone = RTCPeerConnection(), Microphone()
    page = Page(peer=peer, channel=peer.createDataChannel("talk"), microphone=microphone)
    listening: list[asyncio.Task[None]] = []

    @peer.on("track")
    def on_track(track: MediaStreamTrack) -> None:
        listening.append(asyncio.create_task(page.listen(track)))

    @page.channel.on("message")
    def on_message(text: str) -> None:
        message = json.loads(text)
        page.told.append(message)
        if message["type"] == "over":
            page.is_over.set()

    peer.addTrack(microphone)
    try:
        await peer.setLocalDescription(await peer.createOffer())
        answer = await offered(address, ticket, peer.localDescription.sdp)
        await peer.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
        page.codec = peer.getTransceivers()[0]._codecs[0].mimeType
        await until(lambda: page.channel.readyState == "open" and page.told)
        yield page
    finally:
        await peer.close()
        await asyncio.gather(*listening)


async def offered(address: str, ticket: str, sdp: str) -> dict[str, Any]:
    """The node's answer to an offer."""
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(address, json={"ticket": ticket, "sdp": sdp})
    return dict(answer.json()) | {"status": answer.status_code}
