"""Where a home is to be: a town that is known, a name with capitals, or what follows "in", "near" and the like."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from shared.conversation.understanding.acts import Told
from shared.conversation.understanding.area_words import area_words
from shared.conversation.understanding.numbers import SMALL
from shared.conversation.understanding.towns import town_at
from shared.leads.places import places

AREA = "area"
KNOWN, NAMED, LIKELY, ANSWERED, UNSURE = 0.95, 0.85, 0.8, 0.7, 0.5
"""How sure a place is: a town that is known; capitals; a plain sentence about living there; an answer; less."""

_CAPITAL = re.compile(r"\b[A-Z]+[a-z]*")
_BETWEEN = frozenset({"the", "downtown", "south", "north", "east", "west", "of", "city", "area"})
_MOST_WORDS = 4


@dataclass(frozen=True, kw_only=True)
class _Turn:
    """The words of a turn; ``used`` are the places of those that say something else."""

    words: Sequence[str]
    capitals: frozenset[str]
    is_awaited: bool
    used: Collection[int]

    def word(self, place: int) -> str:
        return self.words[place] if 0 <= place < len(self.words) else ""


@dataclass(frozen=True, kw_only=True)
class _Place:
    start: int
    end: int
    name: str
    confidence: float


def read_area(words: Sequence[str], text: str, *, is_awaited: bool, used: Collection[int] = ()) -> Told | None:
    """The place that plain ``words`` name.

    Args:
        words: Plain words.
        text: The same as it was recognised: capitals tell names, where there are any.
        is_awaited: Whether we asked where.
        used: The words that say something else, by their places.
    """
    capitals = frozenset() if text.isupper() else frozenset(each.lower() for each in _CAPITAL.findall(text))
    turn = _Turn(words=words, capitals=capitals, is_awaited=is_awaited, used=used)
    found: list[_Place] = []
    for start in range(len(words)):
        place = _place_at(turn, start)
        if place is not None and not (found and start < found[-1].end):
            found.append(place)
    best = max(found, key=lambda place: (place.confidence, place.start), default=None)
    if best is not None and (is_awaited or best.confidence >= LIKELY):
        return Told(value=best.name, confidence=best.confidence, words=" ".join(words[best.start : best.end]))
    return _answer(turn) if is_awaited else None


def _place_at(turn: _Turn, start: int) -> _Place | None:
    """The place whose name starts at ``start``, as sure as what leads to it."""
    known, word = area_words(), turn.word(start)
    if start in turn.used or word in known.ends or word in known.kinds or turn.word(start - 1) == "not":
        return None
    town, length = _town(turn, start)
    end = start + (length or _length(turn, start))
    is_named = end > start and all(each in turn.capitals or each in known.small_parts for each in turn.words[start:end])
    is_led, _ = _lead(turn, start)
    if end == start or (word in known.never and not (town and is_named and is_led)):
        return None
    confidence = _confidence(turn, start, end, town=town, is_named=is_named)
    name = town or " ".join(turn.words[start:end])
    return _Place(start=start, end=end, name=name, confidence=confidence) if confidence else None


def _confidence(turn: _Turn, start: int, end: int, *, town: str, is_named: bool) -> float:
    """How sure it is that the words are a place; 0 when they are none."""
    known = area_words()
    lead, is_living = _lead(turn, start)
    is_placed = is_living or turn.word(end) in known.kinds
    is_led = bool(lead) or turn.word(start - 1) in known.liking
    if town and (is_placed or (is_led and (is_named or turn.is_awaited))):
        return LIKELY if places().state_called(town) else KNOWN
    if is_named and (is_placed or (turn.is_awaited and is_led)):
        return NAMED
    if not turn.is_awaited:
        return 0.0
    if town:
        return LIKELY
    return ANSWERED if is_placed or lead in known.plain_leads else 0.0


def _town(turn: _Turn, start: int) -> tuple[str, int]:
    """The known town at ``start``, with what makes its name another's: "franklin county"."""
    town, length = town_at(turn.words, start)
    if not town or town in area_words().no_towns:
        return "", 0
    following = turn.word(start + length)
    return (f"{town} {following}", length + 1) if following in area_words().parts_of_names else (town, length)


def _lead(turn: _Turn, start: int) -> tuple[str, bool]:
    """The preposition before ``start``, and whether the words before it speak of living or looking there."""
    place = start - 1
    while place > 0 and turn.words[place] in _BETWEEN:
        place -= 1
    lead = turn.word(place) if turn.word(place) in area_words().leads else ""
    before = turn.words[max(0, place - 2) : max(0, place)]
    return lead, bool(lead) and any(word in area_words().living or word in SMALL or word.isdigit() for word in before)


def _length(turn: _Turn, start: int) -> int:
    """How many words a name takes that is in no list: up to what ends it."""
    known, end = area_words(), start
    while end < min(len(turn.words), start + _MOST_WORDS) and end not in turn.used:
        word = turn.words[end]
        if word in known.ends or word in known.kinds or (word in known.never and end > start):
            break
        end += 1
    return end - start


def _answer(turn: _Turn) -> Told | None:
    """The whole turn as an answer, when nothing in it looks like a place."""
    rest = [word for place, word in enumerate(turn.words) if place not in turn.used]
    if area_words().meaningless.issuperset(rest):
        return None
    said = area_words().around_answer.sub("", f"{' '.join(rest)} ").strip()
    said = area_words().around_answer.sub("", said) or " ".join(rest)
    confidence = UNSURE if len(said.split()) > _MOST_WORDS else ANSWERED
    return Told(value=said, confidence=confidence, words=said)
