"""Ask the networks about a number, once for everybody who waits for the answer."""

from dataclasses import replace
from datetime import date, datetime

from shared.kernel.errors import Refused
from shared.leads.consent import Channel
from shared.leads.number_check import FRESH_FOR, LineType, NumberCheck, NumberCheckRepository, NumberLookup, Reassigned
from shared.leads.ports import ConsentRepository, SuppressionRepository
from shared.leads.suppression import Suppression, SuppressionReason


def check_number(
    phone: str,
    *,
    since: date | None,
    checks: NumberCheckRepository,
    lookup: NumberLookup,
    suppressions: SuppressionRepository,
    consents: ConsentRepository,
    now: datetime,
) -> NumberCheck:
    """What is known of the number, asked for unless a fresh answer about the time since ``since`` is there.

    Without ``since`` the newest consent says when we last knew whose number it was. A question that is refused leaves
    nothing known: neither for a call nor against one later. A number that changed hands goes on our own list, its
    consents are taken back. Safe to repeat.

    Raises:
        Unavailable: No answer now.
    """
    asked = since or _consented(phone, consents, now)
    known = checks.of_phone(phone)
    if known is not None and now - known.checked_at <= FRESH_FOR and _answers(known, asked):
        check = known
    else:
        check = _ask(phone, asked, lookup, now)
        checks.add(check)
    if check.reassigned is Reassigned.YES:
        evidence = f"changed hands since {check.asked_since}"
        suppressions.add(Suppression(phone=phone, reason=SuppressionReason.REASSIGNED, at=now, evidence=evidence))
        consents.revoke(phone, at=now)
    return check


def _ask(phone: str, since: date | None, lookup: NumberLookup, now: datetime) -> NumberCheck:
    try:
        check = lookup.look_up(phone, last_verified=since)
    except Refused:
        return NumberCheck(
            phone=phone,
            checked_at=now,
            line_type=LineType.UNKNOWN,
            asked_since=since,
        )
    return replace(check, checked_at=now)


def _consented(phone: str, consents: ConsentRepository, now: datetime) -> date | None:
    standing = [
        consent.obtained_at
        for consent in consents.of_phone(phone)
        if Channel.AI_VOICE in consent.channels and consent.revoked_at is None and consent.obtained_at <= now
    ]
    return max(standing).date() if standing else None


def _answers(known: NumberCheck, since: date | None) -> bool:
    if since is None or (known.is_refused and known.asked_since == since):
        return True
    if known.reassigned is None or known.asked_since is None:
        return False
    return known.asked_since == since or (known.reassigned is Reassigned.NO and known.asked_since <= since)
