"""Truthful readiness: whether this installation may ring people now, check by check, and what to do about each no."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from shared.calls.invariants import Violation
from shared.calls.stops import StopSwitch
from shared.campaigns import Campaign, Seller
from shared.campaigns.own_number import OwnNumber
from shared.costs.alert import Alert
from shared.leads.registry import OLDEST, Registry, RegistryCopy

SOON = timedelta(days=5)
PROVE = "say by what right they are shown: reauto number add … --authorisation …"


class Grade(StrEnum):
    """How a check went: ``bad`` keeps phones silent or breaks a law, ``poor`` is for a person to look at."""

    GOOD = "good"
    POOR = "poor"
    BAD = "bad"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One line: what was looked at, how it is, and what to do when it is not good."""

    about: str
    grade: Grade
    seen: str
    todo: str = ""


@dataclass(frozen=True, kw_only=True)
class CarrierNumber:
    """A number as the carrier has it; ``voice_url`` is asked when somebody rings it."""

    phone: str
    has_voice: bool
    voice_url: str


@dataclass(frozen=True, kw_only=True)
class AccountFacts:
    """The account at the carrier; ``kind`` is the carrier's word for it, such as ``Trial``."""

    status: str
    kind: str
    numbers: tuple[CarrierNumber, ...]

    @property
    def may_work(self) -> bool:
        """Whether it rings whom we ask for."""
        return self.status == "active" and self.kind != "Trial"


class CarrierAccount(Protocol):
    """Our account at the carrier. Implemented by ``adapters.twilio``."""

    def look(self) -> AccountFacts:
        """The account and its numbers as they are now.

        Raises:
            Refused: The carrier does not let us in.
            Unavailable: The carrier failed; the same question may be answered later.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Installation:
    """What was found; ``None`` where it could not be read, and ``account_fault`` says why the account could not.

    ``lacking`` is what each campaign that should ring lacks. ``inbound_url`` is where the carrier should send calls.
    """

    sellers: Sequence[Seller]
    agents: Mapping[str, int]
    numbers: Sequence[OwnNumber]
    campaigns: Sequence[Campaign]
    lacking: Mapping[str, tuple[str, ...]]
    registries: Sequence[RegistryCopy]
    stops: Sequence[StopSwitch] | None
    free_slots: int | None
    violations: Sequence[Violation]
    alerts: Sequence[Alert]
    unverified_states: Sequence[str]
    inbound_url: str
    account: AccountFacts | None = None
    account_fault: str = ""


def readiness(found: Installation, *, now: datetime) -> tuple[Check, ...]:
    """Every check, in the order in which a newcomer would deal with them."""
    return (
        *_sellers(found),
        *_numbers(found, now),
        *_registries(found.registries, now.date()),
        *_room(found),
        *_account(found),
        *_campaigns(found),
        *_stops(found),
        *_books(found),
        *_law(found),
    )


def is_ready(checks: Sequence[Check]) -> bool:
    """Whether nothing stands against ringing people."""
    return all(check.grade is not Grade.BAD for check in checks)


def good(about: str, seen: str) -> Check:
    """A check that went well."""
    return Check(about=about, grade=Grade.GOOD, seen=seen)


def poor(about: str, seen: str, todo: str) -> Check:
    """A check that a person should look at."""
    return Check(about=about, grade=Grade.POOR, seen=seen, todo=todo)


def bad(about: str, seen: str, todo: str) -> Check:
    """A check that keeps phones silent, or should."""
    return Check(about=about, grade=Grade.BAD, seen=seen, todo=todo)


def _sellers(found: Installation) -> Iterator[Check]:
    if not found.sellers:
        yield bad("sellers", "there is none", "reauto seller create NAME --callback-number +1…")
        return
    yield good("sellers", ", ".join(seller.registered_name for seller in found.sellers))
    for seller in found.sellers:
        if not found.agents.get(seller.id):
            about = f"agents of {seller.registered_name}"
            yield poor(about, "nobody keeps appointments", "reauto agent create NAME --timezone …")


def _numbers(found: Installation, now: datetime) -> Iterator[Check]:
    serving = [number for number in found.numbers if number.retired_at is None]
    for seller in found.sellers:
        theirs = [number for number in serving if number.seller_id == seller.id]
        about = f"numbers of {seller.registered_name}"
        resting = [number for number in theirs if number.is_cooling(now)]
        unproven = [number for number in theirs if not number.authorisation]
        if not theirs:
            yield bad(about, "there is none to call from", "reauto number add +1…")
        elif len(resting) == len(theirs):
            yield bad(about, f"all {len(theirs)} rest: {resting[0].cooled_because}", "wait, or add another number")
        elif unproven:
            yield poor(about, f"{len(unproven)} of {len(theirs)} without a proof of authorisation", PROVE)
        else:
            yield good(about, f"{len(theirs) - len(resting)} of {len(theirs)} may call")


def _registries(copies: Sequence[RegistryCopy], today: date) -> Iterator[Check]:
    national = [copy for copy in copies if copy.registry is Registry.NATIONAL]
    about, todo = "national do-not-call registry", "reauto suppress import FILE --list national --taken-on DATE"
    if not national:
        yield bad(about, "no copy was imported: nobody may be rung", todo)
        return
    newest = max(copy.taken_on for copy in national)
    age = today - newest
    seen = f"copy of {newest}, {age.days} days old"
    if age > OLDEST:
        yield bad(about, f"{seen}: too old, nobody may be rung", todo)
    elif age > OLDEST - SOON:
        yield poor(about, f"{seen}; after {OLDEST.days} days nobody may be rung", todo)
    else:
        yield good(about, seen)


def _room(found: Installation) -> Iterator[Check]:
    if found.free_slots is None:
        yield bad("voice workers", "Redis cannot be asked: nobody is rung", "start Redis, or mend REDIS_URL")
    elif found.free_slots == 0:
        yield bad("voice workers", "none has room", "start a voice node, or wait for a call to end")
    else:
        yield good("voice workers", f"room for {found.free_slots} more calls")


def _account(found: Installation) -> Iterator[Check]:
    about = "carrier account"
    if found.account is None:
        yield bad(about, found.account_fault, "check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN")
        return
    seen = f"{found.account.status}, {found.account.kind}"
    if not found.account.may_work:
        yield bad(about, seen, "upgrade or reactivate the account at the carrier")
        return
    yield good(about, seen)
    owned = {number.phone: number for number in found.account.numbers}
    for number in found.numbers:
        if number.retired_at is None:
            yield _at_carrier(number, owned.get(number.phone), found.inbound_url)


def _at_carrier(number: OwnNumber, owned: CarrierNumber | None, inbound_url: str) -> Check:
    about = f"number {number.phone}"
    if owned is None or not owned.has_voice:
        seen = "the account does not own it" if owned is None else "it carries no voice"
        return bad(about, seen, "buy it at the carrier, or retire it: reauto number retire")
    if owned.voice_url != inbound_url:
        return bad(about, "people who call it back do not reach us", f"set its voice URL to {inbound_url}")
    return good(about, "owned, carries voice, leads to us")


def _campaigns(found: Installation) -> Iterator[Check]:
    for campaign in found.campaigns:
        lacks = found.lacking.get(campaign.id, ())
        about = f"campaign {campaign.name}"
        theirs = [each for each in found.numbers if each.seller_id == campaign.seller_id and not each.retired_at]
        unproven = [each.phone for each in theirs if each.may_serve(campaign.id) and not each.authorisation]
        if lacks:
            yield bad(about, "; ".join(lacks), f"reauto campaign show {campaign.name!r}")
        elif unproven:
            yield poor(about, f"nobody has said by what right it shows {', '.join(unproven)}", PROVE)
        else:
            yield good(about, campaign.state.value)


def _stops(found: Installation) -> Iterator[Check]:
    if found.stops is None:
        yield bad("stop switches", "they cannot be read, which stops every call", "start Redis, or mend REDIS_URL")
        return
    for switch in found.stops:
        whose = "everything" if switch.target is None else f"{switch.scope.value} {switch.target}"
        yield bad("stop switch", f"{whose} is stopped: {switch.reason}", "reauto go")
    if not found.stops:
        yield good("stop switches", "none is thrown")


def _books(found: Installation) -> Iterator[Check]:
    for violation in found.violations:
        seen = f"{len(violation.ids)} break it, such as {violation.ids[0] if violation.ids else '?'}"
        yield bad(f"{violation.invariant}: {violation.meaning}", seen, "see infra/runbooks")
    if not found.violations:
        yield good("books", "every invariant holds")
    for alert in found.alerts:
        yield poor(f"money, {alert.level.value}", alert.reason, "reauto money alerts")


def _law(found: Installation) -> Iterator[Check]:
    if found.unverified_states:
        seen = f"{len(found.unverified_states)} states are called by the narrow fallback hours"
        yield poor("calling rules", seen, "have counsel read the statutes, then grade the rows of calling_rules.yaml")
