"""Where to go on with a text whose speech broke off."""

import re

from shared.conversation.wording import SENTENCE_END

CLAUSE_OR_SENTENCE_END = re.compile(rf"{SENTENCE_END.pattern}|(?<=[,;:])\s+")
SLOW_CHARACTERS_A_SECOND = 12.0
"""Slower than any of the voices speaks: what a count of seconds gives as said has been said."""


def rest_of(text: str, *, seconds: float, spoken: int | None = None) -> str:
    """The text from the clause in which the speech broke off; whole when nothing was heard.

    Args:
        text: What was to be said.
        seconds: How much of it sounded.
        spoken: How many of its characters sounded, where the engine told; otherwise it is judged by the seconds.
    """
    if seconds <= 0:
        return text.strip()
    reached = spoken if spoken is not None else int(seconds * SLOW_CHARACTERS_A_SECOND)
    if spoken is not None and reached >= len(text.rstrip()):
        return ""
    begins = 0
    for end in CLAUSE_OR_SENTENCE_END.finditer(text):
        if end.end() > reached:
            break
        begins = end.end()
    return text[begins:].strip()
