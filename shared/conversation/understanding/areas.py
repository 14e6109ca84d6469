"""Where a home is to be: a town that is known, a name with capitals, or what follows "in", "near" and the like."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from shared.conversation.understanding.acts import Told
from shared.conversation.understanding.days import MONTHS, WEEKDAYS
from shared.conversation.understanding.numbers import ORDINALS, SCALES, SMALL
from shared.conversation.understanding.towns import town_at
from shared.leads.places import places

AREA = "area"
KNOWN, NAMED, LIKELY, ANSWERED, UNSURE = 0.95, 0.85, 0.8, 0.7, 0.5
"""How sure a place is: a town that is known; capitals; a plain sentence about living there; an answer; less."""

_LEADS = frozenset({"in", "near", "around", "outside", "by", "to", "at", "into", "of", "for", "try", "within"})
_PLAIN_LEADS = frozenset({"in", "near", "around", "outside"})
_LIVING = frozenset({
    "live", "living", "move", "moving", "relocate", "relocating", "look", "looking", "house", "home", "place", "condo",
    "apartment", "apartments", "townhouse", "property", "properties", "something", "somewhere", "anything", "anywhere",
    "one", "search", "searching", "located", "close", "be", "rental", "bedroom", "bedrooms", "bath", "baths", "bathroom",
    "bathrooms", "it", "staying", "stay", "homes", "houses", "places", "accommodation", "closer", "find", "preferably",
    "ideally",
})  # fmt: skip
_LIKING = frozenset({"prefer", "like", "want", "try", "love", "liking", "check", "choose", "say", "need"})
_ENDS = frozenset({
    "and", "with", "that", "which", "who", "please", "for", "if", "but", "so", "where", "can", "could", "would",
    "should", "will", "it", "i", "we", "you", "they", "he", "she", "is", "are", "was", "were", "has", "have", "having",
    "do", "does", "not", "because", "since", "as", "then", "also", "too", "instead", "thanks", "thank", "now", "today",
    "by", "at", "on", "in", "to", "from", "a", "an", "my", "our", "your", "there", "here", "when", "what", "how", "or",
    "works", "work", "sounds", "must", "may", "might", "preferably", "ideally", "maybe", "just", "only", "right", "under",
    "over", "about", "around", "near", "the", "this", "some", "any", "be", "cause", "ok", "okay", "first", "though",
    "possibly", "probably", "hopefully", "soon", "again", "let", "me", "us", "no", "yes", "well", "of", "looks", "seems",
    "allowing", "allows", "being", "need", "needs", "want", "really", "great", "good", "fine",
})  # fmt: skip
_KIND = frozenset({"area", "areas", "region", "neighborhood", "neighborhoods", "vicinity"})
_NO_PLACE = (
    frozenset({
        "general", "fact", "mind", "person", "advance", "touch", "case", "total", "particular", "cash", "escrow", "town",
        "contract", "summer", "spring", "winter", "fall", "autumn", "morning", "mornings", "afternoon", "evening", "night",
        "love", "need", "trouble", "shape", "condition", "charge", "order", "half", "full", "line", "time",
        "hurry", "month", "months", "week", "weeks", "year", "years", "day", "days", "minute", "minutes", "hour", "hours",
        "later", "early", "late", "mid", "next", "last", "other", "another", "one", "ones", "noon", "schools", "school",
        "something", "somewhere", "anything", "anywhere", "everything", "nothing", "options", "visit", "visiting",
        "schedule", "see", "find", "search", "look", "looking", "apartment", "apartments", "house", "home", "property",
        "place", "places", "rent", "buy", "sell", "properties", "market", "price", "budget", "area", "areas", "city",
        "same", "his", "their", "whose", "what", "nice", "safe", "quiet", "available", "anyone", "them", "him", "her", "these", "those", "each", "every", "more", "less", "such",
    })
    | frozenset(SMALL) | frozenset(ORDINALS) | frozenset(SCALES) | frozenset(WEEKDAYS) | frozenset(MONTHS)
)  # fmt: skip
_NO_TOWN = frozenset({
    "north", "south", "east", "west", "valley", "lake", "river", "hills", "downtown", "midtown", "county", "village",
    "beach", "ocean", "bay", "mountain", "mountains", "center", "central", "forest", "college", "plains", "park",
})  # fmt: skip
"""Towns by name that are no town in most sentences."""

_SURNAMES = frozenset({
    "county", "park", "heights", "hills", "city", "springs", "beach", "valley", "falls", "ridge", "village", "grove",
    "creek", "island", "township", "parish", "estates", "gardens", "point", "oaks", "woods", "meadows", "junction",
    "crossing", "shores", "landing", "mills",
})  # fmt: skip
"""What makes the name of one place that of another: "franklin county"."""

_SMALL_PARTS = frozenset({"del", "la", "el", "st", "of", "the", "de", "los", "las"})
_CAPITAL = re.compile(r"\b[A-Z]+[a-z]*")
_ANSWER_LEAD = re.compile(
    r"^(?:(?:well|so|probably|maybe|mostly|i am|we are|i would|we would|like|love|prefer|looking|thinking|to be|it is|"
    r"anywhere|somewhere|something|in|around|near|by|close to|the|for|of|yes|yeah|i think|i guess|want|live|i|we|try|"
    r"find|it|please|actually|sorry|let us|go with|look|search|preferably|ideally|how about|what about|perhaps) )+"
)
_ANSWER_TAIL = re.compile(
    r"(?: (?:please|thanks|thank you|area|areas|works|would be|is|are|great|good|fine|best|nice|for me|ideal|perfect|ideally|preferably|if possible|i think|i guess|mostly|neighborhood|would|work|be))+$"
)
_MOST_WORDS = 4
_MEANINGLESS = frozenset({
    "yes", "no", "yeah", "okay", "well", "so", "the", "a", "i", "it", "is", "that", "and", "to", "we", "you", "know",
    "just", "uh", "um", "any", "anywhere", "do", "not", "mind", "sure", "have", "does", "matter", "care",
})  # fmt: skip


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
    capitals = _names(text)
    found: list[_Place] = []
    for start in range(len(words)):
        place = _place_at(words, start, capitals, is_awaited, used)
        if place is not None and not (found and start < found[-1].end):
            found.append(place)
    best = max(found, key=lambda place: (place.confidence, place.start), default=None)
    if best is not None and (is_awaited or best.confidence >= LIKELY):
        return Told(value=best.name, confidence=best.confidence, words=" ".join(words[best.start : best.end]))
    return _answer(words, used) if is_awaited else None


def _names(text: str) -> frozenset[str]:
    """The words with capitals, but for those that start a sentence and nothing else."""
    is_shouted = text.isupper()
    return frozenset(each.lower() for each in _CAPITAL.findall(text)) if not is_shouted else frozenset()


def _place_at(
    words: Sequence[str], start: int, capitals: Collection[str], is_awaited: bool, used: Collection[int]
) -> _Place | None:
    """The place whose name starts at ``start``, as sure as what leads to it."""
    word = words[start]
    if start in used or word in _ENDS or word in _KIND or (start and words[start - 1] == "not"):
        return None
    town, length = town_at(words, start)
    if town in _NO_TOWN:
        town, length = "", 0
    if town and words[start + length : start + length + 1] and words[start + length] in _SURNAMES:
        town, length = f"{town} {words[start + length]}", length + 1
    end = start + (length or _length(words, start, used))
    named = all(each in capitals or each in _SMALL_PARTS for each in words[start:end]) and end > start
    lead, is_living = _lead(words, start)
    if end == start or (word in _NO_PLACE and not (town and named and lead)):
        return None
    is_kind = end < len(words) and words[end] in _KIND
    is_liked = bool(start) and words[start - 1] in _LIKING
    is_led = bool(lead) or is_liked
    confidence = 0.0
    if town and (is_living or is_kind or (named and is_led) or (is_awaited and is_led)):
        confidence = LIKELY if places().state_called(town) else KNOWN
    elif named and (is_living or is_kind or (is_awaited and is_led)):
        confidence = NAMED
    elif town and is_awaited:
        confidence = LIKELY
    elif is_awaited and (lead in _PLAIN_LEADS or is_living or is_kind):
        confidence = ANSWERED
    name = town or " ".join(words[start:end])
    return _Place(start=start, end=end, name=name, confidence=confidence) if confidence else None


def _lead(words: Sequence[str], start: int) -> tuple[str, bool]:
    """The preposition before ``start``, and whether the words before it speak of living or looking there."""
    place = start - 1
    while place > 0 and words[place] in ("the", "downtown", "south", "north", "east", "west", "of", "city", "area"):
        place -= 1
    lead = words[place] if place >= 0 and words[place] in _LEADS else ""
    before = words[max(0, place - 2) : place]
    return lead, bool(lead) and any(word in _LIVING or word in SMALL or word.isdigit() for word in before)


def _length(words: Sequence[str], start: int, used: Collection[int]) -> int:
    """How many words a name takes that is in no list: up to what ends it."""
    end = start
    while end < min(len(words), start + _MOST_WORDS) and end not in used:
        if words[end] in _ENDS or words[end] in _KIND or (words[end] in _NO_PLACE and end > start):
            break
        end += 1
    return end - start


def _answer(words: Sequence[str], used: Collection[int]) -> Told | None:
    """The whole turn as an answer, when nothing in it looks like a place."""
    rest = [word for place, word in enumerate(words) if place not in used]
    if not [word for word in rest if word not in _MEANINGLESS]:
        return None
    said = _ANSWER_TAIL.sub("", _ANSWER_LEAD.sub("", f"{' '.join(rest)} ").strip()) or " ".join(rest)
    is_long = len(said.split()) > _MOST_WORDS
    return Told(value=said, confidence=UNSURE if is_long else ANSWERED, words=said)
