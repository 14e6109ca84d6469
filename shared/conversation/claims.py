"""Whether a model's words may be spoken: nothing that code did not give it, nothing left open."""

import re
from collections.abc import Iterable, Iterator, Sequence

from shared.conversation.claim_words import claim_words, root
from shared.conversation.understanding.normal import plain

MOST_WORDS = 35
EMPTY, PLACEHOLDER, FORBIDDEN = "empty", "placeholder", "forbidden claim"
NUMBER, DATE, NAME = "number that is not in the data", "date that is not in the data", "name that is not in the data"
QUESTION, WORD = "another question", "word that is not in the data"

_MARKUP = re.compile(
    r"[\[\]{}<>|*_#`\\()~=^]|\bX{2,}\b|\b(?:insert|placeholder)\b|https?:|www\.|\.(?:com|net|org)\b|@|[A-Z]{4,}"
    r"|^\W*\w+\s*:|\n|[^\x00-\x7f‘’“”–—…À-ɏ]",
)
_MONEY = re.compile(r"[$€£¥%]")
_NUMERAL = re.compile(r"\d")
_NAME = re.compile(r"(?<=[a-z0-9,;:–—-] )[‘']?([A-Z][\w’'-]*)")
_ADDRESSED = re.compile(r"^\W*([A-Z][\w’-]*)(?:,| -| –| —)")
_MONTH_OR_VERB = re.compile(r"\b(?:in|by|until|till|of|during|before|after|since|next|early|late|mid) (?:may|march)\b")
_QUESTION_BEGINS = re.compile(
    r"(?:^|\b(?:and|also|plus|or) |[,;–—-] )(?:(?:and|or|so|then|also|now|just) )*"
    r"(?:what|when|where|who|whom|whose|which|why|how|do|does|did|are|is|was|have|has|would|could|can|will|should)\b"
)
_VAGUE = re.compile(r"\b(?:a )?couple (?:of )?(?:more )?(?:quick |short |brief |small )*(?:questions|things)\b", re.I)
_GOOD_DAY = re.compile(r"\b(?:your|good|great|nice|lovely|wonderful) day\b")
_ASKING = re.compile(
    r"\?|\bright$|^(?:what|when|where|who|why|how|which|is|are|was|do|does|did|can|could|will|would|should|has|have|may)\b"
    r"|\b(?:is|are|do|does|did|can|could|will|would|should|has|have) (?:you|it|they|we|i|there|the|this|that|he|she)\b"
)
_NEVER = re.compile(
    r"\b(?:guarantee\w*|promise\w*|appraisal|worth|valued at|market value|interest rate|i am (?:a )?(?:human|real)|"
    r"i'm (?:a )?(?:human|real)|not (?:a )?(?:robot|bot|ai|machine)|safe (?:area|neighborhood)|good schools?|booked|"
    r"confirmed|scheduled|removed)\b",
    re.IGNORECASE,
)


class Evidence:
    """What one answer of a model is held against.

    Args:
        scripted: What would be said without a model. It may say what is forbidden otherwise.
        data: Facts the model was given: their numbers, days, names and words may be said.
        asks: Other ways to put the question at the end.
    """

    def __init__(self, scripted: Sequence[str], *, data: Iterable[str] = (), asks: Iterable[str] = ()) -> None:
        self._words = claim_words()
        facts = tuple(data)
        script = plain(" ".join(scripted)).split()
        asked = plain(" ".join(asks)).split()
        self._script = f" {' '.join(script)} "
        self._allowed = frozenset(map(root, (*script, *asked)))
        self._known = frozenset((*script, *asked, *(word for text in facts for word in plain(text).split())))
        self._roots = frozenset(map(root, self._known))
        self._was_asked = any(_ASKING.search(text.lower()) for text in facts)
        self._signs = frozenset(_MONEY.findall(" ".join(scripted)))
        questions = [text for text in scripted if text.rstrip().endswith("?")]
        self._about = self._matter((*plain(" ".join(questions)).split(), *asked)) if questions else frozenset()
        self._most_asked = max([1, *(len(_QUESTION_BEGINS.findall(text.lower())) for text in (*questions, *asks))])

    def problems(self, sentence: str, *, begun: str = "") -> tuple[str, ...]:
        """What forbids speaking a sentence, or the rest of one that began with ``begun``; empty when nothing does."""
        return tuple(dict.fromkeys(self._found(sentence, begun)))

    def _found(self, sentence: str, begun: str) -> Iterator[str]:
        words = plain(_VAGUE.sub("some questions", sentence)).split()
        if not words:
            yield EMPTY
        if _MARKUP.search(sentence):
            yield PLACEHOLDER
        yield from self._numbers(sentence, words)
        yield from self._days(words)
        yield from self._names(sentence)
        yield from self._claims(words)
        yield from self._questions(sentence, (*plain(begun).split(), *words))
        if any(root(word) not in self._roots and root(word) not in self._words.everyday for word in words):
            yield WORD

    def _numbers(self, sentence: str, words: Sequence[str]) -> Iterator[str]:
        figures = self._words.figures
        if any((word in figures or _NUMERAL.match(word)) and word not in self._known for word in words):
            yield NUMBER
        if not self._signs.issuperset(_MONEY.findall(sentence)):
            yield NUMBER

    def _days(self, words: Sequence[str]) -> Iterator[str]:
        named = [word for word in words if word in self._words.days and not self._is_known(word)]
        text = " ".join(words)
        if any(word != "day" for word in named) or (named and not _GOOD_DAY.search(text)):
            yield DATE
        if (found := _MONTH_OR_VERB.search(text)) and found[0].split()[-1] not in self._known:
            yield DATE

    def _is_known(self, word: str) -> bool:
        return not self._known.isdisjoint((word, f"{word}s", word.removesuffix("s")))

    def _names(self, sentence: str) -> Iterator[str]:
        named = [name for name in _NAME.findall(sentence) if name[:1] != "I" or name[1:2].isalpha()]
        if addressed := _ADDRESSED.match(sentence):
            named.append(addressed[1])
        told = (word for name in named if name.lower() not in self._words.openers for word in plain(name).split())
        if any(root(word) not in self._roots for word in told):
            yield NAME

    def _claims(self, words: Sequence[str]) -> Iterator[str]:
        text = f" {' '.join(words)} "
        if any(word in self._words.banned and root(word) not in self._allowed for word in words):
            yield FORBIDDEN
        for pattern in self._words.phrases(words, was_asked=self._was_asked):
            if (match := pattern.search(text)) and match[0] not in self._script:
                yield FORBIDDEN

    def _questions(self, sentence: str, words: Sequence[str]) -> Iterator[str]:
        if "?" not in sentence:
            return
        asked = len(_QUESTION_BEGINS.findall(sentence.lower()))
        is_beside_it = bool(self._about) and not self._about & self._matter(words)
        if sentence.count("?") > 1 or asked > self._most_asked or is_beside_it:
            yield QUESTION

    def _matter(self, words: Iterable[str]) -> frozenset[str]:
        return frozenset(each for word in words if (each := root(word)) not in self._words.empty)


def problems(sentence: str, *, scripted: Sequence[str], data: Iterable[str] = ()) -> tuple[str, ...]:
    """What forbids speaking one sentence, see ``Evidence``; empty when nothing does."""
    return Evidence(scripted, data=data).problems(sentence)


def claims_too_much(text: str) -> bool:
    """Whether a text claims what no call may, whoever wrote it: a promise, a value, a booking, or to be human."""
    return _NEVER.search(text) is not None
