"""What all calls of a worker share, put together once by the composition root."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from pipecat.processors.frame_processor import FrameProcessor

from shared.conversation import CallBrief, ConversationState
from shared.conversation.versions import SCRIPT_ALONE
from shared.kernel.clock import Clock
from shared.kernel.ids import AttemptId
from voice_node.agents.memory import Memories, NoMemories
from voice_node.brains.port import Brain
from voice_node.cast import Actions, Talker
from voice_node.desk import CallDesk
from voice_node.media.recorder import Recorder
from voice_node.observers.transcript import Kind, Speaker
from voice_node.observers.usage import UsageMeter
from voice_node.workers import WorkerName


@dataclass(frozen=True, kw_only=True)
class FeedItem:
    """One line of the live feed. ``at`` is civil time, aware UTC."""

    attempt_id: AttemptId
    call_sid: str
    speaker: Speaker
    kind: Kind
    text: str
    at: datetime


class LiveLines(Protocol):
    """What goes between a live call and whoever watches or steers it. Losing it loses nothing of the call."""

    def tell(self, item: FeedItem) -> None:
        """Publish a line; returns at once and never raises."""
        ...

    def commands(self, attempt_id: AttemptId) -> AsyncGenerator[str, None]:
        """What is asked of the call from outside, as it comes; ends when the iterator is closed."""
        ...


class TalkerWithState(Talker, Protocol):
    """A talker whose state can be reported."""

    state: ConversationState


@dataclass(frozen=True, kw_only=True)
class SpeechEngines:
    """Makers of the speech processors of one call, and the vendors' names in the price table.

    The voice is told where the conversation stands: a premium voice is chosen by that.
    """

    speech_to_text: Callable[[CallBrief, UsageMeter], FrameProcessor]
    text_to_speech: Callable[[CallBrief, UsageMeter, Callable[[], ConversationState]], FrameProcessor]
    speech_to_text_vendor: str
    text_to_speech_vendor: str


@dataclass(frozen=True, kw_only=True)
class CallKit:
    """Everything a call needs that is not its own. ``recordings`` is ``None`` when calls are not recorded.

    ``model`` is whose words the brain takes, as reports keep it.
    ``memories`` are begun by the session before the talker is made.
    """

    name: WorkerName
    clock: Clock
    desk: CallDesk
    engines: SpeechEngines
    brain: Brain
    make_talker: Callable[[CallBrief, Actions], TalkerWithState]
    is_opt_out: Callable[[str], bool]
    live: LiveLines
    hang_up: Callable[[str], Awaitable[None]]
    transfer: Callable[[str, str], Awaitable[None]]
    recordings: Recorder | None
    model: str = SCRIPT_ALONE
    memories: Memories = field(default_factory=NoMemories)
