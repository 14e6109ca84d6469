"""Text in pieces short enough to synthesise one at a time, each with the pause that follows it."""

import re
from dataclasses import dataclass

from shared.conversation.wording import SENTENCE_END

CLAUSE_END = re.compile(r"(?<=[,;:])\s+")
LONGEST_UNBROKEN = 90
SENTENCE_PAUSE_MS, CLAUSE_PAUSE_MS, LAST_PAUSE_MS = 260, 110, 40


@dataclass(frozen=True, kw_only=True)
class Clause:
    """A piece of text to say at once, and the silence after it in milliseconds."""

    text: str
    pause_ms: int


def split_clauses(text: str) -> list[Clause]:
    """The text as clauses: whole sentences, and long sentences at their commas.

    A sentence is synthesised as a whole when it can be: the melody is better.
    """
    clauses: list[Clause] = []
    for sentence in SENTENCE_END.split(" ".join(text.split())):
        pieces = CLAUSE_END.split(sentence) if len(sentence) > LONGEST_UNBROKEN else [sentence]
        clauses += [Clause(text=piece, pause_ms=CLAUSE_PAUSE_MS) for piece in pieces[:-1] if piece]
        if pieces[-1]:
            clauses.append(Clause(text=pieces[-1], pause_ms=SENTENCE_PAUSE_MS))
    if clauses:
        clauses[-1] = Clause(text=clauses[-1].text, pause_ms=LAST_PAUSE_MS)
    return clauses
