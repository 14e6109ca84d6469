"""Is this a number that a person may be rung on?"""

from datetime import datetime

import phonenumbers
from phonenumbers import PhoneNumberType

from shared.calls.facts import PermissionFacts
from shared.calls.permission import Finding
from shared.calls.rules.rule import Rule

VALID = Rule("number.valid", "decision: numbers are E.164 and possible")
DIALABLE = Rule("number.dialable", "47 CFR 64.1200(a)(1); decision: people only")
COUNTRY = Rule("number.country", "decision: prices and calling rules are known for the United States alone")
HOME_REGIONS = frozenset({"US", "PR", "VI", "GU", "AS", "MP"})
NEVER_RUNG = frozenset(
    {PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.UAN}
)
SERVICE_CODES = frozenset({"211", "311", "411", "511", "611", "711", "811", "911"})


def is_valid(facts: PermissionFacts, _now: datetime) -> Finding:
    """Whether the number could exist. Area codes newer than the number plan's tables are let through."""
    try:
        parsed = phonenumbers.parse(facts.lead.phone)
    except phonenumbers.NumberParseException:
        return VALID.deny("the phone number cannot be read")
    if not phonenumbers.is_possible_number(parsed):
        return VALID.deny("no number of this length exists")
    return VALID.allow("the phone number is possible", in_number_plan=phonenumbers.is_valid_number(parsed))


def is_domestic(facts: PermissionFacts, _now: datetime) -> Finding:
    """Whether the number is one of the United States, or of an area code too new to be known."""
    try:
        parsed = phonenumbers.parse(facts.lead.phone)
    except phonenumbers.NumberParseException:
        return COUNTRY.deny("the phone number cannot be read")
    region = phonenumbers.region_code_for_number(parsed)
    if parsed.country_code != 1 or region not in {None, *HOME_REGIONS}:
        return COUNTRY.deny("the number belongs to another country", region=region)
    return COUNTRY.allow("the number belongs to the United States", region=region)


def is_dialable(facts: PermissionFacts, _now: datetime) -> Finding:
    """Whether a person may be behind it: no emergency or service code, toll-free or premium number."""
    try:
        parsed = phonenumbers.parse(facts.lead.phone)
    except phonenumbers.NumberParseException:
        return DIALABLE.deny("the phone number cannot be read")
    if str(parsed.national_number)[:3] in SERVICE_CODES:
        return DIALABLE.deny("the number begins with an emergency or service code")
    if phonenumbers.number_type(parsed) in NEVER_RUNG:
        return DIALABLE.deny("the number is toll-free, premium or shared")
    return DIALABLE.allow("the number may belong to a person")
