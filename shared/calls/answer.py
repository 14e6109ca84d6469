"""The person answered: the last gate, and where the carrier should send the sound. Light to import."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from shared.calls.gate import AnswerGate, GateRule, Seat
from shared.calls.horizons import Horizons
from shared.calls.token import sign_token
from shared.kernel.ids import AttemptId

SORRY = "We are sorry, we cannot connect this call right now. We will not keep you. Goodbye."


@dataclass(frozen=True, kw_only=True)
class Connect:
    """Send the sound to a worker. ``url`` is its media socket, ``token`` opens it; ``recovered`` counts reconnects."""

    attempt_id: AttemptId
    url: str
    token: str
    recovered: int = 0


@dataclass(frozen=True, kw_only=True)
class HangUp:
    """End the call, after saying ``sentence`` if there is one; ``reason`` is for the log."""

    reason: str
    sentence: str = ""


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What the gate needs: the book, and the secret and lifetime of the call tokens it hands out."""

    book: AnswerGate
    token_secret: str
    horizons: Horizons = field(default_factory=Horizons)


class Keys(Protocol):
    """What the way to a worker is signed with."""

    @property
    def token_secret(self) -> str:
        """The secret that the workers share with us."""
        ...

    @property
    def horizons(self) -> Horizons:
        """How long a token is good for, among others."""
        ...


def answer_call(attempt_id: AttemptId, sid: str, *, gate: Gate, now: datetime) -> Connect | HangUp:
    """Let an answered call through to its worker iff it is ours, still allowed, and somebody can talk.

    A repeated request for the same call gets the same answer. Whether the worker still lives is not asked here: a
    stream that finds it dead ends at once, and the call is recovered.

    Raises:
        NotFound: There is no such attempt.
        Conflict: The carrier's call belongs to another attempt.
        Unavailable: The book cannot be read.
    """
    passage = gate.book.answer(attempt_id, sid, now=now)
    if passage.seat is None or passage.against:
        alone = passage.against == (GateRule.WORKER,)
        return HangUp(reason=", ".join(passage.against), sentence=SORRY if alone else "")
    return connect(attempt_id, passage.seat, gate=gate, now=now)


def connect(attempt_id: AttemptId, seat: Seat, *, gate: Keys, now: datetime, recovered: int = 0) -> Connect:
    """The way to a seat, with a token that opens it for a while from ``now`` on."""
    token = sign_token(
        gate.token_secret,
        attempt_id=attempt_id,
        worker=seat.worker,
        epoch=seat.epoch,
        expires_at=now + gate.horizons.token_lifetime,
    )
    url = f"{seat.url.rstrip('/')}/w/{seat.worker}/{attempt_id}"
    return Connect(attempt_id=attempt_id, url=url, token=token, recovered=recovered)
