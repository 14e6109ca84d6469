"""What a turn tells about the person's plans: timeline, motivation, condition, money, rooms, who decides."""

import re
from collections.abc import Sequence
from datetime import date

from shared.conversation.understanding.acts import Act, Told
from shared.conversation.understanding.horizon import read_horizon
from shared.conversation.understanding.numbers import Number, read_numbers
from shared.conversation.understanding.phrases import field_finders

YES_NO: dict[str, dict[Act, str]] = {
    "agent_status": {Act.YES: "unclear", Act.NO: "none"},
    "agent_signed": {Act.YES: "signed_agreement", Act.NO: "informal"},
    "decision_makers": {Act.YES: "self", Act.NO: "shared"},
    "financing": {Act.YES: "talking", Act.NO: "none"},
}
"""What a bare yes or no says, by the question that waits."""

VOLUNTEERED: dict[str, frozenset[str]] = {
    "motivation": frozenset({"3", "2"}),
    "agent_status": frozenset({"listed", "signed_agreement"}),
    "decision_makers": frozenset({"shared"}),
    "role": frozenset({"tenant", "agent", "other"}),
    "financing": frozenset({"cash", "preapproved", "needs_sell_first"}),
    "property_type": frozenset({"condo", "townhouse", "apartment"}),
}
"""What is believed although nobody asked."""

_SPEAK_OF_OTHER_TIMES = frozenset({Act.CALL_LATER, Act.BUSY, Act.HOME_WORTH, Act.LEGAL_ADVICE, Act.LOAN_ADVICE})
_ROOMS = frozenset({"bedroom", "bedrooms", "bed", "beds", "br", "room", "rooms"})
_PLACE_LEAD = re.compile(
    r"^(?:(?:well|so|probably|maybe|mostly|i am|we are|i would|we would|like|looking|thinking|to be|it is|anywhere|"
    r"somewhere|something|in|around|near|by|close to|the|for|of|yes|yeah|i think|i guess|want|live) )+"
)
_MEANINGLESS = frozenset({
    "yes", "no", "yeah", "okay", "well", "so", "the", "a", "i", "it", "is", "that", "and", "to", "we", "you",
    "know", "just", "uh", "um",
})  # fmt: skip


def read_told(words: str, acts: frozenset[Act], *, pending: str | None, today: date) -> dict[str, Told]:
    """The facts in plain ``words``, by field.

    Args:
        words: Plain words, see ``normal.plain``.
        acts: What the turn does, already read.
        pending: The question that waits for its answer; what answers it needs less to be believed.
        today: The person's own date.
    """
    told = {field: Told(value=value) for field, value in _found(words, pending).items()}
    if horizon := _timeline(words, pending, today):
        told["timeline"] = Told(value=horizon)
    if acts & _SPEAK_OF_OTHER_TIMES:
        told.pop("timeline", None)
    told |= _measured(words, pending)
    if pending and pending not in told and (answer := _from_context(words, acts, pending)):
        told[pending] = answer
    if "motivation" in told:
        told["motivation"] = _motivation(words, told["motivation"])
    if "condition" in told:
        told["condition"] = Told(value=int(told["condition"].value), confidence=told["condition"].confidence)
    return told


def _found(words: str, pending: str | None) -> dict[str, str]:
    """The first value of each field whose phrases are there, if the field was asked for or may be volunteered."""
    found: dict[str, str] = {}
    for field, values in field_finders().items():
        if field == "timeline" and field != pending:
            continue
        allowed = frozenset(values) if field == pending else VOLUNTEERED.get(field, frozenset())
        value = next((value for value in values if value in allowed and values[value].finds(words)), None)
        if value is not None:
            found[field] = value
    return found


def _timeline(words: str, pending: str | None, today: date) -> str | None:
    is_awaited = pending == "timeline"
    if not (is_awaited or pending in ("motivation", "condition", "identity", "area")):
        return None
    return read_horizon(words, today=today, is_awaited=is_awaited)


def _measured(words: str, pending: str | None) -> dict[str, Told]:
    told: dict[str, Told] = {}
    split = words.split()
    numbers = read_numbers(split)
    rooms = next((n for n in numbers if n.end < len(split) and split[n.end] in _ROOMS and n.value < 10), None)
    if rooms is None and pending == "bedrooms":
        rooms = next((number for number in numbers if number.value < 10), None)
    if rooms is not None:
        told["bedrooms"] = Told(value=int(rooms.value))
    if price := _price(split, [n for n in numbers if n is not rooms], pending):
        told[pending if pending in ("price", "rent", "price_expectation") else "price"] = Told(value=price)
    return told


def _price(words: Sequence[str], numbers: Sequence[Number], pending: str | None) -> dict[str, int] | None:
    """The money in the words as ``{"min": …, "max": …}`` in whole dollars."""
    is_awaited = pending in ("price", "rent", "price_expectation")
    is_rent = pending == "rent"
    said = [number for number in numbers if is_awaited or (number.has_scale and number.value >= 50_000)]
    if not said:
        return None
    amounts = [_dollars(number, is_rent=is_rent) for number in said[:2]]
    if len(said) > 1 and said[0].value < 10 < said[1].value:
        amounts[0] = int(said[0].value) * 10 ** (len(str(amounts[1])) - 1)
    least = 100 if is_rent else 10_000
    amounts = [amount for amount in amounts if amount >= least]
    if not amounts:
        return None
    return {"max": amounts[0]} if len(amounts) == 1 else {"min": min(amounts), "max": max(amounts)}


def _dollars(number: Number, *, is_rent: bool) -> int:
    """Dollars as meant: "four fifty" is 450,000 for a house; a rent is said in full or in hundreds."""
    if is_rent:
        return int(number.value * (100 if 10 <= number.value < 100 else 1))
    return int(number.value * (1000 if number.value < 1000 else 1))


def _from_context(words: str, acts: frozenset[Act], pending: str) -> Told | None:
    """What a turn means only because of the question before it."""
    for act, value in YES_NO.get(pending, {}).items():
        if act in acts:
            return Told(value=value, confidence=0.9)
    content = [word for word in words.split() if word not in _MEANINGLESS]
    if acts & {Act.REPEAT, Act.WAIT, Act.GREET, Act.WHO_ARE_YOU, Act.DONT_KNOW} or words.startswith(("what ", "how ")):
        return None
    if pending == "motivation" and len(content) >= 2:
        return Told(value="1", confidence=0.5)
    if pending == "area" and content and Act.NO not in acts:
        return Told(value=_PLACE_LEAD.sub("", f"{words} ").strip() or words, confidence=0.7)
    return None


def _motivation(words: str, strength: Told) -> Told:
    return Told(value={"text": words, "strength": int(strength.value)}, confidence=strength.confidence)
