"""Which words of ours came from the script: every phrase of it, with anything where it has a value."""

import re
from collections.abc import Iterable

from shared.campaigns import Seller
from shared.campaigns.opening import opening_text
from shared.campaigns.prompts import inbound_text, recovery_text
from shared.conversation.after.analysis import AnalysisOrder
from shared.conversation.script import Script
from shared.conversation.understanding.normal import plain
from shared.kernel.ids import SellerId

_VALUE = re.compile(r",? ?\{\w+\}")
_FILLED = r"(?:,? ?\S+(?: \S+){0,11}?)?"
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_ALIKE = 0.6
"""A question in other words has so much of the words of the script's own."""


class SpokenScript:
    """The phrases of one script as they sound."""

    def __init__(self, script: Script) -> None:
        self._script = script
        phrases = {variant for _, variants in script.templates() for variant in variants}
        self._phrases = [_pattern(phrase) for phrase in sorted(phrases, key=len, reverse=True)]

    def own_words(self, text: str, *, opening: Iterable[str] = ()) -> list[str]:
        """The sentences of ``text`` that are not the script's, nor of the ``opening`` texts."""
        for known in opening:
            text = text.replace(known, " ")
        for phrase in self._phrases:
            text = phrase.sub(" ", text)
        return [sentence.strip() for sentence in _SENTENCE.split(text) if plain(sentence)]

    def asks(self, field: str, text: str) -> bool:
        """Whether ``text`` puts the question about ``field``, in the script's words or in ones much like them."""
        variants = [*self._script.variants.get(f"ask.{field}", ()), *self._script.variants.get(f"clarify.{field}", ())]
        return any(_is_like(variant, text) for variant in variants)


def openings_of(order: AnalysisOrder) -> tuple[str, ...]:
    """The first words of the call and of its later parts, as the seller's name makes them."""
    name = order.seller_name
    seller = Seller(id=SellerId(""), registered_name=name, callback_number=order.callback_number)
    outbound = (opening_text(seller, recorded=recorded) for recorded in (True, False))
    inbound = (inbound_text(name, recorded=recorded) for recorded in (True, False))
    return (*outbound, *inbound, recovery_text(name))


def _pattern(phrase: str) -> re.Pattern[str]:
    filled = _FILLED.join(re.escape(part) for part in _VALUE.split(phrase))
    return re.compile(filled, re.IGNORECASE)


def _is_like(variant: str, text: str) -> bool:
    words, said = set(plain(_VALUE.sub(" ", variant)).split()), set(plain(text).split())
    return bool(words) and len(words & said) >= _ALIKE * len(words)
