"""What a message of each queue may say; anything else is malformed and no use trying again."""

from collections.abc import Mapping
from typing import Any, Literal

from aws_lambda_powertools.utilities.parser import BaseModel, ValidationError, parse
from pydantic import ConfigDict, Field

from shared.kernel.errors import Malformed


class Message(BaseModel):
    """The common ground of all bodies."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1


class AboutAttempt(Message):
    """Something is to be done with an attempt."""

    attempt_id: str = Field(min_length=1)


class Reconcile(AboutAttempt):
    """The carrier is to be asked about an attempt; the ``look`` tells a doubled question from the waiting one."""

    look: int | None = Field(default=None, ge=0)


class AboutCampaign(Message):
    """Something is to be done with a campaign."""

    campaign_id: str = Field(min_length=1)


class TrueUp(AboutAttempt):
    """The carrier's price of a call is to be asked for, for the ``round``-th time."""

    round: int = Field(default=0, ge=0)


class Thrown(Message):
    """A stop switch was thrown; ``target`` is the seller or campaign, if it is not all."""

    scope: str = Field(min_length=1)
    target: str | None = None


class AboutNumber(Message):
    """The networks are to be asked about a telephone number."""

    phone: str = Field(min_length=1)
    since: str | None = None


SHAPES: Mapping[str, type[Message]] = {
    "functions.dispatch_leads": AboutCampaign,
    "functions.dial_lead": AboutAttempt,
    "functions.reconcile_calls": Reconcile,
    "functions.close_call": AboutAttempt,
    "functions.settle_costs": AboutAttempt,
    "functions.true_up_costs": TrueUp,
    "functions.stop_calls": Thrown,
    "functions.check_numbers": AboutNumber,
}
"""By the door that reads it; a door that is not here reads its messages itself."""


def checked(body: dict[str, Any], door: str) -> dict[str, Any]:
    """The body, when it says what the door expects.

    Raises:
        Malformed: It says something else; its words are not repeated.
    """
    shape = SHAPES.get(door)
    if shape is None:
        return body
    try:
        return parse(event=body, model=shape).model_dump(exclude={"version"})
    except ValidationError as error:
        faults = ", ".join(".".join(str(part) for part in fault["loc"]) for fault in error.errors())
        raise Malformed(f"the message is not as it should be: {faults}") from None
