"""Answers that mean something by the question before them: a time read back, anything else, a day that is excluded."""

from datetime import date

import pytest

from shared.conversation import ConversationState, OpenSlot, Stage
from shared.conversation.understanding import Act, Understood
from shared.conversation.understanding.understand import understand
from tests.shared.conversation.dialogue import SUNDAY, make_brief, slot_at

TUESDAY, THURSDAY = date(2026, 11, 24), date(2026, 11, 26)


def answer(text: str, *, pending: str = "slot", offered: tuple[OpenSlot, ...] = ()) -> Understood:
    state = ConversationState(stage=Stage.SCHEDULING, pending=pending, offered=offered)
    return understand(text, state=state, brief=make_brief(), now=SUNDAY)


@pytest.mark.parametrize(
    "text", ["actually make it thursday", "can we do thursday instead", "thursday", "change it to thursday"]
)
def test_naming_another_day_than_was_read_back_is_a_no(text: str) -> None:
    found = answer(text, offered=(slot_at(24, 14),))

    assert Act.NO in found.acts
    assert Act.YES not in found.acts
    assert found.when is not None
    assert found.when.first_day == THURSDAY


@pytest.mark.parametrize(
    "text", ["tuesday", "tuesday at two", "yes tuesday at two", "tuesday it is", "cool", "yes that's it"]
)
def test_agreeing_to_what_was_read_back_is_a_yes(text: str) -> None:
    assert Act.YES in answer(text, offered=(slot_at(24, 14),)).acts


@pytest.mark.parametrize(
    "text", ["no that's okay", "that will be all", "no i'm fine thanks", "perfect thanks", "that's it for now", "no"]
)
def test_nothing_else_is_a_no_whatever_is_said_after_it(text: str) -> None:
    found = answer(text, pending="anything_else")

    assert Act.NO in found.acts
    assert Act.YES not in found.acts


def test_yes_please_to_anything_else_stays_a_yes() -> None:
    assert Act.YES in answer("yes please", pending="anything_else").acts


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("i said thursday not tuesday", THURSDAY),
        ("tuesday but not wednesday", TUESDAY),
        ("not tuesday thursday", THURSDAY),
    ],
)
def test_a_day_that_is_excluded_is_not_the_one_that_is_meant(text: str, day: date) -> None:
    found = answer(text)

    assert found.when is not None
    assert found.when.first_day == day
    assert Act.NEITHER not in found.acts


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("a week from today", date(2026, 11, 29), date(2026, 11, 29)),
        ("two weeks from tuesday", date(2026, 12, 8), date(2026, 12, 8)),
        ("next month", date(2026, 12, 1), date(2026, 12, 31)),
        ("at the end of the month", date(2026, 11, 24), date(2026, 11, 30)),
        ("the 8th of next month", date(2026, 12, 8), date(2026, 12, 8)),
        ("the 25th of this month", date(2026, 11, 25), date(2026, 11, 25)),
        ("choose day", TUESDAY, TUESDAY),
        ("thirst day", THURSDAY, THURSDAY),
    ],
)
def test_days_are_read_in_every_usual_wording(text: str, first: date, last: date) -> None:
    found = answer(text)

    assert found.when is not None
    assert (found.when.first_day, found.when.last_day) == (first, last)


@pytest.mark.parametrize("text", ["i want to see the house on thursday", "could you schedule a visit for thursday"])
def test_a_day_is_read_where_a_visit_is_wished_though_nobody_asked(text: str) -> None:
    found = answer(text, pending="condition")

    assert found.has(Act.WANTS_APPOINTMENT)
    assert found.when is not None
    assert found.when.first_day == THURSDAY
