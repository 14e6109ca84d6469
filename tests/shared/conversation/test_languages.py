"""Spanish is told from English, answered in one Spanish sentence, and ends in a call by a person who speaks it."""

import pytest

from shared.conversation.reporting import report_parts
from shared.conversation.script import load_script, script_names
from shared.conversation.turn import on_silence
from shared.conversation.understanding.languages import bare, speaks_spanish, stops_in_spanish
from tests.shared.conversation.dialogue import Call

ENGLISH, OFFER = "I'm sorry, I only speak English.", load_script("seller_home_value").variants["spanish_offer"][0]


@pytest.mark.parametrize(
    "words",
    [
        "bueno",
        "sí soy rosario pero no hablo inglés",
        "no entiendo señorita habla español por favor",
        "¿Quién habla?",
        "hola buenas tardes",
        "quiero vender mi casa",
        "disculpe señor no está mi esposo",
        "estoy trabajando llame más tarde",
        "si soy yo",
        "do you speak spanish",
        "spanish please",
        "no oh blow in glass",
        "ah blow s spaniel poor favor",
        "key in ah blah",
        "no nintendo",
    ],
)
def test_spanish_is_heard_even_by_an_english_recogniser(words: str) -> None:
    assert speaks_spanish(words)
    assert ENGLISH in Call().hear(words)


@pytest.mark.parametrize(
    "words",
    [
        "yes this is maria lopez",
        "do me a favor and call later",
        "we live in los angeles near la cienega",
        "the house is on casa grande drive in san antonio",
        "i want to sell it pronto",
        "mi casa es su casa",
        "i have a spaniel",
        "no a blue and white house",
        "si",
        "gracias",
        "a la carte",
        "no thank you",
        "mom and papa own it",
        "",
    ],
)
def test_english_with_a_spanish_name_or_word_stays_english(words: str) -> None:
    assert not speaks_spanish(words)


def test_one_spanish_sentence_offers_a_call_and_the_promise_is_kept_as_data() -> None:
    call = Call()
    reply = call.hear("sí soy rosario pero no hablo inglés")

    assert reply == f"{ENGLISH} {OFFER}"
    assert not call.is_over
    assert call.hear("sí por favor").startswith("Gracias, una persona que habla español le llamará.")
    assert call.is_over
    told = report_parts(call.state, call.brief)
    assert (told["language_barrier"], told["callback_language"]) == (True, "es")
    assert told["callback_at"] is None
    assert not call.booked


@pytest.mark.parametrize("words", ["no gracias", "no", "no quiero"])
def test_who_wants_no_call_is_promised_none(words: str) -> None:
    call = Call()
    call.hear("no hablo inglés", words)

    assert call.is_over
    assert report_parts(call.state, call.brief)["callback_language"] == ""


def test_who_says_nothing_or_hangs_up_is_still_called_by_a_person() -> None:
    silent, gone = Call(), Call()
    silent.hear("no hablo inglés")
    silent.follow(on_silence(silent.state, 1, brief=silent.brief, script=silent.script, now=silent.now))
    gone.hear("no hablo inglés")

    assert silent.is_over
    assert {report_parts(each.state, each.brief)["callback_language"] for each in (silent, gone)} == {"es"}


@pytest.mark.parametrize(
    "words",
    ["no me llame más", "ya no me llamen por favor", "deje de llamar", "no llame"],
)
def test_a_wish_for_no_more_calls_is_one_in_spanish_too(words: str) -> None:
    first, later = Call(), Call()
    first.hear(words)
    later.hear("no hablo inglés", words)

    assert stops_in_spanish(words)
    assert [each.opt_outs for each in (first, later)] == [1, 1]
    assert later.said[-1] == "Entendido, no le volveremos a llamar. Adiós."
    assert first.is_over


def test_a_wrong_number_is_one_in_spanish_too() -> None:
    call = Call()
    call.hear("número equivocado")

    assert (call.is_over, call.state.wrong_number) == (True, True)


def test_who_goes_on_in_english_is_talked_to_in_english() -> None:
    call = Call()
    call.hear("bueno")
    reply = call.hear("oh sorry yes this is maria i speak english")

    assert "How soon would you like to sell?" in reply
    assert not call.state.language_barrier
    assert report_parts(call.state, call.brief)["callback_language"] == ""


def test_a_word_in_passing_does_not_end_a_talk_in_english() -> None:
    call = Call()
    call.hear("yes", "in two months", "hola bueno")

    assert not call.state.language_barrier


@pytest.mark.parametrize("words", ["no english", "i don't speak english", "parlez vous francais", "chinese please"])
def test_another_language_is_answered_in_one_english_sentence(words: str) -> None:
    call = Call()
    call.hear(words)

    assert call.said[-1] == "I'm sorry, I only speak English. Goodbye."
    assert (call.is_over, call.state.language_barrier) == (True, True)
    assert report_parts(call.state, call.brief)["callback_language"] == ""


@pytest.mark.parametrize("name", script_names())
def test_what_is_said_in_spanish_is_one_sentence_in_every_script(name: str) -> None:
    variants = load_script(name).variants
    [offer] = variants["spanish_offer"]

    assert offer.count("?") == 1
    assert "." not in offer
    assert all(len(texts) == 1 for act, texts in variants.items() if act.startswith("spanish_"))


def test_letters_lose_their_signs() -> None:
    assert bare("¿Quién es, Señorita Muñoz?") == "quien es senorita munoz"
