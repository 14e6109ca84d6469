"""When a campaign stops itself: too many calls that fail, that nobody speaks in, or after which people complain."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from shared.kernel.errors import Malformed

FIRST_WORDS_WITHIN = 2000
"""Milliseconds until a person who answered must hear somebody (47 CFR 64.1200(a)(7))."""
MOST_CALLS_COUNTED = 10_000
"""A long window counts its latest calls alone, so that asking every minute stays cheap."""
QUICK_SECONDS = 2
"""Who hangs up sooner was not left alone."""
NOT_PEOPLE = ("voicemail", "mailbox_full", "ivr", "screening", "fax")
OUR_STOPS = ("stopped", "not_allowed", "bad_number")
"""Why an attempt ended, where nothing had failed."""


@dataclass(frozen=True, kw_only=True)
class RateLimit:
    """A share of calls that may not be passed. It is asked only where there are ``at_least`` calls in ``window``."""

    most: float
    at_least: int
    window: timedelta

    def __post_init__(self) -> None:
        """Refuse a limit that could never be passed, or that no call can be counted for."""
        if not 0 <= self.most < 1 or self.at_least < 1 or self.window <= timedelta(0):
            raise Malformed("a breaker's limit is a share from 0 up to 1, of at least one call, within some time")

    def is_passed(self, bad: int, of: int) -> bool:
        """Whether so many bad calls of all are too many."""
        return of >= self.at_least and bad > self.most * of


@dataclass(frozen=True, kw_only=True)
class BreakerLimits:
    """The limits of one campaign.

    ``failure`` is about dials that failed without the person's doing, ``abandonment`` about people who answered and
    heard nobody within two seconds (the law allows 3 % in 30 days), ``complaint`` about people who, having answered,
    asked never to be called again.
    """

    failure: RateLimit = field(
        default_factory=lambda: RateLimit(most=0.5, at_least=10, window=timedelta(minutes=10)),
    )
    abandonment: RateLimit = field(
        default_factory=lambda: RateLimit(most=0.02, at_least=50, window=timedelta(days=30)),
    )
    complaint: RateLimit = field(
        default_factory=lambda: RateLimit(most=0.15, at_least=40, window=timedelta(hours=24)),
    )


@dataclass(frozen=True, kw_only=True)
class CallCounts:
    """What became of a campaign's calls within a window; each attempt counts once, whatever was told of it twice.

    ``dials`` are over; ``failed`` of them failed without the person's doing. ``answered`` were answered by a person;
    ``abandoned`` of these heard nobody in time, after ``complaints`` the person asked never to be called again.
    """

    dials: int = 0
    failed: int = 0
    answered: int = 0
    abandoned: int = 0
    complaints: int = 0


def tripped(limits: BreakerLimits, counts: Mapping[timedelta, CallCounts]) -> Iterator[str]:
    """Every limit that is passed, in words for a person. ``counts`` tells what happened within a window."""
    failure, abandonment, complaint = limits.failure, limits.abandonment, limits.complaint
    seen = counts[failure.window]
    if failure.is_passed(seen.failed, seen.dials):
        yield _said(f"{seen.failed} of {seen.dials} calls failed", failure)
    seen = counts[abandonment.window]
    if abandonment.is_passed(seen.abandoned, seen.answered):
        yield _said(f"{seen.abandoned} of {seen.answered} people who answered heard nobody in time", abandonment)
    seen = counts[complaint.window]
    if complaint.is_passed(seen.complaints, seen.answered):
        yield _said(f"{seen.complaints} of {seen.answered} people who answered asked not to be called again", complaint)


def _said(what: str, limit: RateLimit) -> str:
    return f"{what} in {_length(limit.window)}; at most {limit.most:.0%} may"


def _length(window: timedelta) -> str:
    for unit, seconds in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        count, rest = divmod(window.total_seconds(), seconds)
        if count and not rest:
            return f"{count:.0f} {unit}" + ("s" if count > 1 else "")
    return f"{window.total_seconds():g} seconds"
