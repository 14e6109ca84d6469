"""Calls that are over, for what is found out about them."""

from datetime import timedelta
from typing import Any

from shared.conversation import CallReport, SpokenTurn
from shared.conversation.after.analysis import AnalysisOrder
from tests.voice_node.doubles import ATTEMPT, NOON

OPENING = (
    "Hi, this is Ava, an AI assistant calling for Acme Realty. Say stop or press 9 at any time and we won't call "
    "again. This is a sales call and it's recorded."
)
TALK = (
    ("agent", OPENING),
    ("agent", "You asked about 12 Oak Street on web. Is this Bob?"),
    ("caller", "yes this is bob"),
    ("agent", "Thanks, Bob. A few quick questions. How soon would you like to sell?"),
    ("caller", "in about two months"),
    ("agent", "Got it. What has you thinking about selling?"),
    ("caller", "i have a new job in another state"),
    ("agent", "I understand. Are you working with an agent already?"),
    ("caller", "no thank you so much for asking"),
    ("agent", "Thanks. For a free home visit, Grace can do tomorrow at 1 PM, or Thursday at 9 AM. Which is better?"),
    ("caller", "the first one"),
    ("agent", "You're booked with Grace for Wednesday, March 11th at 1 PM Central time. Anything else before I go?"),
    ("caller", "no that is great"),
    ("agent", "Thank you, Bob. Goodbye."),
)
FACTS = (
    {"field": "timeline", "value": "1_3m", "turn": 5, "quote": "in about two months", "confidence": 1.0},
    {
        "field": "motivation",
        "value": {"text": "i have a new job in another state", "strength": 3},
        "turn": 7,
        "quote": "i have a new job in another state",
        "confidence": 1.0,
    },
    {
        "field": "agent_status",
        "value": "none",
        "turn": 9,
        "quote": "no thank you so much for asking",
        "confidence": 0.9,
    },
)
BOOKED = {
    "id": "a",
    "agent_id": "g",
    "starts_at": NOON + timedelta(days=1),
    "ends_at": NOON + timedelta(days=1, minutes=30),
    "timezone": "America/Chicago",
    "is_booked": True,
}


def turns_of(talk: tuple[tuple[str, str], ...], **changes: dict[str, Any]) -> tuple[SpokenTurn, ...]:
    """A transcript in which everybody speaks for two seconds and nobody waits; ``changes`` by ``t`` and number."""
    return tuple(
        SpokenTurn.model_validate(
            {
                "number": number,
                "speaker": speaker,
                "text": text,
                "started": 2.0 * number,
                "ended": 2.0 * number + 2.0,
                "latency_ms": 400.0 if speaker == "agent" else None,
                **changes.get(f"t{number}", {}),
            }
        )
        for number, (speaker, text) in enumerate(talk, start=1)
    )


def order_of(*turns: SpokenTurn, **changes: Any) -> AnalysisOrder:
    """The call of Bob, who books; ``changes`` are of the report."""
    report = {
        "attempt_id": ATTEMPT,
        "worker": "w1",
        "epoch": "e1",
        "started_at": NOON,
        "ended_at": NOON + timedelta(minutes=2),
        "ended_by": "agent",
        "end_reason": "goodbye",
        "heard": "human",
        "turns": turns or turns_of(TALK),
        "facts": FACTS,
        "appointment": BOOKED,
        "score": 78,
        "recording_path": "2026/03/10/x.rec",
        **changes,
    }
    return AnalysisOrder(
        report=CallReport.model_validate(report),
        disposition="appointment_set",
        script="seller_home_value",
        seller_name="Acme Realty",
        callback_number="+15125550100",
        first_name="Bob",
        subject="12 Oak Street",
        timezone="America/Chicago",
    )
