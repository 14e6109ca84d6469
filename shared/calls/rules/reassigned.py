"""Is the number still the person's who gave it to us?"""

from datetime import date, datetime

from shared.calls.known import PermissionFacts
from shared.calls.permission import Finding
from shared.calls.rules.consent import covering_consent
from shared.calls.rules.number import CHECK_AGAIN
from shared.calls.rules.rule import Rule
from shared.leads.number_check import FRESH_FOR, NumberCheck, Reassigned

REASSIGNED = Rule("number.reassigned", "47 CFR 64.1200(m); FCC DA 21-1649")


def is_theirs_still(facts: PermissionFacts, now: datetime) -> Finding:
    """Whether we heard from the person lately, or the Reassigned Numbers Database says that the number stayed theirs.

    Only its plain no, about the time since we last knew, speaks for a call.
    """
    known = last_known(facts, now)
    if known is None:
        return REASSIGNED.unknown("there is no day on which the number was known to be the person's")
    evidence = {"known_at": known.isoformat()} | _told(facts.check)
    check = facts.check if facts.check is not None and facts.check.reassigned is not None else None
    if check and check.reassigned is Reassigned.YES and _since(check) >= known.date():
        return REASSIGNED.deny("the number has changed hands since the person gave it", **evidence)
    if now - known <= FRESH_FOR:
        return REASSIGNED.allow("the number was the person's lately", known + FRESH_FOR, **evidence)
    if facts.check is not None and _is_refused(facts.check, known.date()) and now - facts.check.checked_at <= FRESH_FOR:
        until = facts.check.checked_at + FRESH_FOR
        return REASSIGNED.defer("the question whether the number changed hands was refused", until=until, **evidence)
    if check is None or now - check.checked_at > FRESH_FOR or not _answers(check, known.date()):
        return REASSIGNED.defer(
            "it has to be asked whether the number changed hands",
            until=now + CHECK_AGAIN,
            check=True,
            since=known.date().isoformat(),
            **evidence,
        )
    if check.reassigned is Reassigned.NO:
        return REASSIGNED.allow("the number has not changed hands", check.checked_at + FRESH_FOR, **evidence)
    return REASSIGNED.deny("nobody can say whether the number changed hands", **evidence)


def last_known(facts: PermissionFacts, now: datetime) -> datetime | None:
    """When we last knew whose number it is: by the consent, or because we talked with the person."""
    consent = covering_consent(facts, now)
    moments = [consent.obtained_at if consent else None, facts.lead.spoken_at, facts.lead.zone_confirmed_at]
    return max((moment for moment in moments if moment is not None and moment <= now), default=None)


def _answers(check: NumberCheck, known: date) -> bool:
    """Whether the answer is about the time since we knew; a no about a longer time holds for it, too."""
    if check.reassigned is Reassigned.NO:
        return _since(check) <= known
    return check.reassigned is Reassigned.NO_DATA or _since(check) >= known


def _is_refused(check: NumberCheck, known: date) -> bool:
    return check.is_refused and check.asked_since == known


def _since(check: NumberCheck) -> date:
    return check.asked_since or check.checked_at.date()


def _told(check: NumberCheck | None) -> dict[str, str]:
    if check is None or check.reassigned is None:
        return {}
    return {
        "answer": check.reassigned.value,
        "asked_since": _since(check).isoformat(),
        "checked_at": check.checked_at.isoformat(),
    }
