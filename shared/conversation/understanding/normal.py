"""Plain words from recognised text: one form for contractions, no fillers, no punctuation."""

import re

_WORD = re.compile(r"[0-9]+(?:[.:][0-9]+)?|[a-z~][a-z0-9'~%]*|[^\W\d_]+")
_GLUED = re.compile(r"([0-9])(am|pm|k|m|th|st|nd|rd)\b")
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3})")
_SPLIT_HALF = re.compile(r"\b([ap])\.? ?m\b\.?")
_ENDINGS = (("n't", " not"), ("'m", " am"), ("'re", " are"), ("'ll", " will"), ("'ve", " have"), ("'d", " would"))
_IS = frozenset({
    "it", "that", "what", "who", "there", "here", "he", "she", "how", "where", "when", "why", "name",
    "everything", "which", "this",
})  # fmt: skip
_WHOLE = {
    "can't": "can not", "won't": "will not", "let's": "let us", "y'all": "you all", "o'clock": "oclock",
    "dont": "do not", "cant": "can not", "wont": "will not", "im": "i am", "ive": "i have", "thats": "that is",
    "whats": "what is", "its": "it is", "isnt": "is not", "doesnt": "does not", "didnt": "did not", "youre": "you are",
    "whos": "who is", "theyre": "they are", "wanna": "want to", "gonna": "going to", "gotta": "got to",
    "ok": "okay", "yea": "yeah", "ya": "yeah", "yup": "yeah", "mom's": "moms", "ain't": "is not", "cannot": "can not",
    "preapproved": "pre approved", "prequalified": "pre qualified", "realtors": "realtor", "goodbye": "bye",
    "alright": "okay", "gimme": "give me", "lemme": "let me", "email": "e mail", "emails": "e mail",
}  # fmt: skip
_JOINED = (
    ("uh huh", "yes"), ("mm hmm", "yes"), ("mhm", "yes"), ("mm hm", "yes"), ("uh uh", "no"), ("nuh uh", "no"),
    ("good bye", "bye"), ("all right", "okay"), ("a couple of", "two"), ("a couple", "two"), ("couple of", "two"),
    ("o clock", "oclock"), ("any time", "anytime"), ("any one", "anyone"), ("any more", "anymore"),
    ("choose day", "tuesday"), ("wends day", "wednesday"), ("when's day", "wednesday"), ("thirst day", "thursday"),
    ("thurs day", "thursday"), ("fry day", "friday"), ("sadder day", "saturday"), ("satur day", "saturday"),
    ("sun day", "sunday"), ("mon day", "monday"), ("to morrow", "tomorrow"), ("week end", "weekend"),
)  # fmt: skip
_FILLERS = frozenset({"um", "uh", "er", "erm", "ah", "hmm", "mm", "huh", "umm", "uhm"})


def plain(text: str) -> str:
    """The words of ``text`` in plain form, single spaces between, nothing around."""
    lowered = _THOUSANDS.sub("", text.lower().replace("’", "'").replace("e-mail", "email"))
    lowered = re.sub(r"\bi am\b", "i'm", lowered)
    lowered = _SPLIT_HALF.sub(r"\1m", _GLUED.sub(r"\1 \2", lowered))
    joined = f" {' '.join(_WORD.findall(lowered))} "
    for spoken, meant in _JOINED:
        joined = joined.replace(f" {spoken} ", f" {meant} ")
    words = [_long_form(word) for word in joined.split() if word not in _FILLERS]
    return " ".join(word for place, word in enumerate(words) if word != "s" or _is_spelled(words, place))


def _is_spelled(words: list[str], place: int) -> bool:
    """Whether a lone letter is one of several, and not what is left of "it 's"."""
    beside = [*words[max(0, place - 1) : place], *words[place + 1 : place + 2]]
    return words[place + 1 : place + 3] == ["as", "in"] or any(len(word) == 1 and word.isalpha() for word in beside)


def _long_form(word: str) -> str:
    if word in _WHOLE:
        return _WHOLE[word]
    for ending, long in _ENDINGS:
        if word.endswith(ending):
            return word.removesuffix(ending) + long
    if word.endswith("'s"):
        stem = word.removesuffix("'s")
        return f"{stem} is" if stem in _IS else f"{stem}s"
    return word.replace("'", "")
