"""The language model's probabilities are probabilities."""

import pytest

from voice_node.speech.corpus import Phrase
from voice_node.speech.language_model import LanguageModel, learn

PHRASES = [
    Phrase(text="yes it is", count=3.0),
    Phrase(text="no it is not", count=1.0),
    Phrase(text="yes please", count=0.5),
]
MODEL = learn(PHRASES, {"the": 0.5, "it": 0.5})


def probability(model: LanguageModel, *gram: str) -> float:
    """As a decoder reads the model: the longest match, or back off."""
    if len(gram) == 1:
        return model.words[gram]
    table = model.triples if len(gram) == 3 else model.pairs
    if gram in table:
        return table[gram]
    return model.backoff.get(gram[:-1], 1.0) * probability(model, *gram[1:])


@pytest.mark.parametrize("history", [(), ("<s>",), ("it",), ("the",), ("yes", "it"), ("it", "is"), ("no", "please")])
def test_what_can_follow_adds_up_to_one(history: tuple[str, ...]) -> None:
    following = [word for (word,) in MODEL.words if word != "<s>"]
    assert sum(probability(MODEL, *history, word) for word in following) == pytest.approx(1.0)


def test_what_was_said_is_likelier_than_what_was_not() -> None:
    assert probability(MODEL, "<s>", "yes", "it") > probability(MODEL, "<s>", "yes", "the")


def test_generic_words_can_be_heard() -> None:
    assert MODEL.words[("the",)] > 0


def test_the_arpa_form_counts_its_own_lines() -> None:
    text = MODEL.arpa()
    assert f"ngram 3={len(MODEL.triples)}\n" in text
    assert text.count("\n") > len(MODEL.words) + len(MODEL.pairs) + len(MODEL.triples)
    assert text.endswith("\\end\\\n")
