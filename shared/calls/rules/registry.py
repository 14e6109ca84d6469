"""Is the number on somebody else's do-not-call list, and is our copy of the list good enough to say so?"""

from datetime import UTC, datetime, time, timedelta

from shared.calls.known import PermissionFacts
from shared.calls.permission import Finding
from shared.calls.rules.consent import covering_consent, names_seller
from shared.calls.rules.rule import Rule
from shared.leads.registry import OLDEST, Listing, Registry

NATIONAL = Rule("registry.national", "47 CFR 64.1200(c)(2); 16 CFR 310.4(b)(1)(iii)(B), 310.8")
STATE = Rule("registry.state", "state do-not-call lists, such as Fla. Stat. 501.059")
MOST_DAYS = OLDEST.days
LOOK_AGAIN = timedelta(days=1)
HOW = "import one with: reauto suppress import FILE --list"


def national_allows(facts: PermissionFacts, now: datetime) -> Finding:
    """Whether a fresh copy covers the area code and does not list the number, or the consent names the seller."""
    if facts.listings is None:
        return NATIONAL.unknown("the copies of the do-not-call registry could not be read")
    found = next((each for each in facts.listings if each.registry is Registry.NATIONAL), None)
    if found is None:
        return NATIONAL.unknown(f"there is no copy of the national do-not-call registry: {HOW} national")
    evidence = _told(found, now)
    if _days_old(found, now) > MOST_DAYS:
        return NATIONAL.unknown(
            f"the copy of the national do-not-call registry is older than {MOST_DAYS} days: {HOW} national", **evidence
        )
    if not found.covers:
        return NATIONAL.deny("the registry's copy does not cover the area code of this number", **evidence)
    if not found.is_listed:
        return NATIONAL.allow("the number is not on the national do-not-call list", _expires(found), **evidence)
    consent = covering_consent(facts, now)
    if consent is not None and facts.campaign is not None and names_seller(consent, facts.campaign.seller_name):
        return NATIONAL.allow(
            "the number is on the national list, and the person's consent names this seller",
            _expires(found),
            consent=str(consent.id),
            **evidence,
        )
    return NATIONAL.deny("the number is on the national do-not-call list", **evidence)


def states_allow(facts: PermissionFacts, now: datetime) -> Finding:
    """Whether no state's list has the number; a state that keeps a list of its own needs a fresh copy of it."""
    if facts.listings is None or facts.law is None:
        return STATE.unknown("the copies of the states' do-not-call lists could not be read")
    found = {each.state: each for each in facts.listings if each.registry is Registry.STATE}
    hit = next((each for each in found.values() if each.is_listed), None)
    if hit is not None:
        return STATE.deny(f"the number is on the do-not-call list of {hit.state}", **_told(hit, now))
    needed = [rule.state for rule in facts.law.rules if rule.state and rule.row.own_list]
    for state in needed:
        copy = found.get(state)
        if copy is None or not copy.covers or _days_old(copy, now) > MOST_DAYS:
            return STATE.defer(
                f"{state} keeps a list of its own and there is no fresh copy: {HOW} state --state {state}",
                until=now + LOOK_AGAIN,
                state=state,
                **(_told(copy, now) if copy else {}),
            )
    ends = min((_expires(found[state]) for state in needed), default=None)
    return STATE.allow("the number is on no state's do-not-call list", ends, states=list(facts.law.states))


def _days_old(found: Listing, now: datetime) -> int:
    return (now.astimezone(UTC).date() - found.taken_on).days


def _expires(found: Listing) -> datetime:
    return datetime.combine(found.taken_on + timedelta(days=MOST_DAYS + 1), time(), UTC)


def _told(found: Listing, now: datetime) -> dict[str, object]:
    return {
        "copy": found.copy_id,
        "taken_on": found.taken_on.isoformat(),
        "days_old": _days_old(found, now),
        "account": found.account,
        "listed": found.is_listed,
    }
