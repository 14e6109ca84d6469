"""A turn counts its silence window by window, and ends when words and silence agree."""

from voice_node.turns.endings import Ends, Expected
from voice_node.turns.open_turn import RECOGNISE_SECONDS, UNHEARD_SECONDS, OpenTurn
from voice_node.turns.voice_activity import WINDOW_SECONDS


def silence(turn: OpenTurn, seconds: float) -> None:
    for _ in range(round(seconds / WINDOW_SECONDS)):
        turn.quiet()
        turn.wants_stop()


def test_a_plain_answer_is_over_sooner_than_anything_else() -> None:
    yes, more = OpenTurn(0.0, expected=Expected.YES_NO), OpenTurn(0.0)
    for turn, text in ((yes, "yes"), (more, "we want to sell and")):
        turn.words(text, is_final=False)
        turn.sounds_over(0.95)
        silence(turn, 0.16)
        turn.words(text, is_final=True)

    assert yes.is_over
    assert not more.is_over


def test_speech_that_goes_on_starts_the_silence_over() -> None:
    turn = OpenTurn(0.0)
    turn.words("we want to sell", is_final=False)
    turn.sounds_over(0.1)
    silence(turn, 0.5)
    turn.goes_on()
    turn.words("we want to sell in june", is_final=False)

    assert turn.silent_seconds == 0.0
    assert turn.wait_seconds == 0.38, "the verdict was on the pause before"


def test_a_turn_is_not_over_before_its_words_are_final() -> None:
    turn = OpenTurn(0.0)
    turn.words("that sounds", is_final=False)
    turn.sounds_over(0.95)
    silence(turn, 0.3)
    assert not turn.is_over

    turn.words("That sounds good.", is_final=True)

    assert turn.is_over
    assert turn.text == "That sounds good."


def test_words_that_never_become_final_count_as_they_are() -> None:
    turn = OpenTurn(0.0)
    turn.words("that sounds good", is_final=False)
    turn.sounds_over(0.95)
    silence(turn, 1.5)

    assert turn.is_over
    assert turn.text == "that sounds good"


def test_a_sound_without_words_is_over_after_a_while() -> None:
    turn = OpenTurn(0.0)
    silence(turn, UNHEARD_SECONDS)
    assert not turn.is_over

    silence(turn, RECOGNISE_SECONDS + WINDOW_SECONDS)

    assert turn.is_over
    assert turn.ends is Ends.UNHEARD


def test_the_recogniser_is_told_once_a_pause() -> None:
    turn = OpenTurn(0.0)
    turn.words("tomorrow and", is_final=False)
    told = []
    for _ in range(40):
        turn.quiet()
        told.append(turn.wants_stop())
    turn.goes_on()
    silence(turn, 0.1)

    assert sum(told) == 1
    assert told.index(True) == round(RECOGNISE_SECONDS / WINDOW_SECONDS) - 1


def test_the_model_is_asked_again_only_while_it_matters() -> None:
    sure, unsure, open_ended = OpenTurn(0.0), OpenTurn(0.0), OpenTurn(0.0)
    sure.words("that is fine", is_final=False)
    unsure.words("that is fine", is_final=False)
    open_ended.words("that is", is_final=False)
    looks = {"sure": 0, "unsure": 0, "open": 0}
    for _ in range(20):
        for name, turn, verdict in (("sure", sure, 0.95), ("unsure", unsure, 0.3), ("open", open_ended, 0.5)):
            turn.quiet()
            if turn.wants_verdict():
                looks[name] += 1
                turn.sounds_over(verdict)

    assert looks["unsure"] == 2
    assert looks["sure"] < looks["unsure"]
    assert looks["open"] <= 1


def test_words_that_may_be_the_last_are_told_once_a_pause_and_three_times_a_turn() -> None:
    turn = OpenTurn(0.0)
    told: list[str | None] = []
    for text in ("one thing", "one thing more", "one thing more please", "one thing more please sir"):
        turn.words(text, is_final=False)
        turn.quiet()
        turn.quiet()
        told += [turn.likely_text(), turn.likely_text()]
        turn.goes_on()

    assert [text for text in told if text] == ["one thing", "one thing more", "one thing more please"]


def test_a_reply_is_not_prepared_to_half_a_sentence() -> None:
    turn = OpenTurn(0.0)
    turn.words("I would like to", is_final=False)
    silence(turn, 0.3)

    assert turn.likely_text() is None
