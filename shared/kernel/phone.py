"""Telephone numbers: normalised once at the edge, E.164 (``+15551234567``) everywhere inside."""

import phonenumbers

from shared.kernel.errors import Malformed


class NotAPhoneNumber(Malformed):
    """The text is not a telephone number we could ring."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is not a telephone number: write it like +1 512 555 0142")


def normalise(text: str, *, region: str = "US") -> str:
    """The number in E.164.

    Raises:
        NotAPhoneNumber: No possible number of ``region`` or of the world.
    """
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise NotAPhoneNumber(text) from error
    if not phonenumbers.is_possible_number(parsed):
        raise NotAPhoneNumber(text)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
