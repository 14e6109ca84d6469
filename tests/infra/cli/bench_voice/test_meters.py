"""What a caller noted becomes figures: latency, missing sound, stops, cut-offs, words."""

from math import inf

import pytest

from infra.cli.bench_voice.meters import answers, greeting_ms, missing_ms, quantile, resumed_after_ms, stops_ms
from infra.cli.bench_voice.replies import OPENING, REPLIES, heard_words, spoken, words_of
from infra.cli.bench_voice.track import Said, Track, read_tracks, write_tracks
from infra.simulator.carrier.mulaw import SILENT_FRAME
from voice_node.speech.mulaw import to_mulaw

BEGAN = 1_000.0
SOUND = to_mulaw(spoken("hello")[0])[:160]


def heard(pattern: str) -> bytearray:
    """A tick of sound for each ``#``, of silence for each ``.``."""
    return bytearray(b"".join(SOUND if tick == "#" else SILENT_FRAME for tick in pattern))


def said(kind: str, onset: float, ended: float) -> Said:
    return Said(
        take="", kind=kind, onset_at=BEGAN + onset, ended_at=BEGAN + ended,
        first_tick=round(onset * 50), last_tick=round(ended * 50),
    )  # fmt: skip


def track(**changes: object) -> Track:
    return Track(**{"attempt": "a", "began": BEGAN, "ticks_began": BEGAN, "ended": BEGAN + 60, **changes})  # type: ignore[arg-type]


def test_latency_runs_from_the_last_speech_sample_to_the_first_sound() -> None:
    noted = track(said=[said("turn", 1.0, 2.5)], voiced_at=[BEGAN + 0.2, BEGAN + 2.9, BEGAN + 2.92])

    (answer,) = answers(noted)

    assert answer.latency_ms == pytest.approx(400)
    assert not answer.is_cut_off


def test_a_turn_that_nothing_follows_before_the_next_is_unanswered() -> None:
    noted = track(said=[said("turn", 1, 2), said("turn", 10, 11)], voiced_at=[BEGAN + 11.5])

    assert [each.latency_ms for each in answers(noted)] == [inf, pytest.approx(500)]


def test_a_turn_that_the_end_of_the_call_overtook_is_not_counted() -> None:
    assert answers(track(said=[said("turn", 58, 59.9)])) == []


def test_speech_before_the_caller_has_finished_is_a_cut_off() -> None:
    noted = track(said=[said("pause", 1, 4)], voiced_at=[BEGAN + 2.5, BEGAN + 4.5])

    (answer,) = answers(noted, kinds=("pause",))

    assert answer.is_cut_off


@pytest.mark.parametrize(("pattern", "missing"), [("..####..", 0), ("##..##", 40), ("#.#.#", 40), ("....", 0)])
def test_missing_sound_is_what_had_not_come_between_the_first_and_the_last_of_an_answer(
    pattern: str, missing: float
) -> None:
    dry = bytearray(tick == "." for tick in pattern)

    assert missing_ms(track(dry=dry), 0, len(pattern)) == missing


def test_silence_that_was_sent_is_not_missing() -> None:
    assert missing_ms(track(heard=heard("#..#"), dry=bytearray(4)), 0, 4) == 0


def test_an_interruption_is_over_when_no_more_sound_plays() -> None:
    noted = track(said=[said("interruption", 0.2, 1.0)], heard=heard("#" * 20 + "." * 40))

    assert stops_ms(noted) == [pytest.approx(200)]


def test_an_agent_that_talks_on_never_stops() -> None:
    assert stops_ms(track(said=[said("interruption", 0.2, 1.0)], heard=heard("#" * 300))) == [inf]


def test_going_on_after_a_murmur_takes_as_long_as_the_longest_silence_behind_it() -> None:
    murmur = said("murmur", 0.1, 0.3)
    noted = track(said=[murmur], heard=heard("#" * 10 + "." * 25 + "#" * 10 + "." * 60))

    assert resumed_after_ms(noted, murmur, 105) == 380
    assert resumed_after_ms(noted, said("murmur", 1.0, 1.1), 105) == inf


def test_a_greeting_that_never_came_took_for_ever() -> None:
    assert greeting_ms(track(voiced_at=[BEGAN + 0.25])) == pytest.approx(250)
    assert greeting_ms(track()) == inf


def test_a_quantile_of_nothing_is_infinite() -> None:
    assert quantile([], 0.5) == inf
    assert quantile([3, 1, 2], 0.5) == 2


@pytest.mark.parametrize("text", [OPENING, *REPLIES])
def test_what_the_agent_says_in_tones_is_heard_word_by_word(text: str) -> None:
    mulaw = b"".join(to_mulaw(piece) for piece in spoken(text))

    assert heard_words(SILENT_FRAME + mulaw) == words_of(text)


def test_words_are_heard_over_silence_between_them() -> None:
    words = [to_mulaw(piece) for piece in spoken("thank you")]

    assert heard_words(words[0] + SILENT_FRAME * 3 + words[1]) == ["thank", "you"]


def test_notes_survive_the_file(tmp_path) -> None:  # type: ignore[no-untyped-def]
    noted = track(
        said=[said("turn", 1, 2)], heard=heard("#.#"), dry=bytearray((0, 1, 0)), voiced_at=[BEGAN + 1], late_ms=[0.5]
    )

    write_tracks([noted], tmp_path / "tracks")

    assert read_tracks(tmp_path / "tracks") == [noted]
