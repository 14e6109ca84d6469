"""Voice is told from noise, and a click from somebody who goes on."""

from collections.abc import Callable

import numpy as np

from tests.voice_node.doubles import tone
from voice_node.speech.mulaw import from_mulaw
from voice_node.turns.voice_activity import WINDOW_SAMPLES, Sound, VoiceActivity

NOISE = (np.random.default_rng(2).standard_normal(8_000) * 20).astype("<i2").tobytes()


def test_a_word_starts_and_is_followed_by_quiet(spoken: Callable[[str], bytes]) -> None:
    activity = VoiceActivity()

    sounds = activity.hear(NOISE + from_mulaw(spoken("Yes this is Bob.")) + NOISE)

    assert sounds.count(Sound.STARTED) == 1
    assert sounds[-10:] == [Sound.QUIET] * 10
    assert activity.is_talking
    activity.over()
    assert not activity.is_talking


def test_noise_and_clicks_are_no_voice() -> None:
    activity = VoiceActivity()
    click = tone(0.01)

    sounds = activity.hear(NOISE + click + NOISE + click + NOISE)

    assert Sound.STARTED not in sounds


def test_who_goes_on_after_a_pause_is_heard_within_two_windows(spoken: Callable[[str], bytes]) -> None:
    activity = VoiceActivity()
    word = from_mulaw(spoken("Well"))

    sounds = activity.hear(NOISE + word + NOISE[:8_000] + word)

    assert sounds.count(Sound.RESUMED) >= 1
    assert sounds.count(Sound.STARTED) == 1


def test_audio_comes_in_pieces_of_any_size(spoken: Callable[[str], bytes]) -> None:
    whole, pieces = VoiceActivity(), VoiceActivity()
    pcm = NOISE + from_mulaw(spoken("Yes this is Bob.")) + NOISE

    heard = [sound for start in range(0, len(pcm), 322) for sound in pieces.hear(pcm[start : start + 322])]

    assert heard == whole.hear(pcm)
    assert len(heard) == len(pcm) // 2 // WINDOW_SAMPLES
