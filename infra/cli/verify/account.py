"""Points that need no call: the account, its number, its look-ups, its bill."""

from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from infra.cli.verify.points import Verdict
from infra.cli.verify.stand import Stand

LAST_VERIFIED = "20200101"
NOT_APPROVED = (403, 401)


async def look_at_account(stand: Stand) -> None:
    """Whether the account may work at all."""
    account = await stand.ask(lambda: stand.client.api.accounts(stand.account_sid).fetch())
    is_full = str(account.type) == "Full"
    stand.findings.judge("account", account.status == "active" and is_full, f"{account.status}, type {account.type}")
    owned = await stand.ask(lambda: stand.client.incoming_phone_numbers.list(phone_number=stand.caller_id, limit=1))
    has_voice = bool(owned) and bool((owned[0].capabilities or {}).get("voice"))
    seen = "the account does not own it" if not owned else f"voice {'on' if has_voice else 'off'}"
    stand.findings.judge("caller_id", has_voice, seen)


async def look_at_lookups(stand: Stand) -> None:
    """Which packages of Lookup v2 the account may use."""
    from twilio.base.exceptions import TwilioRestException

    for point, package in (("lookup_line_type", "line_type_intelligence"), ("lookup_reassigned", "reassigned_number")):
        wishes = {"last_verified_date": LAST_VERIFIED} if package == "reassigned_number" else {}
        numbers = stand.client.lookups.v2.phone_numbers(stand.to)
        try:
            found = await stand.ask(lambda: numbers.fetch(fields=package, **wishes))  # noqa: B023 - run at once
        except TwilioRestException as error:
            stand.findings.judge(point, False, f"HTTP {error.status}, code {error.code}")
            continue
        answer = getattr(found, package) or {}
        said = answer.get("type") or answer.get("is_number_reassigned")
        stand.findings.judge(point, bool(said), f"{said}" if said else f"no answer, code {answer.get('error_code')}")


async def look_at_bill(stand: Stand, day: date) -> None:
    """Whether the streams of a day were billed by whole minutes; the carrier's books close after the day."""
    records = await stand.ask(lambda: stand.client.usage.records.daily.list(start_date=day, end_date=day))
    streams = [record for record in records if record.category == "calls-media-stream-minutes"]
    if not streams:
        stand.findings.tell("stream_minutes_round_up", Verdict.NOT_SEEN, f"no stream was billed on {day} (yet)")
        return
    minutes, count = Decimal(streams[0].usage), int(streams[0].count or 0)
    is_whole = minutes == minutes.to_integral_value(ROUND_CEILING) and minutes >= count
    stand.findings.judge("stream_minutes_round_up", is_whole, f"{minutes} minutes for {count} streams on {day}")


def the_day_before(day: date) -> date:
    """Yesterday, whose bill is complete."""
    return day - timedelta(days=1)
