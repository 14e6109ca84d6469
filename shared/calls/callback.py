"""What a callback of the carrier says about its call, in our words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any

from shared.calls.attempt import AttemptState
from shared.calls.provider_event import ProviderEvent

STATUS_STATES: Mapping[str, AttemptState] = {
    "queued": AttemptState.PLACED,
    "initiated": AttemptState.INITIATED,
    "ringing": AttemptState.RINGING,
    "in-progress": AttemptState.ANSWERED,
    "answered": AttemptState.ANSWERED,
    "completed": AttemptState.ENDED,
    "busy": AttemptState.ENDED,
    "failed": AttemptState.ENDED,
    "no-answer": AttemptState.ENDED,
    "canceled": AttemptState.ENDED,
}
STREAM_STATES: Mapping[str, AttemptState] = {
    "stream-started": AttemptState.STREAMING,
    "stream-stopped": AttemptState.STREAMING,
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """What one callback adds to what is known. ``at`` is the carrier's own time for it, where it gives one."""

    at: datetime
    sid: str | None = None
    state: AttemptState | None = None
    result: str | None = None
    sip_code: int | None = None
    answered_by: str | None = None
    duration_seconds: int | None = None


def read_event(event: ProviderEvent) -> Told:
    """The callback in our words; what it says beyond them is left out."""
    payload = event.payload
    at = _timestamp(payload) or event.at
    sid = _text(payload, "CallSid")
    answered_by = _text(payload, "AnsweredBy")
    if event.kind == "status":
        status = _text(payload, "CallStatus") or ""
        state = STATUS_STATES.get(status)
        return Told(
            at=at,
            sid=sid,
            state=state,
            result=status if state is AttemptState.ENDED else None,
            sip_code=_number(payload, "SipResponseCode") if state is AttemptState.ENDED else None,
            answered_by=answered_by,
            duration_seconds=_number(payload, "CallDuration"),
        )
    if event.kind == "stream":
        return Told(at=at, sid=sid, state=STREAM_STATES.get(_text(payload, "StreamEvent") or ""))
    if event.kind == "amd":
        return Told(at=at, sid=sid, answered_by=answered_by)
    return Told(at=at, sid=sid)


def _text(payload: Mapping[str, Any], name: str) -> str | None:
    value = payload.get(name)
    return str(value) if value else None


def _number(payload: Mapping[str, Any], name: str) -> int | None:
    text = str(payload.get(name, ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else None


def _timestamp(payload: Mapping[str, Any]) -> datetime | None:
    text = _text(payload, "Timestamp")
    return _moment(text) if text else None


@lru_cache(maxsize=1024)  # an inbox is read again with every callback that comes
def _moment(text: str) -> datetime | None:
    """What is written as RFC 2822, or as ISO 8601 on stream callbacks."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except ValueError:
            continue
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
