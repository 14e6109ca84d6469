"""Conversations as text: what the caller says goes in, what the agent says and does comes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shared.conversation import (
    Action,
    ActionResult,
    BookSlot,
    CallBrief,
    ConversationState,
    Move,
    OpenSlot,
    PromiseCallback,
    RecordOptOut,
)
from shared.conversation.actions import after_action
from shared.conversation.phrasing import say
from shared.conversation.script import load_script
from shared.conversation.turn import open_call, take_turn
from shared.kernel.ids import AgentId, AttemptId, CampaignId, LeadId, SellerId

CHICAGO = ZoneInfo("America/Chicago")
SUNDAY = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
"""Sunday, 10 in the morning in Chicago."""


def slot_at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> OpenSlot:
    """A free hour in November 2026, on Chicago's clock."""
    starts = datetime(2026, month, day, hour, minute, tzinfo=CHICAGO).astimezone(UTC)
    return OpenSlot(
        agent_id=AgentId("dana"), agent_name="Dana", starts_at=starts, ends_at=starts + timedelta(minutes=30)
    )


WORKDAYS = tuple(slot_at(day, hour) for day in (23, 24, 25, 26, 27) for hour in (10, 11, 14, 15, 16))


def make_brief(**different: Any) -> CallBrief:
    """A seller's call about a home's value, unless told otherwise."""
    usual = {
        "attempt_id": AttemptId("attempt-1"),
        "campaign_id": CampaignId("campaign-1"),
        "seller_id": SellerId("seller-1"),
        "lead_id": LeadId("lead-1"),
        "seller_name": "Blue Oak Realty",
        "callback_number": "+15125550100",
        "agent_voice": "Ava",
        "script": "seller_home_value",
        "opening_text": "Hi, this is Ava, an AI assistant calling for Blue Oak Realty.",
        "opening_audio": b"",
        "first_name": "Maria",
        "last_name": "Lopez",
        "lead_kind": "seller",
        "subject": "12 Oak Street",
        "source": "Zillow",
        "asked_at": SUNDAY - timedelta(days=2),
        "timezone": "America/Chicago",
        "phone": "+15125550111",
        "slots": WORKDAYS,
        "time_limit": timedelta(minutes=5),
    }
    return CallBrief.model_validate({**usual, **different})


@dataclass
class Call:
    """A call in progress. ``results`` is how each kind of action goes, done when it is not named."""

    brief: CallBrief = field(default_factory=make_brief)
    now: datetime = SUNDAY
    results: Mapping[type[Action], Sequence[ActionResult]] = field(default_factory=dict)
    state: ConversationState = field(default_factory=ConversationState)
    said: list[str] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    is_over: bool = False

    def __post_init__(self) -> None:
        self.script = load_script(self.brief.script)
        self.follow(open_call(self.brief, self.script, self.now))

    def hear(self, *texts: str) -> str:
        """Say each text to the agent, until the call is over; returns its last reply."""
        for text in texts:
            if self.is_over:
                break
            self.follow(take_turn(self.state, text, brief=self.brief, script=self.script, now=self.now))
        return self.said[-1]

    def follow(self, move: Move) -> None:
        """Carry out a move, with its action and what follows from it."""
        self.said.append(" ".join(say(move.lines, state=move.state, brief=self.brief, script=self.script)))
        if move.action is not None:
            result = self._result(move.action)
            self.actions.append(move.action)
            following = after_action(
                move.state, move.action, result, brief=self.brief, script=self.script, now=self.now
            )
            self.said.pop()
            self.follow(following)
            return
        self.state = move.state
        self.is_over = move.ends_call

    @property
    def booked(self) -> list[datetime]:
        """The starts that were asked to be booked, on Chicago's clock."""
        return [action.slot.starts_at.astimezone(CHICAGO) for action in self.actions if isinstance(action, BookSlot)]

    @property
    def callback(self) -> datetime | None:
        """The call back that was promised, on Chicago's clock."""
        times = [action.at.astimezone(CHICAGO) for action in self.actions if isinstance(action, PromiseCallback)]
        return times[-1] if times else None

    @property
    def opt_outs(self) -> int:
        """How often the wish not to be called was to be written down."""
        return sum(isinstance(action, RecordOptOut) for action in self.actions)

    def _result(self, action: Action) -> ActionResult:
        results = self.results.get(type(action), ())
        earlier = sum(type(done) is type(action) for done in self.actions)
        return results[earlier] if earlier < len(results) else ActionResult.DONE


def fact(call: Call, name: str) -> Any:
    """What is known of one field, ``None`` when nothing is."""
    known = call.state.facts.get(name)
    return known.value if known else None
