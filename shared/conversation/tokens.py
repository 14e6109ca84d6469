"""How many tokens a text is at most, without any model's tokenizer.

Tokenizers of today's models split text into words, runs of digits, signs and line ends first, and each of these into
pieces. English words are one piece with a large vocabulary, rarely two; names are more. Counted here: one piece for
every three letters of a word, every two of a very long one, two for every three of a name, one for every letter of a
word in capitals, every digit, every sign, every line end, and every byte of what is not ASCII. In English that is about
one and a half times what a model counts, and never less.
"""

import re
from collections.abc import Iterator

PER_MESSAGE = 8
"""What the marks around one message of a chat take."""
_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[A-Z]|[0-9]|[^\x00-\x7f]+|\n| {2,}|[^ A-Za-z0-9]")
_CUT = " … "
_LONG = 12


def tokens(text: str) -> int:
    """An upper bound for the tokens of a text."""
    return sum(map(_weight, _PIECE.findall(text)))


def clipped(text: str, most: int) -> str:
    """The text within ``most`` tokens: where it is longer its middle is left out, for the last words count most."""
    if tokens(text) <= most:
        return text
    words = text.split()
    room = most - tokens(_CUT)
    end = _fitting(reversed(words), room * 2 // 3)
    if not end:
        return ""
    start = _fitting(iter(words[: len(words) - end]), room - room * 2 // 3)
    return f"{' '.join(words[:start])}{_CUT}{' '.join(words[len(words) - end :])}".strip()


def _fitting(words: Iterator[str], room: int) -> int:
    """How many of the words fit."""
    count = 0
    for word in words:
        room -= tokens(word)
        if room < 0:
            break
        count += 1
    return count


def _weight(piece: str) -> int:
    if not piece.isascii():
        return len(piece.encode())
    if not piece.isalpha():
        return 1
    if piece.isupper():
        return len(piece)
    if not piece.islower():
        return -(-2 * len(piece) // 3)
    return -(-len(piece) // (3 if len(piece) <= _LONG else 2))
