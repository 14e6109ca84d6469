"""Telephone numbers as the carrier reads and shows them."""

import re

E164 = re.compile(r"\+[1-9]\d{6,14}")
NORTH_AMERICAN = re.compile(r"\+1[2-9]\d{2}[2-9]\d{6}")


def is_dialable(number: str) -> bool:
    """Whether ``number`` is E.164 and, under +1, follows the North American plan."""
    if number.startswith("+1"):
        return NORTH_AMERICAN.fullmatch(number) is not None
    return E164.fullmatch(number) is not None


def shown(number: str) -> str:
    """The form for display: ``(415) 867-5308`` under +1, else E.164."""
    if NORTH_AMERICAN.fullmatch(number):
        return f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    return number


def places(*, from_number: str, to_number: str) -> dict[str, str]:
    """The number-plan fields of a webhook; the plan knows no city, so those stay blank."""
    fields: dict[str, str] = {}
    for role, number in (
        ("From", from_number),
        ("To", to_number),
        ("Caller", from_number),
        ("Called", to_number),
    ):
        fields |= {f"{role}City": "", f"{role}State": "", f"{role}Zip": ""}
        fields[f"{role}Country"] = "US" if number.startswith("+1") else ""
    return fields
