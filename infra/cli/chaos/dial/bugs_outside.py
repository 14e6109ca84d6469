"""Bugs towards the carrier and the voice workers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from infra.cli.chaos.dial.altered import Altered
from infra.cli.chaos.dial.world import Spoiled, World
from shared.calls import CallAttempt
from shared.calls.lookup import FoundCall
from shared.calls.ports import Dial, Lease, PlacedCall, Telephony
from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId


class _Retrying(Altered):
    def place(self, dial: Dial) -> PlacedCall:
        telephony: Telephony = self.port
        try:
            return telephony.place(dial)
        except Unavailable:
            return telephony.place(dial)


class _NoQueue(Altered):
    def place(self, dial: Dial) -> PlacedCall:
        placed: PlacedCall = self.port.place(dial)
        return replace(placed, queue_time=timedelta(0))

    def find(self, attempt: CallAttempt) -> Sequence[FoundCall]:
        found: Sequence[FoundCall] = self.port.find(attempt)
        return [replace(call, status="ringing") if call.status == "queued" else call for call in found]


class _NoPace(Altered):
    def take(self, _account: str) -> timedelta:
        return timedelta(0)


class _Roomy(Altered):
    def acquire(
        self, attempt_id: AttemptId, *, hold_for: timedelta, leave_free: int = 0, worker: str | None = None
    ) -> Lease | None:
        lease: Lease | None = self.port.acquire(attempt_id, hold_for=hold_for) or self.port.lease_of("w1")
        return lease

    def free(self) -> int:
        return 100


def blind_retry(_world: World, whole: Spoiled) -> Spoiled:
    """Whatever was not answered is asked for once more."""
    return _outside(whole, telephony=_Retrying(whole.outside.telephony))


def queue_time_ignored(_world: World, whole: Spoiled) -> Spoiled:
    """Nobody looks how long the carrier lets a call wait."""
    carrier = _NoQueue(whole.outside.telephony)
    return _outside(whole, telephony=carrier, lookup=carrier)


def pace_ignored(_world: World, whole: Spoiled) -> Spoiled:
    """Dials follow each other as fast as they can."""
    at_once = replace(whole.outside.horizons, dial_every=timedelta(0))
    return _outside(whole, pacer=_NoPace(whole.outside.pacer), horizons=at_once)


def slots_ignored(_world: World, whole: Spoiled) -> Spoiled:
    """A full worker is given calls all the same."""
    return _outside(whole, room=_Roomy(whole.outside.room))


def gives_up_at_once(_world: World, whole: Spoiled) -> Spoiled:
    """What the carrier does not list at the first look is taken for never placed, for good."""
    blind = replace(whole.outside.horizons, horizon=timedelta(0), first_look=timedelta(0), late_look=timedelta(days=9))
    return _outside(whole, horizons=blind)


def _outside(whole: Spoiled, **changed: Any) -> Spoiled:
    return replace(whole, outside=replace(whole.outside, **changed))
