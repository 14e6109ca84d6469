"""Planted bugs: each a small change of a world's parts that the suite must notice. Production code stays as it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from infra.cli.chaos.dial import bugs_in_books as books
from infra.cli.chaos.dial import bugs_outside as outside
from infra.cli.chaos.dial.findings import Wrong
from infra.cli.chaos.dial.world import Spoil


@dataclass(frozen=True, kw_only=True)
class Bug:
    """A change for the worse, and what it may lead to."""

    spoil: Spoil
    leads_to: frozenset[Wrong]


def _bug(spoil: Spoil, *leads_to: Wrong) -> Bug:
    return Bug(spoil=spoil, leads_to=frozenset(leads_to))


BUGS: Mapping[str, Bug] = {
    "no unique index of live attempts": _bug(books.no_index, Wrong.TWO_CALLS),
    "blind retry after a lost answer": _bug(outside.blind_retry, Wrong.RUNG_TWICE),
    "last callback wins": _bug(books.last_callback_wins, Wrong.UNTRUE, Wrong.UNRESOLVED),
    "callbacks counted twice": _bug(books.counted_twice, Wrong.UNTRUE),
    "unknown zone allowed": _bug(books.unknown_zone_allowed, Wrong.NOT_PERMITTED),
    "area code instead of the address": _bug(books.area_code_alone, Wrong.NOT_PERMITTED),
    "opt-out not asked again at the dial": _bug(books.opt_out_not_asked_again, Wrong.NOT_PERMITTED),
    "stop switch kept for a minute": _bug(books.stop_kept_for_a_minute, Wrong.NOT_PERMITTED),
    "sum, then reserve": _bug(books.sum_then_reserve, Wrong.OVERSPENT),
    "settlement repeated": _bug(books.settled_again, Wrong.LEDGER),
    "hold never void": _bug(books.never_void, Wrong.HOLD, Wrong.LEDGER),
    "idempotency that expires instead of a conditional update": _bug(books.expiring_key, Wrong.RUNG_TWICE),
    "gate that ignores the call's id": _bug(books.gate_without_sid, Wrong.TWO_CONVERSATIONS),
    "given up at the first look": _bug(outside.gives_up_at_once, Wrong.ORPHAN, Wrong.TWO_CALLS, Wrong.UNTRUE),
    "queue time ignored": _bug(outside.queue_time_ignored, Wrong.NOT_PERMITTED),
    "pace ignored": _bug(outside.pace_ignored, Wrong.TOO_FAST),
    "slots ignored": _bug(outside.slots_ignored, Wrong.OVER_ADMITTED),
}
"""By what is wrong with them."""
