"""Turns to word, as a qualifying call has them, and what became of each."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from shared.brain_settings import BrainSettings
from shared.conversation import AgentName, CallBrief, ConversationState, Line, Move
from shared.conversation.phrasing import say
from shared.conversation.script import load_script
from shared.kernel.ids import AttemptId, CampaignId, LeadId, SellerId
from voice_node.brains.port import Brain

SCRIPT = "seller_home_value"
HEARD = ("yes that is right", "we are moving to Ohio in the spring", "three I think", "not sure yet", "it needs a roof")


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a brain said in one turn: ``script`` is what the script has, ``seconds`` how long all of it took."""

    said: tuple[str, ...]
    script: tuple[str, ...]
    began_at: float
    ended_at: float

    @property
    def seconds(self) -> float:
        """From the end of the caller's turn to the last word of the reply as text."""
        return self.ended_at - self.began_at

    @property
    def is_complete(self) -> bool:
        """Whether the caller is left with a question, as the script has it or in other words."""
        return bool(self.said) and self.said[0] == self.script[0] and self.said[-1].endswith("?")

    @property
    def is_the_scripts(self) -> bool:
        """Whether every word, or what was left to say, is the script's."""
        return self.is_complete and self.said[-1] == self.script[-1]


def settings_for(url: str, **changes: object) -> BrainSettings:
    """A worker's settings, all standard but for the server and what is given."""
    return BrainSettings().model_copy(
        update={"servers": tuple(url.split(",")), "slots": (4,), "model": "sensible", **changes}
    )


def standard_deadline() -> timedelta:
    """How long a sentence may take where nothing is set."""
    default = BrainSettings.model_fields["deadline"].default
    assert isinstance(default, timedelta)
    return default


async def replied(brain: Brain, turn: int) -> Reply:
    """Have one turn worded."""
    brief, move = _brief(), _moves()[turn % len(_moves())]
    script = say(move.lines, state=move.state, brief=brief, script=load_script(SCRIPT))
    began_at = time.monotonic()
    said = [text async for text in brain.word(brief, move, HEARD[turn % len(HEARD)])]
    return Reply(said=tuple(said), script=tuple(script), began_at=began_at, ended_at=time.monotonic())


@cache
def _moves() -> tuple[Move, ...]:
    """One for each question of the script, behind an exact line."""
    lines: Mapping[str, Line] = {
        question.field: Line(act=f"ask.{question.field}") for question in load_script(SCRIPT).questions
    }
    return tuple(
        Move(
            agent=AgentName.QUALIFIER,
            state=ConversationState(turn=turn),
            lines=(Line(act="identified", is_exact=True), line),
        )
        for turn, line in enumerate(lines.values(), start=2)
    )


@cache
def _brief() -> CallBrief:
    return CallBrief(
        attempt_id=AttemptId("bench"),
        campaign_id=CampaignId("bench"),
        seller_id=SellerId("bench"),
        lead_id=LeadId("bench"),
        seller_name="Oak Street Realty",
        callback_number="+15125550100",
        agent_voice="en-us",
        script=SCRIPT,
        opening_text="",
        opening_audio=b"",
        first_name="Alex",
        last_name="",
        lead_kind="seller",
        subject="12 Oak Street",
        source="",
        asked_at=None,
        timezone="America/Chicago",
        phone="+15125550142",
        time_limit=timedelta(hours=1),
    )
