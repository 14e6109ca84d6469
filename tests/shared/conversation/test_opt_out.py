"""Who says stop is heard, in whatever words, and is let go at once."""

import pytest

from shared.conversation import ActionResult, RecordOptOut
from shared.conversation.guards import is_opt_out
from shared.conversation.turn import on_key, take_turn
from tests.shared.conversation.dialogue import Call

WORDINGS = """
stop
stop calling me
please stop
take me off your list
take my name off of your calling list
please take us off the list
remove me from your list
remove my number
please delete my number
don't call me anymore
do not call me again
don't call here again
don't ever call this number again
never call me again
i don't want you to call me
i don't want any more calls
i do not want to be contacted
put me on your do not call list
i'm on the do not call registry
lose my number
leave me alone
quit calling me
no more calls please
unsubscribe
opt me out
i want to opt out
stop bothering me
please don't ring again
don't phone me again
i'm sick of these calls
you people keep calling me
i'd rather you didn't call me
would you please stop contacting us
i want to be removed
get me off this list
take the number out of your system
i revoke my consent
this is harassment
don't contact me
erase my number from your database
i never gave you permission to call me
cease and desist calling
no calls please
do not bother me again
um could you just uh stop calling this number
Stop! Don't call again.
please do not reach out again
i said don't call
knock it off and stop calling
go away
take me of your list
take me off the list
""".strip().splitlines()

MID_SENTENCE = [
    "yeah three months but please stop calling me",
    "it's in good condition and honestly i want you to take me off your list",
    "thursday works no wait actually just remove me from your list",
    "is this a robot please don't call me again",
    "i'm not interested take my number off your list",
]

NOT_OPT_OUT = """
don't stop there
don't stop now keep going
i can't stop thinking about moving
you could stop by on thursday
there's a bus stop in front of the house
we live near the stop sign
can someone stop by tomorrow
it's non stop noise here
call me tomorrow at five
please call me back later
call me on thursday
i'll call you back
don't call before noon
don't call me before five call me after
we took it off the market last year
i get off work at five
we removed the old carpet
the price dropped last year
i don't want to sell before spring
i don't want a smaller house
no i don't have an agent
i haven't called a lender yet
nobody has called me yet
it's off the main street
thursday at two works
i need to move for work
we've had enough of the stairs
yes
no
no thanks
""".strip().splitlines()


@pytest.mark.parametrize("words", WORDINGS)
def test_every_wording_is_heard(words: str) -> None:
    assert is_opt_out(words)


@pytest.mark.parametrize("words", [*WORDINGS, *MID_SENTENCE])
def test_the_wish_is_written_down_and_the_call_ends(words: str) -> None:
    call = Call()
    call.hear("yes", "in two months", words)

    assert call.is_over
    assert call.opt_outs == 1
    assert call.state.opted_out
    assert call.state.opt_out_words == words
    assert call.said[-1].endswith("Done, you're off our list. Goodbye.")


@pytest.mark.parametrize("words", NOT_OPT_OUT)
def test_other_talk_is_not_taken_for_it(words: str) -> None:
    assert not is_opt_out(words)


def test_the_very_first_words_may_be_stop() -> None:
    call = Call()
    call.hear("stop")

    assert call.is_over
    assert call.opt_outs == 1


def test_success_is_never_claimed_when_it_could_not_be_written() -> None:
    call = Call(results={RecordOptOut: [ActionResult.UNKNOWN]})

    assert call.hear("take me off your list") == "Understood. I'll make sure this number is removed. Goodbye."
    assert call.state.opted_out


def test_key_nine_is_an_opt_out_and_other_keys_are_nothing() -> None:
    call = Call()
    pressed = on_key(call.state, "9", brief=call.brief, script=call.script, now=call.now)

    assert pressed is not None
    assert pressed.action == RecordOptOut(words="pressed 9")
    assert all(
        on_key(call.state, key, brief=call.brief, script=call.script, now=call.now) is None for key in "012345678*#"
    )


def test_stop_during_the_goodbye_still_counts() -> None:
    call = Call()
    call.hear("yes", "not interested")
    assert call.is_over

    move = take_turn(call.state, "and stop calling me", brief=call.brief, script=call.script, now=call.now)

    assert isinstance(move.action, RecordOptOut)


def test_once_written_down_it_is_not_written_again() -> None:
    call = Call()
    call.hear("stop")
    again = take_turn(call.state, "stop", brief=call.brief, script=call.script, now=call.now)

    assert again.action is None
    assert again.ends_call


@pytest.mark.parametrize(
    "words", ["you'll hear from my lawyer", "i'm going to sue you", "i will report you to the fcc"]
)
def test_a_threat_is_met_like_an_opt_out_and_flagged(words: str) -> None:
    call = Call()
    move = take_turn(call.state, words, brief=call.brief, script=call.script, now=call.now)

    assert isinstance(move.action, RecordOptOut)
    assert move.notes == {"alert": "threat"}
