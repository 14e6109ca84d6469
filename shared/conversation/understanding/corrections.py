"""Where a person takes back what they said: "no, tuesday", "i meant four hundred", "scratch that, make it three"."""

import re

_TAKEN_BACK = re.compile(
    r"(?<= )(?:no wait|wait no|oh wait|no sorry|sorry no|no actually|actually no|no i mean|i mean|i meant|no make (?:it|that)|"
    r"make (?:it|that)|change (?:it|that) to|scratch that|strike that|forget that|or rather|let us say|correction|"
    r"actually|no|sorry|rather|instead) (?=\S)"
)


def last_word(words: str) -> str:
    """What follows the last place where plain ``words`` take something back; empty when they take nothing back."""
    text = f" {words}"
    found = None
    for match in _TAKEN_BACK.finditer(text):
        found = match
    return text[found.end() :].strip() if found and found.start() > 1 else ""
