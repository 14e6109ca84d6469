"""What we assume of the carrier, point by point, and what looking at a real account said of it."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What was seen of a point."""

    HOLDS = "holds"
    FAILS = "does not hold"
    MEASURED = "measured"
    NOT_SEEN = "not seen"


@dataclass(frozen=True, kw_only=True)
class Point:
    """One assumption. ``id`` is stable; ``claim`` is what our code relies on."""

    id: str
    claim: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was seen of a point, in plain words."""

    point: Point
    verdict: Verdict
    seen: str

    def as_json(self) -> dict[str, Any]:
        """The finding as JSON values."""
        return {**asdict(self.point), "verdict": self.verdict.value, "seen": self.seen}


POINTS: tuple[Point, ...] = (
    Point(id="account", claim="the account is active and not a trial"),
    Point(id="caller_id", claim="the number that calls belongs to the account and carries voice"),
    Point(id="lookup_line_type", claim="look-ups tell the kind of line"),
    Point(id="lookup_reassigned", claim="look-ups tell whether a number changed hands (needs an approval)"),
    Point(id="fragment_unsigned", claim="the fragment of a callback's address is not part of its signature"),
    Point(id="retry_token", claim="a callback that got a 5xx comes again, with I-Twilio-Idempotency-Token"),
    Point(id="ring_timeout", claim="a phone that nobody answers rings Timeout seconds, at most 5 more"),
    Point(id="unanswered_free", claim="a call that nobody answered costs nothing"),
    Point(id="queue_time", claim="calls beyond the account's pace are queued, and the answer says how long"),
    Point(id="handshake_signed", claim="the media socket's handshake carries X-Twilio-Signature"),
    Point(id="frames", claim="media comes in mu-law frames of 20 ms, 160 bytes"),
    Point(id="long_parameter", claim="a stream parameter of more than 500 characters does not arrive"),
    Point(id="mark_after_play", claim="a mark comes back once the sound before it was played"),
    Point(id="mark_after_clear", claim="a mark comes back when clear drops the sound before it"),
    Point(id="stream_callbacks", claim="stream callbacks carry StreamSid, StreamEvent, CallSid and Timestamp"),
    Point(id="amd_async", claim="machine detection reports beside the stream: AnsweredBy, MachineDetectionDuration"),
    Point(id="next_verb", claim="the carrier goes on with the next verb when our server closes the stream"),
    Point(id="aborted_socket", claim="a connection that dies without a goodbye leads to the next verb too"),
    Point(id="silent_socket", claim="a socket that falls silent leads to the next verb, and after how long"),
    Point(id="fallback_unused", claim="FallbackUrl is not asked when only the stream broke"),
    Point(id="update_in_connect", claim="a new Url for a call inside <Connect> ends the stream and runs the new TwiML"),
    Point(id="record_with_stream", claim="Record=true records a call that streams"),
    Point(id="hang_up", claim="hanging up by REST ends a call that streams; later verbs are not run"),
    Point(id="price_delay", claim="the price of a call appears after its end, and after how long"),
    Point(id="stream_minutes_round_up", claim="begun minutes of a media stream are billed as whole ones"),
    Point(id="21204", claim="error 21204 means that the call was already initiated (cannot be provoked)"),
    Point(id="default_time_limit", claim="without TimeLimit a call may last 4 hours (we always send one)"),
    Point(id="one_stream", claim="a call has one two-way stream at a time (cannot be provoked from TwiML)"),
)
BY_ID = {point.id: point for point in POINTS}


class Findings:
    """What was seen so far; a point that is told of twice keeps what was told last."""

    def __init__(self) -> None:
        self._found: dict[str, Finding] = {}

    def tell(self, point_id: str, verdict: Verdict, seen: str) -> None:
        """What was seen of a point."""
        self._found[point_id] = Finding(point=BY_ID[point_id], verdict=verdict, seen=seen)

    def judge(self, point_id: str, holds: bool, seen: str) -> None:
        """Whether a point holds."""
        self.tell(point_id, Verdict.HOLDS if holds else Verdict.FAILS, seen)

    def all(self) -> tuple[Finding, ...]:
        """One finding for every point, in their order."""
        unseen = "this was not looked at"
        return tuple(
            self._found.get(point.id) or Finding(point=point, verdict=Verdict.NOT_SEEN, seen=unseen) for point in POINTS
        )
