"""What travels through the graph in one turn, and what of it outlives the turn."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypedDict

from langgraph.channels.untracked_value import UntrackedValue

from shared.conversation import CallBrief, ConversationState, Move
from shared.conversation.saved import SavedTalk
from shared.conversation.script import Script
from shared.conversation.turn import Heard


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What a decision may look at besides the state: the call, its script, the present moment (aware)."""

    brief: CallBrief
    script: Script
    now: datetime


class Turn(TypedDict, total=False):
    """``state``, ``text`` and ``scene`` go in; ``heard`` is added on the way; ``move`` comes out.

    A checkpoint holds ``state`` and ``saved``; the others are of the one turn and are never written down.
    """

    state: ConversationState
    saved: SavedTalk
    text: Annotated[str, UntrackedValue]
    scene: Annotated[Scene, UntrackedValue]
    heard: Annotated[Heard, UntrackedValue]
    move: Annotated[Move, UntrackedValue]
