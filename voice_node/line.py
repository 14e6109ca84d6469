"""What carries a call's sound: a carrier's media stream or a browser, as the call sees it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from pipecat.transports.base_transport import BaseTransport

from voice_node.media.recording import NoRecording, Recording
from voice_node.turns.playout import Playout

PEER_STUCK, PEER_GONE = "on_peer_stuck", "on_peer_gone"
"""The events of every line: its other end takes nothing any more, or has left."""


class Outlet(Protocol):
    """Where the agent's speech leaves. What it was given and has not played it drops on ``clear``."""

    async def play(self, pcm: bytes) -> None:
        """Play this behind what it has: 16-bit little-endian mono PCM at 8,000 Hz, of any length."""
        ...

    async def mark(self, name: str) -> None:
        """Tell the ledger this name once everything before it was played."""
        ...

    async def clear(self) -> None:
        """Drop what was not played."""
        ...


@dataclass(frozen=True, kw_only=True)
class CallSide:
    """What a line needs of the call on it.

    It keeps ``playout`` and ``recording`` true. ``on_audio`` gets all inbound sound as PCM, ahead of the pipeline;
    ``on_end`` is told that the other end said goodbye.
    """

    playout: Playout
    recording: Recording | NoRecording
    on_audio: Callable[[bytes], None]
    on_end: Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class Line:
    """Somebody who waits to be talked to; ``connect`` makes the two ends of the call's pipeline.

    ``call_sid`` is the carrier's name of the call, and ``part`` counts how often it was connected again.
    """

    call_sid: str
    part: int
    connect: Callable[[CallSide], BaseTransport]
