"""What clients send."""

from datetime import time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(min_length=1, max_length=200)]
Phone = Annotated[str, Field(min_length=3, max_length=40, examples=["+1 512 555 0142"])]
Voice = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.+-]{0,79}$", examples=["en-us+f2"])]
SHORTEST_RING = 18
"""Seconds; the law asks for 15, and the carrier may count differently."""


class Body(BaseModel):
    """A request's body: frozen, versioned, nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: Literal[1] = 1


class SellerBody(Body):
    """A registered business that calls are made for; an ``id`` changes the seller that has it."""

    id: str | None = None
    registered_name: Name
    callback_number: Phone


class HoursBody(Body):
    """One weekday's hours on the agent's own clock; Monday is 0."""

    weekday: int = Field(ge=0, le=6)
    opens: time
    closes: time


class AgentBody(Body):
    """A person who keeps appointments; an ``id`` changes the agent that has it."""

    id: str | None = None
    seller_id: str
    name: Name
    timezone: str = Field(examples=["America/Chicago"])
    hours: tuple[HoursBody, ...] = Field(min_length=1)
