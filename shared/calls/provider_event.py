"""One callback of the carrier, and what tells it from every other. Light to import."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from shared.kernel.ids import AttemptId

KEYS: Mapping[str, tuple[str, ...]] = {
    "status": ("CallSid", "CallStatus", "SequenceNumber"),
    "amd": ("CallSid", "AnsweredBy"),
    "stream": ("StreamSid", "StreamEvent"),
    "recording": ("RecordingSid", "RecordingStatus"),
}


BY_CALL = AttemptId("")
"""Instead of an attempt: the one that the callback's call belongs to, which whoever keeps it looks up."""


@dataclass(frozen=True, kw_only=True)
class ProviderEvent:
    """One callback of the carrier, in our words. ``dedupe_key`` is the same for a repeated delivery.

    ``attempt_id`` is ``BY_CALL`` where the carrier's address names none.
    ``kind`` is ``status``, ``amd``, ``stream`` or ``recording``; ``payload`` is the carrier's form, whole.
    """

    attempt_id: AttemptId
    kind: str
    dedupe_key: str
    at: datetime
    payload: dict[str, Any]

    @property
    def sid(self) -> str:
        """The carrier's id of the call."""
        return str(self.payload.get("CallSid", ""))


def dedupe_key(kind: str, payload: Mapping[str, Any]) -> str:
    """The same for every delivery of one callback, different for any two that say different things.

    A status without its sequence number is told by the call and the status. A callback that has none of the fields
    that tell it from others, or is of a kind we do not know, is told by all it says.
    """
    told = [str(payload.get(name, "")) for name in KEYS.get(kind, ())]
    if any(told):
        return ":".join([kind, *told])
    return f"{kind}:{sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()}"


def callback_body(event: ProviderEvent) -> dict[str, Any]:
    """The whole callback as the body of a message; ``CallbackMessage`` reads it."""
    return {
        "version": 1,
        "attempt_id": event.attempt_id,
        "kind": event.kind,
        "dedupe_key": event.dedupe_key,
        "at": event.at.isoformat(),
        "payload": event.payload,
    }
