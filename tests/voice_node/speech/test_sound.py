"""Mu-law, clauses and bandwidth extension."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_node.speech.bandwidth import BandwidthExtender, load_weights
from voice_node.speech.clauses import split_clauses
from voice_node.speech.mulaw import from_mulaw, to_mulaw
from voice_node.speech.spectra import Floats
from voice_node.speech.upsampling import DELAY, Upsampler


def test_every_mulaw_code_survives_a_round_trip() -> None:
    codes = bytes(range(256))
    # 0x7F is minus zero: the same sample as 0xFF.
    assert to_mulaw(from_mulaw(codes)) == codes.replace(b"\x7f", b"\xff")


def test_mulaw_silence_and_full_scale_are_the_standard_ones() -> None:
    assert to_mulaw(b"\x00\x00") == b"\xff"
    assert from_mulaw(b"\x80\x00") == np.array([32_124, -32_124], dtype="<i2").tobytes()


@given(st.integers(min_value=-32_768, max_value=32_767))
def test_mulaw_is_close_to_what_was_said(sample: int) -> None:
    heard = np.frombuffer(from_mulaw(to_mulaw(np.array([sample], dtype="<i2").tobytes())), dtype="<i2")[0]
    assert abs(int(heard) - sample) <= max(4, abs(sample) // 16 + 4, 650 if abs(sample) > 32_000 else 0)


def test_sentences_and_long_clauses_are_said_one_by_one() -> None:
    text = "Hi, this is Ava. " + "I am calling about the house that you asked us about last week, " * 2 + "okay?"
    pieces = [clause.text for clause in split_clauses(text)]
    assert pieces[0] == "Hi, this is Ava."
    assert len(pieces) == 4
    assert " ".join(pieces) == text


@pytest.mark.parametrize("text", ["Would 10 a.m. on Thursday work?", "Dr. Smith and Mrs. Jones."])
def test_an_abbreviation_does_not_end_a_sentence(text: str) -> None:
    assert [clause.text for clause in split_clauses(text)] == [text]


def test_nothing_to_say_is_no_clause() -> None:
    assert split_clauses("  \n ") == []


def test_a_tone_keeps_its_shape_at_twice_the_rate() -> None:
    narrow = np.sin(2 * np.pi * 1000 * np.arange(4000) / 8000)
    wide = np.sin(2 * np.pi * 1000 * (np.arange(8000) / 16_000 - DELAY / 8000))
    assert np.abs(Upsampler().doubled(narrow) - wide)[400:].max() < 1e-4


def extended_in_chunks(sound: Floats, size: int) -> Floats:
    extender = BandwidthExtender(load_weights())
    pieces = [extender.extended(sound[start : start + size]) for start in range(0, len(sound), size)]
    return np.concatenate([*pieces, extender.finished()])


@pytest.mark.parametrize("size", [37, 160, 320, 8000])
def test_extension_does_not_depend_on_how_sound_is_cut(size: int) -> None:
    sound = np.random.default_rng(0).normal(0.0, 0.1, 8000)
    whole = extended_in_chunks(sound, len(sound))
    assert len(whole) == 2 * len(sound)
    assert np.allclose(extended_in_chunks(sound, size), whole)


@pytest.mark.parametrize("length", [0, 1, 100, 159, 161, 400])
def test_the_shortest_sounds_come_through_whole(length: int) -> None:
    assert len(extended_in_chunks(np.zeros(length), 160)) == 2 * length


def test_extension_holds_back_no_more_than_forty_milliseconds() -> None:
    given_samples = extender_output = 0
    extender = BandwidthExtender(load_weights())
    for _ in range(50):
        given_samples += 320
        extender_output += len(extender.extended(np.zeros(160)))
    assert given_samples - extender_output <= 640


def test_extension_adds_sound_above_the_telephone_band() -> None:
    noise = np.random.default_rng(0).normal(0.0, 0.1, 8000)
    spectrum = np.abs(np.fft.rfft(extended_in_chunks(noise, 320)))
    plain = np.abs(np.fft.rfft(Upsampler().doubled(noise)))
    high = slice(4500, 7000)
    assert spectrum[high].mean() > 3 * plain[high].mean()
