"""How words sound: the wheel's dictionary and a few of our own, cut down to the words in use."""

from collections.abc import Collection
from pathlib import Path

from shared.kernel.errors import Malformed
from voice_node.speech.corpus import PHRASES

OWN_WORDS = "pronunciations.dict"


class Unpronounceable(Malformed):
    """Phrases use words that no dictionary has."""

    def __init__(self, words: Collection[str]) -> None:
        listed = ", ".join(sorted(words))
        super().__init__(f"no pronunciation for: {listed}; add them to phrases/{OWN_WORDS}")
        self.words = frozenset(words)


def dictionary_for(words: Collection[str], full: Path) -> str:
    """The entries of ``words``, all their variants, in the form the decoder reads.

    A dictionary of a thousand words loads in 15 ms; the full one takes seconds and 40 MB.

    Args:
        words: What must be there.
        full: The decoder's own dictionary file.

    Raises:
        Unpronounceable: A word has no entry.
    """
    wanted, entries, found = frozenset(words), [], set()
    for line in _lines(full):
        word = _word(line)
        if word in wanted:
            entries.append(line)
            found.add(word)
    if missing := wanted - found:
        raise Unpronounceable(missing)
    return "\n".join(dict.fromkeys(entries)) + "\n"


def known_words(full: Path) -> frozenset[str]:
    """Every word that has a pronunciation; ``full`` is the decoder's own dictionary file."""
    return frozenset(map(_word, _lines(full)))


def _lines(full: Path) -> list[str]:
    own = (PHRASES / OWN_WORDS).read_text(encoding="utf-8")
    return [*full.read_text(encoding="utf-8").splitlines(), *own.splitlines()]


def _word(line: str) -> str:
    return line.partition(" ")[0].partition("(")[0]
