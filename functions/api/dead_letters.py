"""Messages that nobody could handle: how many there are, what they say, and once more from the start."""

from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from functions.api.access import Reach
from shared.kernel.outbox import DeadMessage

router = APIRouter(prefix="/v1/dead-letters", tags=["operations"])


class DeadTopic(BaseModel):
    """How many messages of a topic were laid aside."""

    model_config = ConfigDict(frozen=True)

    topic: str
    messages: int


class DeadShown(BaseModel):
    """One message that was laid aside; ``error`` is empty where a queue keeps none."""

    model_config = ConfigDict(frozen=True)

    id: str
    topic: str
    group: str | None
    body: dict[str, Any]
    receives: int
    written_at: datetime
    dead_at: datetime
    error: str

    @classmethod
    def of(cls, dead: DeadMessage) -> Self:
        """What is shown of it."""
        message = dead.message
        return cls(
            id=message.id,
            topic=message.topic,
            group=message.group,
            body=message.body,
            receives=message.receives,
            written_at=message.available_at,
            dead_at=dead.dead_at,
            error=dead.error,
        )


class Redriven(BaseModel):
    """How many messages are offered again."""

    model_config = ConfigDict(frozen=True)

    topic: str
    messages: int


@router.get("")
def list_topics(services: Reach) -> list[DeadTopic]:
    """Every topic of which messages were laid aside."""
    counted = services.dead_letters.topics()
    return [DeadTopic(topic=topic, messages=number) for topic, number in sorted(counted.items()) if number]


@router.get("/{topic}")
def show_topic(topic: str, services: Reach, limit: Annotated[int, Query(ge=1, le=100)] = 10) -> list[DeadShown]:
    """Some of a topic's, without taking them away."""
    return [DeadShown.of(dead) for dead in services.dead_letters.look(topic, limit=limit)]


@router.post("/{topic}/redrive")
def redrive(topic: str, services: Reach) -> Redriven:
    """Offer all of a topic's again, as if they were new."""
    return Redriven(topic=topic, messages=services.dead_letters.redrive(topic))
