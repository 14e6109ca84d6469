"""Tokens are counted without a tokenizer, and never too few.

They are held against a tokenizer of the kind that models use (bytes in pairs), taught from a few of the project's own
texts: with a vocabulary many times smaller than a model's, it cuts finer than any of them.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from shared.conversation.tokens import clipped, tokens

ROOT = Path(__file__).parents[3]
VOCABULARY = 16_000
VARIED = [
    "How soon would you like to sell?",
    "Well, um, I mean... we've been in the house since '98, y'know, and the kids moved out, so - I dunno.",
    "1420 Willow Creek Dr., Apt. 3B, Round Rock, TX 78664-1234",
    "It's about $450,000.00 (give or take 5%), maybe 2,150 sq. ft.; call (512) 555-0123 ext. 9.",
    "ok so like the HOA fee is $75/mo & MLS says ABC-123, FYI",
    "Antidisestablishmentarianism is an extraordinarily long, uncharacteristically incomprehensible word.",
    "e.g. anna.reed+home@mail.example.com or https://www.example.com/a?b=c#d",
    "\n\n  two\n\tlines   with   spaces\n",
    "YES!!! NO??? WHAT...",
    "pre-approved, walk-in, three-bedroom, semi-detached, twenty-one",
]
UNUSUAL = [
    "José Núñez lives at 12 Rue de l'Église; his naïve fiancée Zoë doesn't.",
    "a b c d e f g h i j k l m n o p q r s t u v w x y z",
    "¿Habla español? Sí, un poco. 您好 😊",
    "Dr. Krzysztof Wojciechowski-Szczepański and Mrs. Ng",
    "supercalifragilisticexpialidocious",
]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    """A byte-level tokenizer with a small vocabulary, of the project's own code and pages."""
    small = Tokenizer(models.BPE())
    small.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    small.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    texts = (*(ROOT / "infra/decisions").glob("*.md"), *(ROOT / "shared").rglob("*.py"), ROOT / "README.md")
    small.train([str(path) for path in texts], trainer)
    return small


def pages() -> list[str]:
    """Texts that the tokenizer has not seen: what is said on calls."""
    folders = ("shared/conversation/scripts", "infra/simulator/personas")
    return [path.read_text(encoding="utf-8") for folder in folders for path in sorted((ROOT / folder).glob("*.yaml"))]


@pytest.mark.parametrize("text", VARIED)
def test_a_text_is_never_counted_too_small(tokenizer: Tokenizer, text: str) -> None:
    assert tokens(text) >= len(tokenizer.encode(text).ids)


@pytest.mark.parametrize("text", UNUSUAL)
def test_what_is_hardly_english_is_counted_nearly_in_full(tokenizer: Tokenizer, text: str) -> None:
    assert tokens(text) * 1.2 >= len(tokenizer.encode(text).ids)


def test_whole_pages_are_never_counted_too_small(tokenizer: Tokenizer) -> None:
    for page in pages():
        assert tokens(page) >= len(tokenizer.encode(page).ids)


def test_it_does_not_count_twice_too_many(tokenizer: Tokenizer) -> None:
    ratios = [tokens(page) / len(tokenizer.encode(page).ids) for page in pages()]
    assert max(ratios) < 2


@given(st.text())
def test_nothing_is_counted_as_more_than_its_bytes(text: str) -> None:
    assert 0 <= tokens(text) <= len(text.encode())


@given(st.text(), st.integers(min_value=8, max_value=300))
def test_a_clipped_text_fits(text: str, most: int) -> None:
    assert tokens(clipped(text, most)) <= most


def test_the_last_words_are_kept_and_so_are_the_first() -> None:
    text = "I am Ada " + "and so on and on " * 80 + "so Tuesday it is"

    short = clipped(text, 60)

    assert short.startswith("I am Ada")
    assert short.endswith("so Tuesday it is")


def test_what_fits_stays_as_it_is() -> None:
    assert clipped("How soon?", 10) == "How soon?"
