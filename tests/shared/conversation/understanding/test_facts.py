"""Facts in one turn: rooms, places, money, what is spelled out, and what a person takes back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.conversation import ConversationState, Stage
from shared.conversation.understanding import Told
from shared.conversation.understanding.understand import understand
from tests.shared.conversation.dialogue import SUNDAY, make_brief


def told(pending: str | None, text: str, *also: str) -> dict[str, Told]:
    state = ConversationState(stage=Stage.QUALIFYING, pending=pending)
    return dict(understand(text, state=state, brief=make_brief(), now=SUNDAY, also_asked=also).told)


def values(pending: str | None, text: str, *also: str) -> dict[str, Any]:
    return {field: fact.value for field, fact in told(pending, text, *also).items()}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("a three bedroom two bath place", {"bedrooms": 3, "bathrooms": 2}),
        ("three beds two and a half baths", {"bedrooms": 3, "bathrooms": 2.5}),
        ("two bed rooms and baths", {"bedrooms": 2, "bathrooms": 2}),
        ("at least 2 bathrooms", {"bathrooms": 2}),
        ("sixteen hundred square feet", {"square_feet": 1600}),
        ("a home in Round Rock with four bedrooms", {"area": "round rock", "bedrooms": 4}),
        ("we want to move to denver", {"area": "denver"}),
        ("i live in san fran", {"area": "san francisco"}),
        ("up to half a million in Cedar Park", {"area": "cedar park", "price": {"max": 500_000}}),
        ("two thousand a month", {"rent": {"max": 2000}}),
        ("we have three dogs", {}),
        ("there was a drop in price", {}),
        ("it was built in march", {}),
    ],
)
def test_what_is_volunteered_is_read(text: str, facts: dict[str, Any]) -> None:
    found = values(None, text)

    assert {field: found.get(field) for field in facts} == facts
    assert facts or not {"area", "bedrooms", "bathrooms", "price", "rent"} & found.keys()


@pytest.mark.parametrize(
    ("pending", "text", "value"),
    [
        ("bedrooms", "three no two", 2),
        ("bedrooms", "a studio", 0),
        ("bedrooms", "the second one", None),
        ("bathrooms", "just one", 1),
        ("price", "five hundred no sorry four hundred", {"max": 400_000}),
        ("price", "i meant four hundred", {"max": 400_000}),
        ("price", "maybe five", {"max": 500_000}),
        ("price", "six and a half", {"max": 650_000}),
        ("price", "a million two", {"max": 1_200_000}),
        ("price", "half a mil", {"max": 500_000}),
        ("price", "over three hundred", {"min": 300_000}),
        ("price", "four to five depending on the lot", {"min": 400_000, "max": 500_000}),
        ("price", "i have sixty thousand to put down", None),
        ("rent", "fifteen no make it sixteen", {"max": 1600}),
        ("area", "Sunnyvale please", "sunnyvale"),
        ("area", "i prefer santa rosa", "santa rosa"),
        ("area", "how about hayward", "hayward"),
        ("area", "Somewhere in Franklin County.", "franklin county"),
        ("area", "in the San Jose area", "san jose"),
        ("area", "no idea", None),
        ("area", "where is the one i asked about", None),
        ("email", "j o h n at gmail dot com", "john@gmail.com"),
        ("email", "it's mary dot lopez seven at yahoo dot com", "mary.lopez7@yahoo.com"),
        ("email", "m as in mary a r k at aol dot com", "mark@aol.com"),
        ("last_name", "my last name is s m i t h", "Smith"),
        ("timeline", "maybe march no april", "3_6m"),
    ],
)
def test_an_answer_and_what_is_taken_back_are_read(pending: str, text: str, value: Any) -> None:
    assert values(pending, text).get(pending) == value


def test_two_questions_put_in_one_breath_are_both_answered() -> None:
    found = values("area", "fremont and two", "bedrooms")

    assert (found["area"], found["bedrooms"]) == ("fremont", 2)


def test_a_fact_names_the_words_that_say_it() -> None:
    found = told(None, "my wife and i need three bedrooms in sunnyvale under four hundred thousand")

    assert {field: fact.words for field, fact in found.items()} == {
        "decision_makers": "my wife",
        "bedrooms": "three bedrooms",
        "area": "sunnyvale",
        "price": "four hundred thousand",
    }


def test_a_known_town_is_surer_than_words_that_only_follow_in() -> None:
    known, unknown = told("area", "in sunnyvale")["area"], told("area", "in blorptown")["area"]

    assert known.confidence > unknown.confidence


@given(
    st.text(alphabet=st.characters(codec="ascii"), max_size=120), st.sampled_from(["area", "price", "bedrooms", "slot"])
)
def test_any_text_at_all_is_read_without_a_fault(text: str, pending: str) -> None:
    for fact in told(pending, text).values():
        assert 0 < fact.confidence <= 1


@given(
    st.integers(1, 9),
    st.integers(1, 9),
    st.sampled_from(["bedrooms", "beds", "bed"]),
    st.sampled_from(["baths", "bath"]),
)
def test_counts_of_rooms_are_told_apart(beds: int, baths: int, bed: str, bath: str) -> None:
    found = values(None, f"it has {beds} {bed} and {baths} {bath}")

    assert (found["bedrooms"], found["bathrooms"]) == (beds, baths)
