"""What people say tells whether they are done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_node.turns.backchannel import is_backchannel
from voice_node.turns.endings import Ends, Expected, classify, rules_of_endings, words_of

ASKED, NUMBER, ANYTHING = Expected.YES_NO, Expected.DICTATION, Expected.ANYTHING


@pytest.mark.parametrize(
    ("text", "expected", "ends"),
    [
        ("", ANYTHING, Ends.UNHEARD),
        ("...", ANYTHING, Ends.UNHEARD),
        ("Yes.", ASKED, Ends.PLAIN),
        ("yes", ANYTHING, Ends.WHOLE),
        ("No, thank you.", ASKED, Ends.PLAIN),
        ("this is she", ASKED, Ends.PLAIN),
        ("okay bye bye", ANYTHING, Ends.WHOLE),
        ("Goodbye!", ANYTHING, Ends.PLAIN),
        ("yes but", ASKED, Ends.OPEN),
        ("I want to sell", ANYTHING, Ends.WHOLE),
        ("I want to sell and", ANYTHING, Ends.OPEN),
        ("it has three bedrooms um", ANYTHING, Ends.OPEN),
        ("we live near the", ANYTHING, Ends.OPEN),
        ("I would like to", ANYTHING, Ends.OPEN),
        ("sure, I'd love to", ANYTHING, Ends.WHOLE),
        ("yes I do", ANYTHING, Ends.WHOLE),
        ("how are you", ANYTHING, Ends.WHOLE),
        ("I think so", ANYTHING, Ends.WHOLE),
        ("who is this", ANYTHING, Ends.WHOLE),
        ("thank you", ANYTHING, Ends.WHOLE),
        ("I don't want to sell it", ANYTHING, Ends.WHOLE),
        ("on the fifth of", ANYTHING, Ends.OPEN),
        ("on the fifth of April", ANYTHING, Ends.WHOLE),
        ("let me think", ANYTHING, Ends.THINKING),
        ("well let me see um", ANYTHING, Ends.THINKING),
        ("hold on please", ASKED, Ends.THINKING),
        ("let me think about that", ANYTHING, Ends.THINKING),
        ("I let me think it over with my wife", ANYTHING, Ends.WHOLE),
        ("five one two", ANYTHING, Ends.DICTATING),
        ("my number is", ANYTHING, Ends.DICTATING),
        ("three", ANYTHING, Ends.WHOLE),
        ("it is 512-555", ANYTHING, Ends.DICTATING),
        ("512-555-0142", ANYTHING, Ends.WHOLE),
        ("one five one two five five five zero one four two", NUMBER, Ends.WHOLE),
        ("twelve forty", NUMBER, Ends.DICTATING),
        ("twelve forty five oak street", NUMBER, Ends.WHOLE),
        ("alex at", NUMBER, Ends.DICTATING),
        ("s t o", ANYTHING, Ends.DICTATING),
        ("around four hundred thousand dollars", ANYTHING, Ends.WHOLE),
    ],
)
def test_how_words_end(text: str, expected: Expected, ends: Ends) -> None:
    assert classify(text, expected) is ends


@given(st.text(), st.sampled_from(Expected))
def test_every_text_ends_somehow_and_only_silence_is_unheard(text: str, expected: Expected) -> None:
    assert (classify(text, expected) is Ends.UNHEARD) == (not words_of(text))


@given(st.lists(st.sampled_from(sorted(rules_of_endings().open)), min_size=1), st.sampled_from(Expected))
def test_a_word_that_ends_no_sentence_never_makes_a_plain_answer_of_many(words: list[str], expected: Expected) -> None:
    text = " ".join(["they told us", *words, "and"])

    assert classify(text, expected) is Ends.OPEN


@given(st.lists(st.sampled_from(sorted(rules_of_endings().digits)), min_size=2, max_size=9), st.sampled_from(Expected))
def test_digits_are_dictated_until_they_are_a_whole_number(digits: list[str], expected: Expected) -> None:
    assert classify(" ".join(digits), expected) is Ends.DICTATING


@pytest.mark.parametrize(
    ("text", "unheard_words", "leaves_us_the_floor"),
    [
        ("mm-hm", 8, True),
        ("Yeah.", 8, True),
        ("okay, yeah", 8, True),
        ("I see", 8, True),
        ("yeah", 2, False),
        ("no", 8, False),
        ("wait", 8, False),
        ("yeah but no", 8, False),
        ("okay okay okay okay okay", 8, False),
        ("", 8, False),
    ],
)
def test_who_only_listens_leaves_us_the_floor(text: str, unheard_words: int, leaves_us_the_floor: bool) -> None:
    assert is_backchannel(text, unheard_words=unheard_words) is leaves_us_the_floor
