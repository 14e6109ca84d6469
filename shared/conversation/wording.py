"""A model's words as they come, by sentences: what may be spoken is; where it may not, the script goes on."""

import re
from collections.abc import Iterable, Mapping, Sequence

from shared.conversation.claims import MOST_WORDS, Evidence

SENTENCE_END = re.compile(
    r"(?<!\b[ap]\.m\.)(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bSt\.)(?<!\bAve\.)(?<=[.!?…])\s+"
)

_FIRST_CLAUSE = re.compile(
    r"(?!(?:if|when|while|since|because|as|before|after|although|unless)\b)(\S+ [^.!?]*?,)\s+", re.I
)
"""Two words or more, and none that make no sense should the rest not be spoken."""
_PLACE = re.compile(r"\{(\w+)\}")


class Wording:
    """One answer of a model in place of ``scripted`` sentences. A question ends it; one that is asked is asked once.

    Of the very first sentence the first clause is spoken as soon as it is there: that is when they wait.
    A sentence with a problem is not spoken, nor is anything behind it: the script says all of its own when nothing
    was spoken yet, otherwise its last sentence, if that is a question. The same when the model leaves out the question.

    Args:
        scripted: What would be said without a model.
        data: Facts the model was given; their numbers and days may be said.
        asks: Other ways to put the question at the end.
        places: What stands for a name in curly brackets; one that is not among them is a problem.
    """

    def __init__(
        self,
        scripted: Sequence[str],
        *,
        data: Iterable[str] = (),
        asks: Iterable[str] = (),
        places: Mapping[str, str] | None = None,
    ) -> None:
        self._scripted = tuple(scripted)
        self._evidence = Evidence(self._scripted, data=data, asks=asks)
        self._places = places or {}
        self._written: list[str] = []
        self._is_whole = True
        self._asks = " ".join(scripted).strip().endswith("?")
        self._unjudged = ""
        self._spoken: list[str] = []
        self.is_over = False

    def take(self, piece: str) -> tuple[str, ...]:
        """What may be spoken now that the model wrote on."""
        self._unjudged += piece.replace('"', "")
        *whole, self._unjudged = SENTENCE_END.split(self._unjudged.lstrip())
        if not whole and not self._spoken and (clause := _FIRST_CLAUSE.match(self._unjudged)):
            whole, self._unjudged = [clause[1]], self._unjudged[clause.end() :]
        return tuple(text for sentence in whole for text in self._judged(sentence))

    def finish(self) -> tuple[str, ...]:
        """The rest: the model wrote its last, or was given up."""
        last, self._unjudged = self._unjudged.strip(), ""
        said = self._judged(last) if last else ()
        if self.is_over:
            return said
        self.is_over = True
        self._is_whole = self._is_whole and not self._asks
        return (*said, *self._script())

    def give_up(self) -> tuple[str, ...]:
        """What is said instead of what the model has not written yet; half a sentence is not spoken."""
        self._unjudged = ""
        self._is_whole = self._is_whole and self.is_over
        return self.finish()

    @property
    def kept(self) -> str | None:
        """The model's words as it wrote them, placeholders and all, where every one of them was spoken."""
        return " ".join(self._written) if self.is_over and self._is_whole and self._written else None

    def _judged(self, sentence: str) -> tuple[str, ...]:
        if self.is_over:
            return ()
        written = " ".join(sentence.split())
        sentence = _PLACE.sub(lambda match: self._places.get(match[1], match[0]), written)
        asks = sentence.endswith("?")
        is_too_long = len(" ".join((*self._spoken, sentence)).split()) > MOST_WORDS
        if is_too_long or (asks and not self._asks) or self._evidence.problems(sentence, begun=self._begun):
            self.is_over, self._is_whole = True, False
            return self._script()
        self.is_over = asks
        self._spoken.append(sentence)
        self._written.append(written)
        return (sentence,)

    @property
    def _begun(self) -> str:
        """The clause that was spoken of the sentence that goes on."""
        return self._spoken[-1] if self._spoken and self._spoken[-1].endswith(",") else ""

    def _script(self) -> tuple[str, ...]:
        if not self._spoken:
            return self._scripted
        return self._scripted[-1:] if self._asks else ()
