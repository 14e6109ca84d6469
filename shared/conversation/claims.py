"""Whether a model's words may be spoken: nothing that code did not give it, nothing left open."""

import re
from collections.abc import Iterable, Sequence

from shared.conversation.understanding.days import MONTHS, WEEKDAYS
from shared.conversation.understanding.normal import plain
from shared.conversation.understanding.numbers import ORDINALS, SCALES, SMALL

MOST_WORDS = 35
_PLACEHOLDER = re.compile(r"[\[\]{}<>|*_#`\\]|\bX{2,}\b|\b(?:insert|placeholder)\b", re.IGNORECASE)
_FORBIDDEN = re.compile(
    r"\b(?:guarantee\w*|promise\w*|appraisal|worth|valued at|market value|interest rate|i am (?:a )?(?:human|real)|"
    r"i'm (?:a )?(?:human|real)|not (?:a )?(?:robot|bot|ai|machine)|safe (?:area|neighborhood)|good schools?|booked|"
    r"confirmed|scheduled|removed|assistant:|user:|as a language model)\b",
    re.IGNORECASE,
)
_WHEN = frozenset(WEEKDAYS) | frozenset(MONTHS) - {"may", "march"} | {"today", "tomorrow", "tonight", "noon", "oclock"}
_FIGURES = (frozenset(SMALL) | frozenset(ORDINALS) | frozenset(SCALES)) - {"one", "first", "second", "k"}


def problems(sentence: str, *, scripted: Sequence[str], data: Iterable[str] = ()) -> tuple[str, ...]:
    """What forbids speaking a sentence in place of the ``scripted`` ones; empty when nothing does.

    Args:
        sentence: What the model wrote.
        scripted: What would be said without a model.
        data: Facts the model was given; their numbers and days may be said.
    """
    known = set(plain(" ".join((*scripted, *data))).split())
    words = plain(sentence).split()
    found = []
    if not words:
        found.append("empty")
    if _PLACEHOLDER.search(sentence):
        found.append("placeholder")
    if _FORBIDDEN.search(sentence):
        found.append("forbidden claim")
    if any((word in _FIGURES or word[0].isdigit()) and word not in known for word in words) or "$" in sentence:
        found.append("number that is not in the data")
    if any(word in _WHEN and word not in known for word in words):
        found.append("date that is not in the data")
    return tuple(found)
