"""Sentences that one installation expects besides those of the phrase files, as far as they can be pronounced."""

from collections.abc import Sequence
from pathlib import Path

from voice_node.speech.corpus import PHRASEBOOK_WEIGHT, TRUST, Phrase
from voice_node.speech.pronunciations import known_words
from voice_node.speech.spoken import spoken

OWN_WEIGHT = 8.0 * PHRASEBOOK_WEIGHT
"""What an installation expects it hears more often than what everybody expects."""


def own_phrases(sentences: Sequence[str], full: Path) -> tuple[Phrase, ...]:
    """Each sentence once; a word that nobody can pronounce is left out.

    Args:
        sentences: As people write them.
        full: The decoder's own dictionary file.
    """
    if not sentences:
        return ()
    known = known_words(full)
    texts = (" ".join(word for word in spoken(sentence).split() if word in known) for sentence in sentences)
    return tuple(Phrase(text=text, count=TRUST * OWN_WEIGHT) for text in dict.fromkeys(texts) if text)
