"""Tones on the line: faxes and beeps are told, voices, keys and noise are not."""

from collections.abc import Callable

import numpy as np
import pytest

from shared.conversation.machines import Tone
from voice_node.media.tones import ToneFilter
from voice_node.speech.mulaw import from_mulaw, to_mulaw

RATE = 8_000


def sine(hertz: tuple[float, ...], seconds: float, *, level: float = 6_000, noise: float = 60) -> bytes:
    """Sines sounding together over a little noise, through mu-law as on a telephone line."""
    count = int(RATE * seconds)
    moments = np.arange(count) / RATE
    sound = sum(np.sin(2 * np.pi * each * moments + 0.3) for each in hertz) * level / max(len(hertz), 1)
    hiss = np.random.default_rng(7).standard_normal(count) * noise
    return from_mulaw(to_mulaw((sound + hiss).astype("<i2").tobytes()))


def silence(seconds: float) -> bytes:
    return sine((), seconds)


def heard(*sounds: bytes, piece: int = 640) -> list[Tone]:
    """What is told of the sounds, in pieces of so many bytes."""
    line, listener = b"".join(sounds) + silence(0.2), ToneFilter()
    return [tone for start in range(0, len(line), piece) for tone in listener.listen(line[start : start + piece])]


@pytest.mark.parametrize("hertz", [2_085.0, 2_100.0, 2_115.0])
def test_a_fax_that_was_called_is_told_while_it_answers(hertz: float) -> None:
    assert heard(silence(0.2), sine((hertz,), 2.9)) == [Tone.FAX]


def test_a_fax_that_calls_is_told_at_its_second_tone() -> None:
    calling = sine((1_100.0,), 0.5)

    assert heard(calling, silence(3.0), calling, silence(3.0)) == [Tone.BEEP, Tone.FAX]


@pytest.mark.parametrize("hertz", [425.0, 850.0, 1_000.0, 1_011.0, 1_400.0, 1_987.0])
@pytest.mark.parametrize("seconds", [0.3, 0.6, 1.0])
def test_a_beep_is_told_once_it_is_over(hertz: float, seconds: float) -> None:
    assert heard(silence(0.5), sine((hertz,), seconds), silence(0.5)) == [Tone.BEEP]


def test_the_pieces_in_which_it_comes_do_not_matter() -> None:
    line = (silence(0.31), sine((1_000.0,), 0.6), silence(0.5))

    assert heard(*line, piece=640) == heard(*line, piece=320) == heard(*line, piece=1_278) == [Tone.BEEP]


@pytest.mark.parametrize(
    "sound",
    [
        sine((697.0, 1_209.0), 0.4),  # a key
        sine((350.0, 440.0), 2.0),  # a dial tone
        sine((1_000.0,), 0.05),  # a click
        sine((1_000.0,), 0.6, level=150),  # too soft to be meant for us
        sine((), 1.0, noise=3_000),
        sine((2_100.0,), 0.3),
    ],
)
def test_what_is_no_tone_of_a_machine_is_not_told(sound: bytes) -> None:
    assert heard(sound) == []


@pytest.mark.parametrize(
    "text",
    [
        "Hello? Yes, this is Maria, who is calling please?",
        "Ooooh, well, we would like to sell in two or three months, I think.",
        "You have reached the voicemail of Nancy King, please leave a message after the tone.",
    ],
)
def test_no_voice_is_taken_for_a_tone(spoken: Callable[[str], bytes], text: str) -> None:
    assert heard(from_mulaw(spoken(text))) == []
