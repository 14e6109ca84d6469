"""What is found out about a call that is over: by code alone, and what a model may add to it."""

import pytest

from shared.conversation.after.analyse import analysed, in_words_of
from shared.conversation.after.evidence import Findings, ProposedFact
from shared.conversation.after.mood import label_of, mood_of, running
from shared.conversation.after.summary import Draft, checked_summary, plain_summary, summary_messages
from tests.shared.conversation.after.calls import BOOKED, FACTS, OPENING, TALK, order_of, turns_of
from tests.voice_node.doubles import NOON


def test_a_call_is_summed_up_from_its_facts() -> None:
    assert plain_summary(order_of()) == (
        "Bob answered about 12 Oak Street. Bob: plans this within three months; because of: i have a new job in "
        "another state; has no agent. Booked for Wednesday, March 11th at 1 PM Central time. Score 78."
    )


def test_a_call_that_nobody_answered_is_summed_up_in_a_word() -> None:
    assert plain_summary(order_of(heard="voicemail", facts=(), appointment=None)) == "Nobody was spoken to: voicemail."


def test_a_good_call_has_nothing_to_be_said_against_it() -> None:
    quality = analysed(order_of(), now=NOON).quality

    assert {each.field: each.how for each in quality.required} == {"timeline": "asked", "agent_status": "asked"}
    assert {each.name for each in quality.duties} >= {"says who calls", "says that it is recorded"}
    assert quality.violations == ()
    assert quality.is_by_the_script


def test_who_spoke_how_much_is_measured() -> None:
    cut, late = {"interrupted": True, "ended": 9.0}, {"started": 14.0, "ended": 16.0, "latency_ms": 1_900.0}
    quality = analysed(order_of(*turns_of(TALK, t4=cut, t6=late)), now=NOON).quality

    assert (quality.turns, quality.interruptions) == (14, 1)
    assert quality.agent_seconds == pytest.approx(15.0)
    assert quality.talk_ratio == pytest.approx(15 / 27, abs=1e-3)
    assert quality.longest_silence_seconds == pytest.approx(2.0)
    assert (quality.latency_p50_ms, quality.latency_p95_ms) == (400.0, 1_900.0)


def test_talking_over_the_caller_is_counted() -> None:
    quality = analysed(order_of(*turns_of(TALK, t5={"ended": 13.0})), now=NOON).quality

    assert quality.talked_over == 1


def test_a_question_that_was_forgotten_is_missed_only_where_a_time_was_offered() -> None:
    talk = tuple(turn for turn in TALK if "agent already" not in turn[1])
    facts = tuple(fact for fact in FACTS if fact["field"] != "agent_status")

    offered = analysed(order_of(*turns_of(talk), facts=facts), now=NOON).quality
    left = analysed(order_of(*turns_of(talk), facts=facts, appointment=None), now=NOON).quality

    assert {each.field: each.how for each in offered.required} == {"timeline": "asked", "agent_status": "missing"}
    assert not offered.is_by_the_script
    assert [each.field for each in left.required] == ["timeline"]


def test_a_question_in_a_models_words_was_asked_all_the_same() -> None:
    talk = tuple(
        (who, "And are you already working with an agent?" if "agent already" in text else text) for who, text in TALK
    )

    quality = analysed(order_of(*turns_of(talk)), now=NOON).quality

    assert {each.field: each.how for each in quality.required}["agent_status"] == "asked"
    assert quality.violations == ()


@pytest.mark.parametrize(
    ("left_out", "duty"),
    [
        ("calling for Acme Realty", "says who calls"),
        ("an AI assistant ", "says that it is a machine"),
        ("Say stop or press 9", "says how to stop it"),
        ("and it's recorded", "says that it is recorded"),
        ("at 1 PM Central time. Anything", "reads the appointment back"),
    ],
)
def test_a_duty_that_was_not_said_is_found(left_out: str, duty: str) -> None:
    talk = tuple((who, text.replace(left_out, "")) for who, text in TALK)

    quality = analysed(order_of(*turns_of(talk)), now=NOON).quality

    assert [each.name for each in quality.duties if not each.is_said] == [duty]


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("Your home is worth half a million.", "forbidden claim"),
        ("I guarantee you a quick sale.", "forbidden claim"),
        ("Grace can come on Friday as well.", "date that is not in the data"),
        ("It would sell for 480,000.", "number that is not in the data"),
        ("The schools there are good schools.", "forbidden claim"),
    ],
)
def test_words_that_no_model_should_have_said_are_found(words: str, what: str) -> None:
    talk = (*TALK[:8], ("agent", f"Got it. {words}"), *TALK[8:])

    violations = analysed(order_of(*turns_of(talk)), now=NOON).quality.violations

    assert [(each.turn, each.words) for each in violations if each.what == what] == [(9, words)]


def test_half_a_sentence_of_the_script_is_no_violation() -> None:
    turns = turns_of(
        ((TALK[0][0], OPENING[:60]), *TALK[1:]),
        t10={"text": "Thanks. For a free home visit, Grace can do tomorrow at", "interrupted": True},
    )
    quality = analysed(order_of(*turns), now=NOON).quality

    assert [each.turn for each in quality.violations] == []


def test_every_fact_is_held_against_the_transcript() -> None:
    made_up = {"field": "price", "value": {"max": 1}, "turn": 5, "quote": "a dollar", "confidence": 1.0}

    findings = analysed(order_of(facts=(*FACTS, made_up)), now=NOON).findings

    assert {each.field: each.is_literal for each in findings} == {
        "timeline": True, "motivation": True, "agent_status": True, "price": False,
    }  # fmt: skip


def test_a_model_may_sum_up_what_holds() -> None:
    draft = Draft(
        summary="Bob wants to sell within three months because of a new job. "
        "He is booked for Wednesday, March 11th at 1 PM. He would take 500,000 dollars. His home is worth a lot. "
        "Market value was promised. He has no agent."
    )

    assert checked_summary(draft, order_of()) == (
        "Bob wants to sell within three months because of a new job. He is booked for Wednesday, March 11th at 1 PM. "
        "He has no agent."
    )


def test_a_booking_that_there_is_not_cannot_be_claimed() -> None:
    order = order_of(appointment={**BOOKED, "is_booked": False})

    assert checked_summary(Draft(summary="Bob is booked."), order) is None


def test_a_model_adds_what_was_overheard_and_really_said() -> None:
    talk = (*TALK[:7], ("caller", "the house is in great shape by the way"), *TALK[7:])
    order = order_of(*turns_of(talk))
    proposed = (
        ProposedFact(field="condition", value="2", quote="in great shape"),
        ProposedFact(field="decision_makers", value="shared", quote="my wife and i"),
        ProposedFact(field="timeline", value="none", quote="in about two months"),
        ProposedFact(field="shoe_size", value="9", quote="in great shape"),
    )

    found = in_words_of(analysed(order, now=NOON), order, model="m", draft=None, findings=Findings(facts=proposed))

    assert [(each.field, each.value, each.turn) for each in found.findings if each.source == "model"] == [
        ("condition", "2", 8)
    ]
    assert (found.by, found.summary) == ("m", plain_summary(order))


def test_a_model_that_adds_nothing_leaves_no_trace() -> None:
    order = order_of()
    analysis = analysed(order, now=NOON)

    assert in_words_of(analysis, order, model="m", draft=Draft(summary="[insert]"), findings=Findings()) == analysis
    assert order.report.turns[4].text in summary_messages(order)[1]["content"]


def test_the_mood_follows_the_caller() -> None:
    sentiment = analysed(order_of(), now=NOON).sentiment

    assert (sentiment.label, sentiment.began, sentiment.turns[0].turn) == ("positive", 0.0, 9)
    assert sentiment.ended > 0.3


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("yes this is bob", "neutral"),
        ("thank you so much that would be great", "positive"),
        ("stop calling me you people are annoying", "negative"),
        ("i am not happy about this", "negative"),
        ("that is not bad", "positive"),
        ("", "neutral"),
    ],
)
def test_moods_are_told_by_words(words: str, label: str) -> None:
    assert label_of(mood_of(words)) == label


def test_a_mood_fades_slowly_and_turns_quickly() -> None:
    glad = running(0.0, "thank you so much that is great")

    assert glad > running(glad, "in two months") > 0
    assert running(glad, "this is ridiculous leave me alone") < 0.1
