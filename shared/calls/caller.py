"""Who calls us, as far as the carrier shows it."""

from dataclasses import dataclass
from hashlib import sha256

from shared.kernel.errors import Malformed
from shared.kernel.phone import normalise

NOWHERE = "+999"
"""No country has this code: a withheld number is kept as one under it, of its own for every call."""
PLACEHOLDERS = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "+464"})
"""What the carrier shows for a withheld number: "anonymous", "restricted" and the like on a keypad."""


@dataclass(frozen=True, kw_only=True)
class InboundCall:
    """A call that came to us, as the carrier tells of it: ``caller`` as it is shown, ``number`` is ours."""

    sid: str
    caller: str
    number: str


def caller_phone(call: InboundCall) -> str:
    """The caller's number in E.164; a withheld one is kept as a number that nobody has."""
    if call.caller not in PLACEHOLDERS:
        try:
            return normalise(call.caller)
        except Malformed:
            pass
    return f"{NOWHERE}{int(sha256(call.sid.encode()).hexdigest()[:8], 16):010d}"


def is_withheld(phone: str) -> bool:
    """Whether it stands for a number that the caller did not show."""
    return phone.startswith(NOWHERE)
