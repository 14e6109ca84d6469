"""How much of a changing guess can be relied on: the words that two guesses in a row agree on."""

from collections.abc import Sequence
from itertools import takewhile

Words = tuple[str, ...]


class StablePrefix:
    """Follows the guesses at one utterance, each made over more sound than the one before.

    What was once given out stays as it is: later guesses only add to it.
    """

    def __init__(self) -> None:
        self._last: Words = ()
        self._agreed: Words = ()

    @property
    def words(self) -> Words:
        """The words that are relied on."""
        return self._agreed

    def update(self, guess: Sequence[str]) -> Words:
        """Take the next guess; returns the words that are relied on now."""
        words = tuple(guess)
        common = common_prefix(self._last, words)
        self._last = words
        if len(common) > len(self._agreed) and common[: len(self._agreed)] == self._agreed:
            self._agreed = common
        return self._agreed


def common_prefix(one: Words, other: Words) -> Words:
    """The words with which both begin."""
    return tuple(word for word, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
