"""Planted bugs: each a small change of a world's parts that the suite must notice. Production code stays as it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from infra.cli.chaos.dial import bugs_in_books as books
from infra.cli.chaos.dial import bugs_outside as outside
from infra.cli.chaos.dial.crowd import crowd
from infra.cli.chaos.dial.faults import CALM, ROUGH, Dice, Faults
from infra.cli.chaos.dial.findings import Wrong
from infra.cli.chaos.dial.meddler import EVERY_SECONDS
from infra.cli.chaos.dial.society import Society, make_society
from infra.cli.chaos.dial.world import Plan, Spoil


@dataclass(frozen=True, kw_only=True)
class Bug:
    """A change for the worse, what it may lead to, and the world in which it has every occasion."""

    spoil: Spoil
    leads_to: frozenset[Wrong]
    faults: Faults = ROUGH
    meddles: tuple[float, float] = EVERY_SECONDS
    people: Callable[[Dice, int], Society] = make_society

    def plan(self, seed: str, *, people: int) -> Plan:
        """The world in which it is lived with."""
        return Plan(seed=seed, people=people, faults=self.faults, meddles=self.meddles)


BUSY = (5.0, 60.0)
SLOW = replace(ROUGH, message_late=0.6)
"""Between the claim and the dial there is time for somebody to change their mind."""
QUEUED = replace(CALM, create=(("queued", 0.4),))
"""Rough, such calls would be asked about ever more often: each message that comes twice is followed by two."""
DOUBLED = replace(CALM, create=(("doubled", 0.3),), callback_lost=0.5, callback_late=0.5)
"""Two calls of one request, and nobody hears of the second in time to hang it up: rough, both are seldom at once."""


def _bug(spoil: Spoil, *leads_to: Wrong, **world: Any) -> Bug:
    return Bug(spoil=spoil, leads_to=frozenset(leads_to), **world)


BUGS: Mapping[str, Bug] = {
    "no unique index of live attempts": _bug(books.no_index, Wrong.TWO_CALLS),
    "blind retry after a lost answer": _bug(outside.blind_retry, Wrong.RUNG_TWICE),
    "last callback wins": _bug(books.last_callback_wins, Wrong.UNTRUE, Wrong.UNRESOLVED),
    "callbacks counted twice": _bug(books.counted_twice, Wrong.UNTRUE),
    "unknown zone allowed": _bug(books.unknown_zone_allowed, Wrong.NOT_PERMITTED),
    "area code instead of the address": _bug(books.area_code_alone, Wrong.NOT_PERMITTED),
    "opt-out not asked again at the dial": _bug(
        books.opt_out_not_asked_again, Wrong.NOT_PERMITTED, faults=SLOW, meddles=BUSY
    ),
    "stop switch kept for a minute": _bug(books.stop_kept_for_a_minute, Wrong.NOT_PERMITTED, faults=SLOW, meddles=BUSY),
    "sum, then reserve": _bug(books.sum_then_reserve, Wrong.OVERSPENT, people=crowd(campaigns=3)),
    "settlement repeated": _bug(books.settled_again, Wrong.LEDGER),
    "hold never void": _bug(books.never_void, Wrong.HOLD, Wrong.LEDGER),
    "idempotency that expires instead of a conditional update": _bug(books.expiring_key, Wrong.RUNG_TWICE),
    "gate that ignores the call's id": _bug(books.gate_without_sid, Wrong.TWO_CONVERSATIONS, faults=DOUBLED),
    "given up at the first look": _bug(outside.gives_up_at_once, Wrong.ORPHAN, Wrong.TWO_CALLS, Wrong.UNTRUE),
    "queue time ignored": _bug(outside.queue_time_ignored, Wrong.NOT_PERMITTED, faults=QUEUED),
    "pace ignored": _bug(outside.pace_ignored, Wrong.TOO_FAST, people=crowd(campaigns=3)),
    "slots ignored": _bug(outside.slots_ignored, Wrong.OVER_ADMITTED),
}
"""By what is wrong with them."""
