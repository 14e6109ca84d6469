"""A caller's telephone: one media stream at real pace, both ways, and notes of everything on it."""

import asyncio
import time
from collections.abc import Callable, Iterator
from random import Random

from infra.cli.bench_voice.corpus import Take
from infra.cli.bench_voice.orders import CallOrder
from infra.cli.bench_voice.replies import is_voiced
from infra.cli.bench_voice.text_socket import TextSocket
from infra.cli.bench_voice.track import Said, Track
from infra.simulator.carrier.playout import Playout
from infra.simulator.carrier.sids import new_sid
from infra.simulator.carrier.stream_messages import CONNECTED, media_message, numbered, read_message, start_message
from shared.kernel.errors import Unavailable

CONNECT_SECONDS = 10.0


class Line:
    """One call. ``hears`` tells whether the last 20 ms that played were more than silence."""

    def __init__(self, order: CallOrder, *, quiet: Take, now: Callable[[], float] = time.monotonic) -> None:
        self.track = Track(attempt=order.attempt)
        self.hears = False
        self.is_over = False
        self._order = order
        self._now = now
        self._sid = new_sid("MZ")
        self._playout = Playout()
        self._hung_up = asyncio.Event()
        self._quiet = list(quiet.frames())
        self._dice = Random(order.seed)
        self._speaking: Iterator[bytes] = iter(())
        self._take: Take | None = None
        self._place = 0
        self._sequence = 0
        self._chunk = 0

    @property
    def tick(self) -> int:
        """How many frames have been heard."""
        return len(self.track.heard) // 160

    @property
    def is_speaking(self) -> bool:
        """Whether a take is still leaving."""
        return self._take is not None

    def say(self, take: Take) -> None:
        """Let a take leave, from the next tick on."""
        self._take, self._speaking, self._place = take, take.frames(), 0

    async def hold(self, every_tick: Callable[[], None]) -> Track:
        """Keep the call until its time is over or the far side ends it; ``every_tick`` is called after each tick."""
        try:
            self._socket = await TextSocket.to(
                self._order.url, on_text=self._take_message, on_end=self._dropped, timeout_seconds=CONNECT_SECONDS
            )
        except Unavailable:
            self.track.was_refused = True
            return self.track
        self._greet()
        self.track.ticks_began = self._now()
        self._every_tick = every_tick
        self._on_tick()
        await self._hung_up.wait()
        self.track.ended = self._now()
        self._send("stop", {"accountSid": "AC0", "callSid": self._call_sid})
        self._socket.close()
        return self.track

    @property
    def _call_sid(self) -> str:
        return f"CA{self._sid[2:]}"

    def _greet(self) -> None:
        parameters = {"token": self._order.token, "recovered": "0"}
        start = start_message(
            self._next(), stream_sid=self._sid, account_sid="AC0", call_sid=self._call_sid, parameters=parameters
        )
        self.track.began = self._now()
        self._socket.send(CONNECTED)
        self._socket.send(start)

    def _on_tick(self) -> None:
        """Move 20 ms both ways, and again as long as the next tick is already due."""
        while not self.is_over:
            due = self.track.tick_at(self.tick)
            now = self._now()
            if due > now:
                # The loop's clock and ours are the same one, the machine's.
                asyncio.get_running_loop().call_later(due - now, self._on_tick)
                return
            self.track.late_ms.append(round((now - due) * 1_000, 2))
            self.track.dry.append(len(self._playout) == 0)
            ear = self._playout.take()
            self.hears = is_voiced(ear)
            frame = self._mouth()
            self.track.heard += ear
            self._chunk += 1
            self._socket.send(media_message(self._next(), chunk=self._chunk, frame=frame, stream_sid=self._sid))
            self._every_tick()
            self.is_over = self.is_over or due - self.track.began > self._order.seconds
        self._hung_up.set()

    def _mouth(self) -> bytes:
        """The next 20 ms of the caller, noted as it leaves."""
        frame = next(self._speaking, None)
        take = self._take
        if take is None or frame is None:
            self._take = None
            return self._dice.choice(self._quiet)
        moment = self._now()
        if self._place == 0:
            self.track.said.append(Said(take=take.name, kind=take.kind, onset_at=moment, first_tick=self.tick))
        said = self.track.said[-1]
        self._place += 1
        if self._place <= take.speech_frames:
            said.ended_at, said.last_tick = moment, self.tick
        if take.pause is not None:
            if self._place == take.pause[0]:
                said.pause_from = moment
            if self._place == take.pause[1]:
                said.pause_until = moment
        if self._place == take.speech_frames:
            self._take = None
        return frame

    def _take_message(self, text: bytes) -> None:
        message = read_message(text, stream_sid=self._sid)
        if message.event == "media":
            if is_voiced(message.audio):
                self.track.voiced_at.append(self._now())
            self._playout.write(message.audio)
        elif message.event == "mark":
            self._playout.mark(lambda: self._send("mark", {"name": message.name}))
        else:
            self.track.cleared_at.append(self._now())
            self._playout.clear()

    def _dropped(self) -> None:
        if not self.is_over:
            self.track.was_dropped_at = self._now()
            self.is_over = True
            self._hung_up.set()

    def _send(self, event: str, content: dict[str, str]) -> None:
        self._socket.send(numbered(self._next(), event, content, stream_sid=self._sid))

    def _next(self) -> int:
        self._sequence += 1
        return self._sequence
