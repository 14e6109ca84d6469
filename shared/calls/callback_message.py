"""A callback on its way through a queue, and the errand to fold an attempt: the two things that topic carries."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.calls.provider_event import ProviderEvent
from shared.kernel.ids import AttemptId


class FoldErrand(BaseModel):
    """An attempt whose inbox has grown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    attempt_id: str
    version: Literal[1] = 1


class CallbackMessage(BaseModel):
    """A callback that is in no inbox yet, whole; ``callback_body`` writes what this reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    attempt_id: str
    kind: Literal["status", "amd", "stream", "recording"]
    dedupe_key: str = Field(min_length=1)
    at: datetime
    payload: dict[str, Any]
    version: Literal[1]

    def event(self) -> ProviderEvent:
        """The callback itself."""
        return ProviderEvent(
            attempt_id=AttemptId(self.attempt_id),
            kind=self.kind,
            dedupe_key=self.dedupe_key,
            at=self.at,
            payload=self.payload,
        )
