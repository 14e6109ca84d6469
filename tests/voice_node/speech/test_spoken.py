"""Written text becomes the words a person says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_node.speech.spoken import number_words, spoken


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Yes, this is Maria.", "yes this is maria"),
        ("I’m NOT interested!", "i'm not interested"),
        ("Around $450,000.", "around four hundred fifty thousand dollars"),
        ("about 450k", "about four hundred fifty thousand"),
        ("$1.2 million", "one point two million dollars"),
        ("2:30 pm on the 21st", "two thirty p.m. on the twenty first"),
        ("10 a.m. works", "ten a.m. works"),
        ("ten am", "ten a.m."),
        ("I am pre-approved", "i am preapproved"),
        ("9:05", "nine oh five"),
        ("at 10:00", "at ten"),
        ("OK, 3-bedroom", "okay three bedroom"),
        ("", ""),
    ],
)
def test_text_is_written_as_it_is_said(written: str, said: str) -> None:
    assert spoken(written) == said


@given(st.text())
def test_what_is_in_spoken_form_stays_as_it_is(text: str) -> None:
    assert spoken(spoken(text)) == spoken(text)


@given(st.integers(min_value=0, max_value=999_999_999))
def test_every_number_has_words(number: int) -> None:
    assert number_words(number).replace(" ", "").isalpha()
