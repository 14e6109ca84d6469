"""The browser at the other end of a WebRTC connection: its microphone, its loudspeaker, and messages both ways."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

from aiortc import RTCRtpSender
from aiortc.exceptions import OperationError
from aiortc.mediastreams import MediaStreamError
from av import AudioResampler
from pipecat.transports.smallwebrtc.connection import IceServer, SmallWebRTCConnection

from shared.kernel.errors import Malformed, Unavailable
from voice_node.browser.track import AgentTrack
from voice_node.media.messages import SAMPLE_RATE_HZ

CONNECT_SECONDS = 15.0
SOUNDLESS_SECONDS = 6.0
"""A microphone sends silence, too: a browser that sends nothing for so long is gone."""
GOODBYE_SECONDS = 2.0
"""How long the browser may take to leave by itself, once it was told that the call is over."""
CODECS = ("audio/pcmu", "audio/opus")
"""The telephone's own coding first: nothing is resampled here, and one hears what a caller would hear."""


class Peer:
    """One browser. Made by ``answer``; ``is_gone`` is set once it has left or cannot be reached."""

    def __init__(self, connection: SmallWebRTCConnection) -> None:
        self._connection: Any = connection  # most of its methods carry no types
        self._is_there = asyncio.Event()
        self.is_gone = asyncio.Event()
        self.on_message: Callable[[dict[str, Any]], None] = lambda _: None

    @classmethod
    async def answer(cls, sdp: str, *, ice_servers: Sequence[IceServer] = ()) -> "Peer":
        """Take up a browser's offer.

        Raises:
            Malformed: It offers no sound that we understand.
        """
        connection = SmallWebRTCConnection(list(ice_servers))
        peer = cls(connection)
        known = RTCRtpSender.getCapabilities("audio").codecs
        wanted = [codec for name in CODECS for codec in known if codec.mimeType.lower() == name]
        connection.pc.addTransceiver("audio", direction="sendrecv").setCodecPreferences(wanted)
        connection.add_event_handler("connected", peer._arrived)
        connection.add_event_handler("closed", peer._left)
        connection.add_event_handler("failed", peer._left)
        connection.add_event_handler("app-message", peer._heard)
        try:
            await connection.initialize(sdp, "offer")
        except (OperationError, ValueError, LookupError, AssertionError) as error:
            await peer._connection.disconnect()
            raise Malformed("the browser's offer cannot be read") from error
        await peer._connection.connect()
        return peer

    @property
    def sdp(self) -> str:
        """Our answer to its offer."""
        answer = self._connection.get_answer()
        assert answer is not None
        return str(answer["sdp"])

    async def arrive(self) -> None:
        """Wait until sound can go both ways.

        Raises:
            Unavailable: The browser does not come, or has left again.
        """
        arriving = [asyncio.create_task(event.wait()) for event in (self._is_there, self.is_gone)]
        await asyncio.wait(arriving, timeout=CONNECT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for task in arriving:
            task.cancel()
        if self.is_gone.is_set() or not self._is_there.is_set():
            raise Unavailable("the browser does not connect")

    def plays(self, track: AgentTrack) -> None:
        """Let the browser hear a track from now on."""
        self._connection.replace_audio_track(track)

    async def sound(self) -> AsyncGenerator[bytes]:
        """What its microphone hears, as 16-bit mono PCM at 8,000 Hz in pieces of some 20 ms, until it leaves."""
        track = self._connection.audio_input_track()
        resampler = AudioResampler("s16", "mono", SAMPLE_RATE_HZ)
        while track is not None:
            try:
                async with asyncio.timeout(SOUNDLESS_SECONDS):
                    frame = await track.recv()
            except (TimeoutError, MediaStreamError):
                break
            for each in resampler.resample(frame):
                yield each.to_ndarray().tobytes()

    def tell(self, message: dict[str, Any]) -> None:
        """Send the page a message; before it can be reached, messages wait."""
        self._connection.send_app_message(message)

    async def close(self) -> None:
        """Let the page end the call, and end it ourselves if it does not."""
        if not self.is_gone.is_set():
            self.tell({"type": "over"})
            leaving = asyncio.create_task(self.is_gone.wait())
            await asyncio.wait([leaving], timeout=GOODBYE_SECONDS)
            leaving.cancel()
        await self._connection.disconnect()

    def _arrived(self, _: SmallWebRTCConnection) -> None:
        self._is_there.set()

    def _left(self, _: SmallWebRTCConnection) -> None:
        self.is_gone.set()

    def _heard(self, _: SmallWebRTCConnection, message: dict[str, Any]) -> None:
        self.on_message(message)
