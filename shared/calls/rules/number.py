"""Is this a number that a person may be rung on?"""

from datetime import datetime, timedelta

from shared.calls.known import PermissionFacts
from shared.calls.permission import Finding
from shared.calls.rules.rule import Rule
from shared.leads.number_check import LineType
from shared.leads.number_plan import HOME_REGIONS, NEVER_RUNG

VALID = Rule("number.valid", "decision: numbers are E.164 and possible")
DIALABLE = Rule("number.dialable", "47 CFR 64.1200(a)(1); decision: people only")
COUNTRY = Rule("number.country", "decision: prices and calling rules are known for the United States alone")
LINE = Rule("number.line_type", "47 CFR 64.1200(a)(1)(iii); decision: people only")
SERVICE_CODES = frozenset({"211", "311", "411", "511", "611", "711", "811", "911"})
NO_PERSON = frozenset({LineType.TOLL_FREE, LineType.PREMIUM, LineType.PAGER, LineType.VOICEMAIL})
CHECK_AGAIN = timedelta(minutes=5)


def is_valid(facts: PermissionFacts, _now: datetime) -> Finding:
    """Whether the number could exist. Area codes newer than the number plan's tables are let through."""
    if facts.number is None:
        return VALID.unknown("the number was not looked up in the number plan")
    if not facts.number.is_possible:
        return VALID.deny("there is no such telephone number")
    return VALID.allow("the phone number is possible", in_number_plan=facts.number.in_plan)


def is_dialable(facts: PermissionFacts, _now: datetime) -> Finding:
    """Whether a person may be behind it: no emergency or service code, toll-free or premium number."""
    if facts.number is None:
        return DIALABLE.unknown("the number was not looked up in the number plan")
    if facts.lead.phone.removeprefix("+1")[:3] in SERVICE_CODES:
        return DIALABLE.deny("the number begins with an emergency or service code")
    if facts.number.kind in NEVER_RUNG:
        return DIALABLE.deny("the number is toll-free, premium or shared", kind=facts.number.kind)
    return DIALABLE.allow("the number may belong to a person", kind=facts.number.kind)


def is_domestic(facts: PermissionFacts, _now: datetime) -> Finding:
    """Whether the number is one of the United States, or of an area code too new to be known."""
    if facts.number is None:
        return COUNTRY.unknown("the number was not looked up in the number plan")
    if facts.number.country_code != 1 or facts.number.region not in {None, *HOME_REGIONS}:
        return COUNTRY.deny("the number belongs to another country", region=facts.number.region)
    return COUNTRY.allow("the number belongs to the United States", region=facts.number.region)


def is_a_persons_line(facts: PermissionFacts, now: datetime) -> Finding:
    """Whether the line is one that a person answers, as far as the networks were asked.

    They have to be asked for a number that the number plan does not know.
    """
    if facts.check is None:
        if facts.number is not None and facts.number.in_plan:
            return LINE.allow("the number plan knows the number, the networks were not asked")
        return LINE.defer(
            "the number plan does not know the number: the networks are asked", until=now + CHECK_AGAIN, check=True
        )
    evidence = {"line_type": facts.check.line_type.value, "checked_at": facts.check.checked_at.isoformat()}
    if facts.check.line_type in NO_PERSON:
        return LINE.deny("nobody answers a line of this kind in person", **evidence)
    return LINE.allow("the line may be a person's", **evidence)
