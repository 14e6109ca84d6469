"""What a turn tells about the person's plans: timeline, motivation, condition, money, rooms, place, who decides."""

import re
from collections.abc import Collection, Mapping
from datetime import date

from shared.conversation.understanding.acts import Act, Told
from shared.conversation.understanding.areas import AREA, read_area
from shared.conversation.understanding.corrections import last_word
from shared.conversation.understanding.horizon import read_horizon
from shared.conversation.understanding.money import read_money
from shared.conversation.understanding.numbers import read_numbers
from shared.conversation.understanding.phrases import field_finders
from shared.conversation.understanding.rooms import read_rooms
from shared.conversation.understanding.spelled import read_spelled

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
_TELL_NOTHING = frozenset({Act.REPEAT, Act.WAIT, Act.GREET, Act.WHO_ARE_YOU, Act.DONT_KNOW})
_ASKS = re.compile(
    r"(?:what|how|where|which|why|who|when|do you|does it|is there|are there|can you|could you) (?!about )"
)
_NEAR_TIMELINE = frozenset({"timeline", "motivation", "condition", "identity", "area"})
_MEANINGLESS = frozenset({
    "yes", "no", "yeah", "okay", "well", "so", "the", "a", "i", "it", "is", "that", "and", "to", "we", "you",
    "know", "just", "uh", "um",
})  # fmt: skip


def read_told(
    words: str, text: str, acts: Collection[Act], *, awaited: tuple[str, ...], today: date
) -> Mapping[str, Told]:
    """The facts in plain ``words``, by field. What a person corrects themselves to counts.

    Args:
        words: Plain words, see ``normal.plain``.
        text: The same as it was recognised.
        acts: What the turn does, already read.
        awaited: The questions that wait for an answer, the pending one first; what answers one needs less to be
            believed.
        today: The person's own date.
    """
    told = _told(words, text, acts, awaited=awaited, today=today)
    if later := last_word(words):
        corrected = _told(later, text, acts, awaited=awaited, today=today)
        told |= {field: fact for field, fact in corrected.items() if field in told and fact.confidence >= 0.9}
    return told


def _told(words: str, text: str, acts: Collection[Act], *, awaited: tuple[str, ...], today: date) -> dict[str, Told]:
    told = _found(words, awaited)
    if horizon := _timeline(words, acts, awaited, today):
        told["timeline"] = Told(value=horizon, words=words)
    elif _SPEAK_OF_OTHER_TIMES & set(acts):
        told.pop("timeline", None)
    told |= _measured(words, text, acts, awaited) | read_spelled(words, awaited)
    if awaited and awaited[0] not in told and (answer := _from_context(words, acts, awaited[0])):
        told[awaited[0]] = answer
    if reason := told.get("motivation"):
        value = {"text": words, "strength": int(reason.value)}
        told["motivation"] = Told(value=value, confidence=reason.confidence, words=reason.words)
    if shape := told.get("condition"):
        told["condition"] = Told(value=int(shape.value), confidence=shape.confidence, words=shape.words)
    return told


def _found(words: str, awaited: Collection[str]) -> dict[str, Told]:
    """The first value of each field whose phrases are there, if the field was asked for or may be volunteered."""
    found: dict[str, Told] = {}
    for field, values in field_finders().items():
        if field == "timeline" and field not in awaited:
            continue
        allowed = frozenset(values) if field in awaited else VOLUNTEERED.get(field, frozenset())
        for value in values:
            if (
                value in allowed
                and (said := values[value].evidence(words))
                and _is_clear(value, words, field in awaited)
            ):
                found[field] = Told(value=value, words=said)
                break
    return found


def _is_clear(value: str, words: str, is_awaited: bool) -> bool:
    """Whether words say a value also where nobody asked: who sells a home need not buy one with the money."""
    return is_awaited or value != "needs_sell_first" or "first" in words.split()


def _timeline(words: str, acts: Collection[Act], awaited: Collection[str], today: date) -> str | None:
    if not _NEAR_TIMELINE.intersection(awaited) or _SPEAK_OF_OTHER_TIMES.intersection(acts):
        return None
    return read_horizon(words, today=today, is_awaited="timeline" in awaited)


def _measured(words: str, text: str, acts: Collection[Act], awaited: tuple[str, ...]) -> dict[str, Told]:
    """What is counted or has a name: rooms, money, the place."""
    split = words.split()
    numbers = read_numbers(split)
    rooms = read_rooms(split, numbers, awaited)
    money = read_money(split, [each for each in numbers if each not in rooms.numbers], awaited)
    told = rooms.told | money
    says_nothing = Act.NO in acts or _TELL_NOTHING.intersection(acts) or _ASKS.match(words)
    is_awaited = AREA in awaited
    used = {place for number in rooms.numbers for place in range(number.start, number.end + 2)}
    if area := read_area(split, text, is_awaited=is_awaited and not says_nothing, used=used):
        told[AREA] = area
    return told


def _from_context(words: str, acts: Collection[Act], pending: str) -> Told | None:
    """What a turn means only because of the question before it."""
    for act, value in YES_NO.get(pending, {}).items():
        if act in acts:
            return Told(value=value, confidence=0.9, words=words)
    if _TELL_NOTHING.intersection(acts) or _ASKS.match(words):
        return None
    content = [word for word in words.split() if word not in _MEANINGLESS]
    if pending == "motivation" and len(content) >= 2:
        return Told(value="1", confidence=0.5, words=words)
    return None
