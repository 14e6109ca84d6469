"""What travels through the graph in one turn."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from shared.conversation import CallBrief, ConversationState, Move
from shared.conversation.script import Script
from shared.conversation.turn import Heard


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What a decision may look at besides the state: the call, its script, the present moment (aware)."""

    brief: CallBrief
    script: Script
    now: datetime


class Turn(TypedDict, total=False):
    """``state``, ``text`` and ``scene`` go in; ``heard`` is added on the way; ``move`` comes out."""

    state: ConversationState
    text: str
    scene: Scene
    heard: Heard
    move: Move
