"""What ElevenLabs says when it does not speak, in our words."""

import json
from typing import Any

from voice_node.speech.synthesis.port import SynthesisFailed

NAME = "elevenlabs"
UNAUTHORISED, FORBIDDEN, TOO_MANY, NOT_FOUND = 401, 403, 429, 404
REASONS = {
    "quota_exceeded": "quota_exceeded",
    "too_many_concurrent_requests": "too_many_at_once",
    "concurrent_limit_exceeded": "too_many_at_once",
    "system_busy": "vendor_busy",
    "invalid_api_key": "key_refused",
    "missing_permissions": "key_refused",
    "detected_unusual_activity": "key_refused",
    "voice_not_found": "voice_not_found",
    "max_active_contexts_exceeded": "too_many_contexts",
}
LASTING = frozenset({"quota_exceeded", "key_refused", "voice_not_found"})
BY_STATUS = {
    UNAUTHORISED: "key_refused",
    FORBIDDEN: "key_refused",
    NOT_FOUND: "voice_not_found",
    TOO_MANY: "too_many_at_once",
}


def fault_of(reason: str, *, spoken: int | None = None) -> SynthesisFailed:
    """A failure by our word for it."""
    return SynthesisFailed(NAME, reason, lasts=reason in LASTING, spoken=spoken)


def fault_of_answer(status: int, body: bytes) -> SynthesisFailed:
    """What an HTTP answer means: the status of its body says more than its number."""
    return fault_of(REASONS.get(_status_of(body), BY_STATUS.get(status, f"http_{status}")))


def fault_of_words(words: str, *, spoken: int | None = None) -> SynthesisFailed:
    """What an error message on the stream, or the reason of its closing, means."""
    lowered = words.lower()
    reason = next(
        (ours for theirs, ours in REASONS.items() if theirs in lowered or _plain(theirs) in lowered), "dropped"
    )
    if reason == "dropped" and "quota" in lowered:
        reason = "quota_exceeded"
    return fault_of(reason, spoken=spoken)


def _plain(theirs: str) -> str:
    return theirs.replace("_", " ")


def _status_of(body: bytes) -> str:
    try:
        said: Any = json.loads(body)
    except ValueError:
        return ""
    detail = said.get("detail") if isinstance(said, dict) else None
    if not isinstance(detail, dict):
        return ""
    return str(detail.get("status") or detail.get("code") or "")
