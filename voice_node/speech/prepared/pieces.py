"""A text in the pieces that can be prepared: its sentences, and the first clause of a sentence."""

import re

from shared.conversation.wording import SENTENCE_END

HEAD = re.compile(r"(?P<head>.{3,}?[,;:])\s+(?P<rest>\S.*)", re.DOTALL)


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order."""
    return [sentence for sentence in SENTENCE_END.split(" ".join(text.split())) if sentence]


def head_and_rest(sentence: str) -> tuple[str, str] | None:
    """The first clause of a sentence and what follows it; ``None`` for a sentence of one clause."""
    found = HEAD.fullmatch(sentence)
    return (found["head"], found["rest"]) if found else None
