"""Written text as the words a person says: the one form that the corpus, transcripts and scores share."""

import re

ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SCALES = ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred"))
ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
            "nine": "ninth", "twelve": "twelfth"}  # fmt: skip
SAME_WORD = {"ok": "okay", "mr": "mister", "mrs": "missus", "dr": "doctor", "e-mail": "email",
             "pm": "p.m.", "alright": "all right", "&": "and", "%": "percent"}  # fmt: skip
WRITTEN_TOGETHER = {"pre approv": "preapprov", "pre qualif": "prequalif", "after noon": "afternoon",
                    "town house": "townhouse", r"any time\b": "anytime"}  # fmt: skip
HALVES = re.compile(r"\b([ap])\.\s?m\b\.?")
HOUR_AM = re.compile(rf"\b(\d|{'|'.join(ONES[1:13])}|thirty|fifteen|five|o'clock)\s?am\b")
MONEY = re.compile(r"\$\s?([\d,.]*\d)\s?(million|thousand|k|m)?\b")
SHORT_THOUSANDS = re.compile(r"\b(\d[\d,.]*)\s?k\b")
CLOCK = re.compile(r"\b(\d{1,2}):(\d\d)\b")
ORDINAL = re.compile(r"\b(\d{1,3})(?:st|nd|rd|th)\b")
DECIMAL = re.compile(r"\b(\d+)\.(\d+)\b")
INTEGER = re.compile(r"\d[\d,]*")
WORD = re.compile(r"[ap]\.m\.|[a-z]+(?:'[a-z]+)*'?|[&%]")


def number_words(number: int) -> str:
    """A whole number from 0 to 999,999,999 in words, American style without ``and``."""
    if number < len(ONES):
        return ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return TENS[tens - 2] + (f" {ONES[ones]}" if ones else "")
    for size, name in SCALES:
        if number >= size:
            many, rest = divmod(number, size)
            return f"{number_words(many)} {name}" + (f" {number_words(rest)}" if rest else "")
    raise AssertionError("every number above 99 has a scale")


def ordinal_words(number: int) -> str:
    """A whole number as a position: ``21`` is ``twenty first``."""
    *head, last = number_words(number).split()
    if last in ORDINALS:
        return " ".join([*head, ORDINALS[last]])
    return " ".join([*head, last[:-1] + "ieth" if last.endswith("y") else last + "th"])


def spoken(text: str) -> str:
    """The text in lower case, numbers as words, no punctuation; ``a.m.`` and ``p.m.`` keep their dots."""
    line = text.lower().replace("’", "'").replace("‘", "'")
    line = HALVES.sub(r" \1.m. ", line)
    line = HOUR_AM.sub(r"\1 a.m. ", line)
    line = MONEY.sub(_money, line)
    line = SHORT_THOUSANDS.sub(r"\1 thousand", line)
    line = CLOCK.sub(_clock, line)
    line = ORDINAL.sub(lambda found: ordinal_words(int(found[1])), line)
    line = DECIMAL.sub(lambda found: f"{found[1]} point {' '.join(found[2])}", line)
    line = INTEGER.sub(lambda found: f" {number_words(int(found[0].replace(',', '')) % 10**9)} ", line)
    line = line.replace("e-mail", "email").replace("good-bye", "goodbye")
    words = " ".join(SAME_WORD.get(word, word) for word in WORD.findall(line))
    for apart, together in WRITTEN_TOGETHER.items():
        words = re.sub(rf"\b{apart}", together, words)
    return words


def _money(found: re.Match[str]) -> str:
    scale = {"k": "thousand", "m": "million"}.get(found[2] or "", found[2] or "")
    return f"{found[1]} {scale} dollars"


def _clock(found: re.Match[str]) -> str:
    minutes = int(found[2])
    if minutes == 0:
        return found[1]
    return f"{found[1]} {'oh ' if minutes < 10 else ''}{minutes}"
