"""Every period and horizon of the dial protocol, in one place: nothing else decides how long anything may take."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class Horizons:
    """How long each step may take, and how soon it is looked at again; ``DialSettings`` fills it.

    Dispatch: ``examine_within``: how long one round keeps due leads to itself; ``ask_again``: when a lead is examined
    anew of whom a fact was missing.

    Dial: ``dial_within``: from the plan to the dial. ``dial_every``: between two dials of the account, the carrier's
    calls per second turned round. ``dial_again`` to ``dial_again_by``: when a dial that found no room is tried again.
    ``check_within``: how old the facts may be when the carrier is asked. ``longest_queue``: how long the carrier may
    let a call wait, ``request_within`` how long it may take to answer a request. ``shortest_call``: the least that a
    call is given when money is short. ``breaker_open``: how long the account is left alone, ``breaker_after`` so many
    failures in a row. ``stop_effective``: by when a stop switch stops.

    Answer: ``answer_within``: between the last ring and the first word. ``slot_for``: how long a slot is held that is
    found at the answer. ``token_lifetime``: how long the worker's socket may be opened. ``most_recoveries``: how often
    a call is connected again.

    Afterwards: ``first_look``, ``look_again``, ``watch_live``: when the carrier is asked about an attempt of which
    nothing was heard, was heard little, is heard. ``horizon``: longer than a dial may take (30 s), its request (13 s)
    and some slack, so that what the carrier lacks after it never was. ``late_look``: when a call that comes up even
    later is looked for. ``clock_tolerance``: by how much the carrier's clock may differ. ``stray_after``: when
    something that nobody seems to see to is set going again. ``report_within``: how long after the end of a call its
    report may come from the node's spool.
    """

    dial_within: timedelta = timedelta(seconds=90)
    dial_every: timedelta = timedelta(seconds=1)
    dial_again: timedelta = timedelta(seconds=5)
    dial_again_by: timedelta = timedelta(seconds=15)
    check_within: timedelta = timedelta(seconds=1)
    longest_queue: timedelta = timedelta(seconds=3)
    request_within: timedelta = timedelta(seconds=13)
    shortest_call: timedelta = timedelta(minutes=2)
    answer_within: timedelta = timedelta(seconds=30)
    slot_for: timedelta = timedelta(seconds=30)
    token_lifetime: timedelta = timedelta(seconds=60)
    first_look: timedelta = timedelta(seconds=20)
    look_again: timedelta = timedelta(seconds=25)
    watch_live: timedelta = timedelta(seconds=60)
    horizon: timedelta = timedelta(seconds=90)
    late_look: timedelta = timedelta(minutes=5)
    clock_tolerance: timedelta = timedelta(seconds=5)
    stop_effective: timedelta = timedelta(seconds=2)
    examine_within: timedelta = timedelta(seconds=30)
    ask_again: timedelta = timedelta(minutes=5)
    breaker_open: timedelta = timedelta(seconds=30)
    breaker_after: int = 5
    stray_after: timedelta = timedelta(minutes=5)
    report_within: timedelta = timedelta(minutes=10)
    most_recoveries: int = 2
