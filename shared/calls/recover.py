"""The stream has ended and the person is still there: end what was over, save what can be saved. Light to import."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.calls.answer import Connect, Gate, HangUp, connect
from shared.calls.gate import OWN_END, BrokenCall, Seat
from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId

if TYPE_CHECKING:
    from shared.calls.ports import Capacity, Lease

APOLOGY = "We are sorry, we lost the connection. We will call you back. Goodbye."
FAREWELL = "We are sorry, we lost the connection. Goodbye."
CALL_BACK_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """What saving a call needs beside the gate.

    ``capacity`` gives who has room for a call; it is asked for only when there is something to recover. ``wait`` lets
    a moment pass, ``looks`` times at most, while a worker that lives may still be handing in its report.
    """

    gate: Gate
    capacity: Callable[[], "Capacity"]
    wait: Callable[[], None]
    looks: int = 4


def recover_call(attempt_id: AttemptId, sid: str, *, recovery: Recovery, now: datetime) -> Connect | HangUp:
    """Connect the person again, at most as often as the horizons say, or apologise and promise a call-back.

    A call whose report says that it came to its end is hung up: the hang-up that the node asked for was lost. While
    the worker that held the call lives, its report may still be on the way and is waited for. Whoever asked us to stop
    hears nothing more.

    Raises:
        NotFound: There is no such attempt.
        Unavailable: The book cannot be read.
    """
    gate = recovery.gate
    call = gate.book.broken(attempt_id, sid)
    over = _nothing_to_recover(call)
    if over:
        return HangUp(reason=over)
    seat: Seat | None = None
    if call.recoveries < gate.horizons.most_recoveries:
        if _lives(call, recovery):
            call = _report_awaited(call, attempt_id, sid, recovery)
            over = _nothing_to_recover(call)
            if over:
                return HangUp(reason=over)
        seat = _room(attempt_id, call, recovery)
    if seat is None:
        is_promised = gate.book.lose(attempt_id, call_back_at=now + CALL_BACK_AFTER)
        return HangUp(reason="cannot recover", sentence=APOLOGY if is_promised else FAREWELL)
    if gate.book.reconnect(attempt_id, seat, recoveries=call.recoveries):
        return connect(attempt_id, seat, gate=gate, now=now, recovered=call.recoveries + 1)
    return _as_the_other_did(attempt_id, sid, gate=gate, now=now)


def _nothing_to_recover(call: BrokenCall) -> str:
    """Why the call ends here, if it does."""
    if call.is_over:
        return "attempt is over"
    if not call.is_ours:
        return "attempt belongs to another call, or was never dialled"
    if call.has_opted_out:
        return "opted out"
    return "ended normally" if call.ended_by in OWN_END else ""


def _report_awaited(call: BrokenCall, attempt_id: AttemptId, sid: str, recovery: Recovery) -> BrokenCall:
    """The call once its report has come, or as it stands after the last look."""
    for _ in range(recovery.looks):
        if call.ended_by is not None or call.is_over:
            break
        recovery.wait()
        call = recovery.gate.book.broken(attempt_id, sid)
    return call


def _lives(call: BrokenCall, recovery: Recovery) -> bool:
    """Whether the worker that held the call lives the same life still."""
    if call.seat is None:
        return False
    try:
        lease = recovery.capacity().lease_of(call.seat.worker)
    except Unavailable:
        return False
    return lease is not None and lease.ready and lease.epoch == call.seat.epoch


def _room(attempt_id: AttemptId, call: BrokenCall, recovery: Recovery) -> Seat | None:
    """A seat, at its own worker if that has one: the call's may have been given away when the line broke."""
    own = call.seat.worker if call.seat else None
    try:
        lease = recovery.capacity().acquire(attempt_id, hold_for=recovery.gate.horizons.slot_for, worker=own)
    except Unavailable:
        return None
    return _seat(lease) if lease else None


def _as_the_other_did(attempt_id: AttemptId, sid: str, *, gate: Gate, now: datetime) -> Connect | HangUp:
    """Somebody else recovered the call at the same moment, or it is over: the same answer as theirs."""
    call = gate.book.broken(attempt_id, sid)
    if _nothing_to_recover(call) or call.seat is None:
        return HangUp(reason="ended meanwhile")
    return connect(attempt_id, call.seat, gate=gate, now=now, recovered=call.recoveries)


def _seat(lease: "Lease") -> Seat:
    return Seat(worker=lease.worker, epoch=lease.epoch, url=lease.url)
