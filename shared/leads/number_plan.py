"""What the number plan says of a number, as values to keep: its tables change every two weeks."""

from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType

HOME_REGIONS = frozenset({"US", "PR", "VI", "GU", "AS", "MP"})
NEVER_RUNG = frozenset({"toll_free", "premium_rate", "shared_cost", "uan", "pager", "voicemail"})


@dataclass(frozen=True, kw_only=True)
class NumberPlan:
    """One number (E.164) by the plan. ``in_plan`` is false for area codes newer than our tables, too.

    ``region`` is the country's two letters where it is known, ``kind`` the plan's word for what it is for.
    """

    is_possible: bool
    in_plan: bool = False
    country_code: int | None = None
    region: str | None = None
    kind: str = "unknown"


@lru_cache(maxsize=4096)
def number_plan(phone: str) -> NumberPlan:
    """What the plan says; a text that cannot be read is no possible number."""
    try:
        parsed = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return NumberPlan(is_possible=False)
    return NumberPlan(
        is_possible=phonenumbers.is_possible_number(parsed),
        in_plan=phonenumbers.is_valid_number(parsed),
        country_code=parsed.country_code,
        region=phonenumbers.region_code_for_number(parsed),
        kind=PhoneNumberType.to_string(phonenumbers.number_type(parsed)).lower(),
    )
