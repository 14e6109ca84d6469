"""Who or what answered: machines told by words, tones and the carrier's verdict, and people never taken for one."""

from typing import Any

import pytest

from shared.conversation import Move
from shared.conversation.machines import Tone, on_machine, on_tone, overheard
from shared.conversation.turn import on_silence, open_call, take_turn
from tests.shared.conversation.dialogue import Call, make_brief

MESSAGE = "Hi, this is Ava. Please call us back."


def outbound(**different: Any) -> Call:
    return Call(brief=make_brief(**different))


def follow(call: Call, move: Move | None) -> bool:
    """Carry out the move, if there is one; whether there was."""
    if move is not None:
        call.follow(move)
    return move is not None


def fall_silent(call: Call, times: int) -> None:
    for count in range(1, times + 1):
        if not call.is_over:
            call.follow(on_silence(call.state, count, brief=call.brief, script=call.script, now=call.now))


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("you have reached the voicemail of maria please leave a message after the tone", "voicemail"),
        ("i can't come to the phone right now", "voicemail"),
        ("when you are finished recording hang up or press one for more options", "voicemail"),
        ("the person you are calling has a voice mailbox that is full", "mailbox_full"),
        ("the mailbox is full and cannot accept any messages at this time goodbye", "mailbox_full"),
        ("you have reached a voice mailbox that has not been set up", "mailbox_full"),
        ("thank you for calling for sales press one for support press two", "ivr"),
        ("please listen carefully our menu options have changed", "ivr"),
        ("your call is important to us please hold for the next available agent", "ivr"),
        ("if you know your party's extension you may dial it at any time", "ivr"),
    ],
)
def test_a_machine_is_known_by_its_words_and_left_without_one(words: str, heard: str) -> None:
    call = outbound()

    assert call.hear(words) == ""
    assert call.is_over
    assert call.state.heard == heard


@pytest.mark.parametrize("words", ["yes this is maria i was about to leave you a message", "hello", "who is this"])
def test_a_person_is_talked_to(words: str) -> None:
    call = outbound()

    assert call.hear(words)
    assert not call.is_over


@pytest.mark.parametrize("verdict", ["machine_start", "machine_end_beep", "fax"])
@pytest.mark.parametrize(("turns", "is_believed"), [(0, True), (1, True), (2, False), (3, False)])
def test_a_late_verdict_never_cuts_off_a_person(verdict: str, turns: int, is_believed: bool) -> None:
    call = outbound()
    for words in ("hello", "who is this", "what is this about")[:turns]:
        call.hear(words)

    assert follow(call, on_machine(call.state, verdict, call.brief)) is is_believed
    assert call.is_over is (is_believed and verdict != "machine_start")


def test_a_verdict_on_the_first_words_is_listened_after() -> None:
    voicemail, person, screening, nobody = (outbound() for _ in range(4))
    for call in (voicemail, person, screening, nobody):
        follow(call, on_machine(call.state, "machine_start", call.brief))
        assert (call.is_over, call.said[-1]) == (False, "")

    voicemail.hear("you have reached maria please leave a message after the tone")
    assert (voicemail.is_over, voicemail.state.heard) == (True, "voicemail")
    assert "Is this Maria" in person.hear("hello", "hello are you there")
    assert person.state.heard == "human"
    assert "Blue Oak Realty" in screening.hear("please say your name and why you are calling")
    assert screening.state.heard == "screening"
    fall_silent(nobody, 1)
    assert (nobody.is_over, nobody.state.heard) == (True, "voicemail")


def test_who_was_taken_for_a_machine_hears_the_opening_first() -> None:
    call = outbound()
    follow(call, on_machine(call.state, "machine_start", call.brief))
    move = take_turn(call.state, "yes this is maria", brief=call.brief, script=call.script, now=call.now)

    assert move.says_opening
    assert not move.ends_call


def test_a_long_greeting_that_nobody_understands_stays_a_machine() -> None:
    call = outbound()
    follow(call, on_machine(call.state, "machine_start", call.brief))
    call.hear("mumble mumble mumble mumble mumble mumble", "mumble mumble mumble mumble mumble mumble mumble")
    assert (call.is_over, call.said[-1]) == (False, "")
    follow(call, on_tone(call.state, Tone.BEEP, call.brief))

    assert (call.is_over, call.state.heard) == (True, "voicemail")


@pytest.mark.parametrize("verdict", ["human", "unknown", ""])
def test_what_the_carrier_does_not_know_is_a_person(verdict: str) -> None:
    call = outbound()

    assert not follow(call, on_machine(call.state, verdict, call.brief))


def test_once_the_person_is_known_no_verdict_counts() -> None:
    call = outbound()
    call.hear("yes this is maria")

    assert not follow(call, on_machine(call.state, "machine_start", call.brief))
    assert not follow(call, on_tone(call.state, Tone.BEEP, call.brief))


def test_a_fax_is_told_by_its_tone_or_by_the_carrier() -> None:
    by_tone, by_carrier = outbound(), outbound()
    follow(by_tone, on_tone(by_tone.state, Tone.FAX, by_tone.brief))
    follow(by_carrier, on_machine(by_carrier.state, "fax", by_carrier.brief))

    for call in (by_tone, by_carrier):
        assert (call.is_over, call.state.heard) == (True, "fax")


def test_a_beep_after_a_greeting_that_nobody_understood_is_a_voicemail() -> None:
    call = outbound()
    call.hear("mumble mumble")
    follow(call, on_tone(call.state, Tone.BEEP, call.brief))

    assert (call.is_over, call.state.heard, call.state.left_message) == (True, "voicemail", False)


def test_the_message_is_left_after_the_beep_and_nothing_before_it() -> None:
    call = outbound(voicemail_text=MESSAGE)
    call.hear("you have reached the voicemail of maria", "please leave a message after the tone")

    assert not call.is_over
    assert call.said[-2:] == ["", ""]
    move = on_tone(call.state, Tone.BEEP, call.brief)
    assert move is not None
    assert (move.leaves_message, move.ends_call) == (True, True)
    assert (move.state.heard, move.state.left_message) == ("voicemail", True)


def test_a_voicemail_without_a_beep_gets_its_message_into_the_silence() -> None:
    call = outbound(voicemail_text=MESSAGE)
    follow(call, on_machine(call.state, "machine_start", call.brief))
    assert not call.is_over
    fall_silent(call, 1)

    assert call.is_over
    assert call.state.left_message


def test_a_verdict_that_the_greeting_is_over_leaves_the_message_at_once() -> None:
    call = outbound(voicemail_text=MESSAGE)
    move = on_machine(call.state, "machine_end_beep", call.brief)

    assert move is not None
    assert move.leaves_message


def test_a_full_mailbox_gets_no_message() -> None:
    call = outbound(voicemail_text=MESSAGE)
    call.hear("you have reached the voicemail of maria", "the mailbox is full goodbye")

    assert (call.is_over, call.state.heard, call.state.left_message) == (True, "mailbox_full", False)


def test_who_picks_up_during_the_greeting_of_the_machine_is_talked_to() -> None:
    call = outbound(voicemail_text=MESSAGE)
    follow(call, on_machine(call.state, "machine_start", call.brief))
    call.hear("hello", "hello who is there")

    assert not call.is_over
    assert "Is this Maria" in call.said[-1]


def test_a_screening_assistant_hears_who_and_why_and_is_waited_on_in_silence() -> None:
    call = outbound()
    reply = call.hear("hi the person you're calling is using a screening service please say your name")
    assert "Blue Oak Realty" in reply
    assert "12 Oak Street" in reply
    assert call.hear("thanks please stay on the line") == ""
    fall_silent(call, 1)
    assert call.said[-1] == ""

    move = take_turn(call.state, "hi maria speaking", brief=call.brief, script=call.script, now=call.now)
    call.follow(move)
    assert "Is this Maria" in call.said[-1]
    assert move.says_opening  # the assistant heard it, the person did not
    assert call.state.heard == "human"


def test_a_screening_assistant_is_not_waited_on_for_ever() -> None:
    call = outbound()
    call.hear("please state your name and why you are calling")
    fall_silent(call, 9)

    assert (call.is_over, call.said[-1], call.state.heard) == (True, "", "screening")


def test_a_screening_that_turns_into_a_voicemail_was_a_screening() -> None:
    call = outbound(voicemail_text=MESSAGE)
    call.hear("please state your name and why you are calling", "the person you are calling cannot take your call")

    assert (call.is_over, call.state.heard) == (True, "screening")


def test_words_that_nobody_understood_before_a_long_silence_are_no_person() -> None:
    call = outbound()
    call.hear("mumble mumble")
    fall_silent(call, 3)

    assert (call.is_over, call.state.heard) == (True, "silence")


def test_whoever_calls_us_is_a_person() -> None:
    call = outbound(direction="inbound", missed_at=None)
    call.hear("hi can i leave a message for your manager")

    assert not call.is_over
    assert not follow(call, on_machine(call.state, "machine_start", call.brief))
    assert not follow(call, on_tone(call.state, Tone.BEEP, call.brief))
    assert follow(call, on_tone(call.state, Tone.FAX, call.brief))


def test_a_machine_need_not_be_greeted_to_the_end_of_the_opening() -> None:
    brief = make_brief()
    move = overheard(open_call(brief, Call().script, Call().now).state, "please leave a message", brief)

    assert move is not None
    assert move.ends_call


@pytest.mark.parametrize("verdict", ["machine_start", "machine_end_beep", "machine_end_silence", "fax"])
def test_who_asks_for_our_name_during_the_opening_is_answered_whatever_the_carrier_takes_them_for(verdict: str) -> None:
    call = outbound()
    asks = "please say your name and why you are calling"
    follow(call, overheard(call.state, asks, call.brief))

    assert not follow(call, on_machine(call.state, verdict, call.brief))

    call.follow(open_call(call.brief, call.script, call.now, before=call.state))
    assert call.hear(asks).startswith("This is Ava, an AI assistant for")
    assert call.state.heard == "screening"


def test_what_people_say_during_the_opening_counts_as_theirs() -> None:
    call = outbound()
    for words in ("hello", "who is this"):
        follow(call, overheard(call.state, words, call.brief))
    assert call.state.human_turns == 2
    assert not follow(call, on_machine(call.state, "machine_start", call.brief))
