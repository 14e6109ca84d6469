"""What the cells of a row say: each reader answers with a value, or raises the reason in plain words."""

import re
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from phonenumbers import PhoneNumberType

from shared.kernel.errors import Malformed
from shared.kernel.phone import normalise
from shared.leads.consent import Channel
from shared.leads.lead import LeadKind
from shared.leads.places import places

NORTH_AMERICAN = re.compile(r"\+1[2-9]\d\d[2-9]\d{6}")
EMERGENCY = frozenset({"911", "112", "999", "988"})
NEVER_DIALLED = {
    PhoneNumberType.TOLL_FREE: "a toll-free number",
    PhoneNumberType.PREMIUM_RATE: "a premium-rate number",
    PhoneNumberType.SHARED_COST: "a shared-cost number",
    PhoneNumberType.UAN: "a company-wide number",
    PhoneNumberType.VOICEMAIL: "a voicemail number",
}
DAY_FORMATS = ("%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%d %b %Y", "%b %d, %Y", "%B %d, %Y")
TIME_FORMATS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p")
CHANNEL_NAMES = {
    "ai_voice": Channel.AI_VOICE,
    "voice": Channel.AI_VOICE,
    "call": Channel.AI_VOICE,
    "phone": Channel.AI_VOICE,
    "sms": Channel.SMS,
    "text": Channel.SMS,
}


class BadCell(Malformed):
    """A cell does not say what its column needs."""


def read_phone(text: str) -> str:
    """The number in E.164, if it is one of a person that may be rung."""
    if re.sub(r"\D", "", text) in EMERGENCY:
        raise BadCell(f"{text} is an emergency number")
    phone = normalise(text)
    if phone.startswith("+1") and not NORTH_AMERICAN.fullmatch(phone):
        raise BadCell(f"{text!r} is not a telephone number: no such area code or exchange")
    if phone.startswith("+1") and phone[3:5] == "11":
        raise BadCell(f"{text!r} is a service number")
    kind = phonenumbers.number_type(phonenumbers.parse(phone, None))
    if kind in NEVER_DIALLED:
        raise BadCell(f"{text} is {NEVER_DIALLED[kind]}")
    return phone


def read_zone(text: str) -> str:
    """The IANA name of a time zone, whatever its case."""
    name = _zones_by_name().get(text.replace(" ", "_").casefold())
    if name is None:
        raise BadCell(f"{text!r} is not a time zone: write an IANA name like America/Chicago")
    return name


def read_state(text: str) -> str:
    """The two letters of a state, from its letters or its name."""
    state = places().state_called(text)
    if state is None:
        raise BadCell(f"{text!r} is not a state: write two letters like TX, or the name")
    return state


def read_kind(text: str) -> LeadKind:
    """Seller, buyer or renter."""
    try:
        return LeadKind(text.casefold())
    except ValueError as error:
        raise BadCell(f"{text!r} is not a kind of lead: write {', '.join(LeadKind)}") from error


def read_email(text: str) -> str:
    """An address that a letter could be sent to."""
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", text):
        raise BadCell(f"{text!r} is not an e-mail address")
    return text


def read_channels(text: str) -> frozenset[Channel]:
    """The channels a consent names, parted by commas, semicolons, plus signs, bars or spaces."""
    words = [word for word in re.split(r"[,;+|/\s]+", text.casefold().replace("ai voice", "ai_voice")) if word]
    unknown = [word for word in words if word not in CHANNEL_NAMES]
    if unknown or not words:
        raise BadCell(f"{text!r} names no channel we know: write ai_voice, sms or both")
    return frozenset(CHANNEL_NAMES[word] for word in words)


def read_moment(text: str, *, zone: str | None) -> datetime:
    """A moment in UTC. One that names no offset is on the clock of ``zone`` (IANA), or UTC's when that is unknown."""
    moment = _parsed(text)
    if moment is None:
        raise BadCell(f"{text!r} is not a date: write 2026-11-20, 2026-11-20T14:30-06:00 or 11/20/2026")
    try:
        aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
        return aware.astimezone(UTC)
    except OverflowError as error:
        raise BadCell(f"{text!r} is not a date of our time") from error


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for day in DAY_FORMATS:
        for time in TIME_FORMATS:
            try:
                return datetime.strptime(text, day + time)  # noqa: DTZ007 - the zone is added by the caller
            except ValueError:
                continue
    return None


@cache
def _zones_by_name() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}
