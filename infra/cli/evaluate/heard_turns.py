"""How our understanding hears a labelled turn: what the system said becomes our question, nothing more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from infra.cli.evaluate.labelled_turns import LabelledAct, LabelledTurn
from shared.conversation.brief import CallBrief, OpenSlot
from shared.conversation.state import ConversationState, Stage
from shared.conversation.topics import LAST, SLOT
from shared.conversation.understanding import Act, Understood
from shared.conversation.understanding.understand import understand
from shared.kernel.ids import AgentId, AttemptId, CampaignId, LeadId, SellerId

ZONE = ZoneInfo("America/Los_Angeles")
QUESTIONS = {"area": "area", "number_of_beds": "bedrooms", "number_of_baths": "bathrooms", "visit_date": SLOT}
"""Our question for each slot that the system may ask for."""

FIELDS = {"number_of_beds": "bedrooms", "number_of_baths": "bathrooms", "area": "area"}
"""Our field for each slot that is a fact."""

VISIT_DATE = "visit_date"
SLOTS = (*FIELDS, VISIT_DATE)
"""The slots that are read; the date of a visit is a time, not a fact."""

_NOON = time(12)
BRIEF = CallBrief(
    attempt_id=AttemptId("evaluation"),
    campaign_id=CampaignId("evaluation"),
    seller_id=SellerId("evaluation"),
    lead_id=LeadId("evaluation"),
    seller_name="",
    callback_number="",
    agent_voice="",
    script="rental",
    opening_text="",
    opening_audio=b"",
    first_name="",
    last_name="",
    lead_kind="renter",
    subject="",
    source="",
    asked_at=None,
    timezone=ZONE.key,
    phone="",
    slots=(),
    time_limit=timedelta(minutes=5),
)


@dataclass(frozen=True, kw_only=True)
class HeardTurn:
    """A turn as we read it: values by slot, in the canonical form of the labels, and yes or no if it was either."""

    values: Mapping[str, str]
    answer: Act | None


def hear_turn(turn: LabelledTurn, *, today: date) -> HeardTurn:
    """Give one turn to our understanding, at ten in the morning of ``today``.

    Raises:
        ValueError: The label of a date that the system reads back is none.
    """
    now = datetime.combine(today, time(10), ZONE).astimezone(UTC)
    return _heard(understood(turn, now=now))


def understood(turn: LabelledTurn, *, now: datetime) -> Understood:
    """What our understanding makes of the turn after what the system said."""
    asked = tuple(dict.fromkeys(_questions(turn.system_acts)))
    state = ConversationState(
        stage=Stage.SCHEDULING if SLOT in asked else Stage.QUALIFYING,
        pending=asked[0] if asked else None,
        offered=tuple(_offered(turn.system_acts)),
    )
    return understand(turn.user_utterance, state=state, brief=BRIEF, now=now, also_asked=asked[1:])


def _questions(acts: tuple[LabelledAct, ...]) -> list[str]:
    """Our questions for those of the system, the one that the turn ends with first."""
    found = []
    for act in acts:
        if act.act == "REQUEST" and act.slot in QUESTIONS:
            found.append(QUESTIONS[act.slot])
        elif (act.act == "CONFIRM" and act.slot == VISIT_DATE) or act.act == "OFFER_INTENT":
            found.append(SLOT)
        elif act.act == "REQ_MORE":
            found.append(LAST)
    return found[::-1]


def _offered(acts: tuple[LabelledAct, ...]) -> list[OpenSlot]:
    """The day that the system reads back, as the one time on offer; it names no hour, so noon stands for the day."""
    read_back = [act.value for act in acts if act.act == "CONFIRM" and act.slot == VISIT_DATE and act.value]
    starts = [datetime.combine(date.fromisoformat(day), _NOON, ZONE).astimezone(UTC) for day in read_back]
    return [
        OpenSlot(agent_id=AgentId("agent"), agent_name="agent", starts_at=each, ends_at=each + timedelta(hours=1))
        for each in starts
    ]


def _heard(found: Understood) -> HeardTurn:
    values = {slot: str(found.told[field].value) for slot, field in FIELDS.items() if field in found.told}
    is_turned_down = found.has(Act.NEITHER) and not found.has(Act.COUNTER, Act.YES)
    if found.when is not None and found.when.first_day is not None and not is_turned_down:
        values[VISIT_DATE] = found.when.first_day.isoformat()
    answer = Act.NO if found.has(Act.NO) else Act.YES if found.has(Act.YES) else None
    return HeardTurn(values=values, answer=answer)
