"""On hold we wait silently, for a bounded time, until a person is back."""

from collections.abc import Callable

import numpy as np
import pytest

from tests.voice_node.test_dialogue import Caller
from voice_node.speech.mulaw import from_mulaw, to_mulaw
from voice_node.turns.hold_music import MusicFilter
from voice_node.turns.on_hold import HOLD_SECONDS, THINKING_SECONDS, OnHold
from voice_node.turns.playout import Playout
from voice_node.turns.silence import PATIENCE_SECONDS, SilenceLadder

RANDOM = np.random.default_rng(4)


class Wait:
    """A silence ladder that has just begun, its clock, and what knows of the hold."""

    def __init__(self) -> None:
        self.at = 0.0
        self.ladder = SilenceLadder(playout=Playout(lambda: self.at), caller=Caller(), now=lambda: self.at)
        self.hold = OnHold(self.ladder)


def melody(seconds: float, *, beat: float) -> bytes:
    """Chords as a telephone brings them: 16-bit PCM."""
    length = int(8_000 * seconds)
    sound = np.zeros(length)
    for start in range(0, length, int(8_000 * beat)):
        root = 220 * 2 ** (RANDOM.choice([0, 2, 4, 5, 7, 9, 12]) / 12)
        steps = np.arange(min(int(12_800 * beat), length - start)) / 8_000
        for interval, loudness in ((1, 1.0), (1.26, 0.6), (1.5, 0.6), (2, 0.4)):
            note = np.sin(2 * np.pi * root * interval * steps) * np.exp(-2 * steps)
            sound[start : start + len(steps)] += loudness * note
    return from_mulaw(to_mulaw((sound / np.abs(sound).max() * 9_000).astype("<i2").tobytes()))


def changes(pcm: bytes) -> list[bool]:
    music = MusicFilter()
    told = [music.listen(pcm[start : start + 640]) for start in range(0, len(pcm), 640)]
    return [each for each in told if each is not None]


@pytest.mark.parametrize("beat", [0.2, 0.35, 0.7])
def test_music_is_told_when_it_begins_and_when_it_has_stopped(beat: float) -> None:
    silence = bytes(8_000 * 2 * 5)

    assert changes(silence + melody(8.0, beat=beat) + silence) == [True, False]


def test_speech_and_noise_are_no_music(spoken: Callable[[str], bytes]) -> None:
    talk = "We have been living here for twelve years and now we would like to move closer to our grandchildren. "
    noise = (RANDOM.standard_normal(64_000) * 1_500).astype("<i2").tobytes()

    assert changes(from_mulaw(spoken(talk * 2))) == []
    assert changes(noise) == []
    assert changes(bytes(160_000)) == []


def test_while_music_plays_nobody_is_asked_whether_they_are_there() -> None:
    it = Wait()
    assert it.ladder.seconds_left() == PATIENCE_SECONDS

    it.hold.music(is_playing=True)

    assert it.ladder.seconds_left() == HOLD_SECONDS
    it.at = HOLD_SECONDS
    assert it.ladder.seconds_left() <= 0


@pytest.mark.parametrize(
    "text", ["Please hold.", "your call is important to us", "all of our agents are busy", "thank you for holding"]
)
def test_announcements_to_somebody_who_waits_are_not_answered_and_do_not_prolong_the_wait(text: str) -> None:
    it = Wait()
    assert it.hold.swallows(text, answered=2)
    it.at = 40.0
    assert it.hold.swallows(text, answered=2)

    assert it.ladder.seconds_left() == HOLD_SECONDS - 40.0


def test_an_announcement_instead_of_a_person_is_not_waited_for() -> None:
    it = Wait()

    assert not it.hold.swallows("your call is important to us", answered=1)
    assert it.ladder.seconds_left() == PATIENCE_SECONDS


def test_what_is_made_out_of_music_is_nobody_but_hello_is_somebody() -> None:
    it = Wait()
    it.hold.music(is_playing=True)

    assert it.hold.swallows("the the in a", answered=2)
    assert not it.hold.swallows("Hello, sorry about that.", answered=2)
    assert it.ladder.seconds_left() == PATIENCE_SECONDS


def test_when_the_music_has_stopped_whoever_speaks_is_back() -> None:
    it = Wait()
    it.hold.music(is_playing=True)
    it.hold.music(is_playing=False)

    assert not it.hold.swallows("we can do thursday", answered=3)


def test_who_asks_for_a_moment_gets_it() -> None:
    it = Wait()

    assert not it.hold.swallows("hold on, let me get my calendar", answered=2)
    assert it.ladder.seconds_left() == THINKING_SECONDS
