"""Where a person takes back what they said: "no, tuesday", "i meant four hundred", "scratch that, make it three"."""

import re

_MARKS = (
    "no wait", "wait no", "oh wait", "no sorry", "sorry no", "no actually", "actually no", "no i mean", "i mean",
    "i meant", "no make it", "no make that", "make it", "make that", "change it to", "change that to", "scratch that",
    "strike that", "forget that", "or rather", "let us say", "correction", "actually", "no", "sorry", "rather",
    "instead",
)  # fmt: skip
_TAKEN_BACK = re.compile(rf"(?<= )(?:{'|'.join(_MARKS)}) (?=\S)")


def last_word(words: str) -> str:
    """What follows the last place where plain ``words`` take something back; empty when they take nothing back."""
    text = f" {words}"
    found = None
    for match in _TAKEN_BACK.finditer(text):
        found = match
    return text[found.end() :].strip() if found and found.start() > 1 else ""
