"""A trigram language model of the corpus: interpolated Witten-Bell, written in the ARPA form.

A little of the probability goes to common words that the corpus lacks, so that a sentence
nobody foresaw is not forced into the phrases somebody did.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from voice_node.speech.corpus import Phrase

START, END = "<s>", "</s>"
GENERIC_SHARE = 0.1
LEAST = 1e-7

Gram = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LanguageModel:
    """Probabilities of one, two and three words, and the back-off weight of what precedes."""

    words: Mapping[Gram, float]
    pairs: Mapping[Gram, float]
    triples: Mapping[Gram, float]
    backoff: Mapping[Gram, float]

    def arpa(self) -> str:
        """The model as an ARPA file."""
        lines = ["\\data\\"]
        orders = (dict(sorted(self.words.items())), self.pairs, self.triples)
        lines += [f"ngram {order}={len(grams)}" for order, grams in enumerate(orders, start=1)]
        for order, grams in enumerate(orders, start=1):
            lines += ["", f"\\{order}-grams:"]
            for gram, probability in sorted(grams.items()):
                weight = f" {_log(self.backoff.get(gram, 1.0))}" if order < 3 else ""
                lines.append(f"{_log(probability)} {' '.join(gram)}{weight}")
        return "\n".join([*lines, "", "\\end\\", ""])


def learn(phrases: Iterable[Phrase], generic: Mapping[str, float]) -> LanguageModel:
    """The model of some phrases.

    Args:
        phrases: Sentences with their counts.
        generic: Relative frequencies of common words.
    """
    counts = _counted(phrases)
    words = _single_words(counts[0], generic)
    pairs = _interpolated(counts[1], words)
    triples = _interpolated(counts[2], pairs)
    backoff = {**_backoff(pairs, words), **_backoff(triples, pairs)}
    # Nobody predicts the start of a sentence; the form wants a line for it.
    return LanguageModel(words={(START,): 0.0, **words}, pairs=pairs, triples=triples, backoff=backoff)


def _counted(phrases: Iterable[Phrase]) -> Sequence[dict[Gram, float]]:
    """Counts of one, two and three words in a row."""
    counts: tuple[dict[Gram, float], dict[Gram, float], dict[Gram, float]] = ({}, {}, {})
    for phrase in phrases:
        said = [START, *phrase.text.split(), END]
        grams = (zip(said), pairwise(said), zip(said, said[1:], said[2:]))  # noqa: B905
        for table, listed in zip(counts, grams, strict=True):
            for gram in listed:
                table[gram] = table.get(gram, 0.0) + phrase.count
    del counts[0][(START,)]
    return counts


def _single_words(counts: Mapping[Gram, float], generic: Mapping[str, float]) -> dict[Gram, float]:
    """Probabilities of single words, the generic ones mixed in."""
    known, common = sum(counts.values()), sum(generic.values())
    shares = {gram: (1 - GENERIC_SHARE) * count / known for gram, count in counts.items()}
    for word, frequency in generic.items():
        shares[(word,)] = shares.get((word,), 0.0) + GENERIC_SHARE * frequency / common
    return shares


def _interpolated(counts: Mapping[Gram, float], lower: Mapping[Gram, float]) -> dict[Gram, float]:
    """Witten-Bell: the more different words follow a history, the less its counts are trusted."""
    totals: dict[Gram, float] = {}
    kinds: dict[Gram, int] = {}
    for gram, count in counts.items():
        history = gram[:-1]
        totals[history] = totals.get(history, 0.0) + count
        kinds[history] = kinds.get(history, 0) + 1
    return {
        gram: (count + kinds[gram[:-1]] * lower[gram[1:]]) / (totals[gram[:-1]] + kinds[gram[:-1]])
        for gram, count in counts.items()
    }


def _backoff(higher: Mapping[Gram, float], lower: Mapping[Gram, float]) -> dict[Gram, float]:
    """What each history leaves to words never seen after it."""
    seen: dict[Gram, float] = {}
    covered: dict[Gram, float] = {}
    for gram, probability in higher.items():
        history = gram[:-1]
        seen[history] = seen.get(history, 0.0) + probability
        covered[history] = covered.get(history, 0.0) + lower[gram[1:]]
    return {history: max(LEAST, 1 - share) / max(LEAST, 1 - covered[history]) for history, share in seen.items()}


def _log(probability: float) -> str:
    return f"{math.log10(probability):.4f}" if probability > 0 else "-99.0000"
