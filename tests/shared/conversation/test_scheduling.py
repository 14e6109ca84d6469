"""Any counter-offer is met, what may mean two things is asked aloud, and what was chosen is read back whole."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.conversation import ActionResult, BookSlot, MoveAppointment, OpenSlot
from shared.conversation.counter_words import bounded, corrected
from shared.conversation.understanding.normal import plain
from tests.shared.conversation.dialogue import CHICAGO, SUNDAY, WORKDAYS, Call, make_brief, slot_at

SELLER = ("yes", "in two months", "i got a new job in denver", "it's in good condition", "no", "no")
MONDAY = SUNDAY + timedelta(days=1)
TWO_WEEKS = tuple(
    slot_at(day, hour, month=month)
    for month, days in ((11, (23, 24, 25, 26, 27, 30)), (12, (1, 2, 3, 4)))
    for day in days
    for hour in (9, 10, 11, 14, 15, 16)
)


def at_the_offer(**different: Any) -> Call:
    """A call in which Monday at ten and Tuesday at two are on offer."""
    call = Call(make_brief(**{"slots": WORKDAYS, **different}))
    call.hear(*SELLER)
    return call


def on_a_monday() -> Call:
    """A call on a Monday, at the offer of one of many times in the next two weeks."""
    slots = tuple(slot_at(day, hour) for day in (17, 18, 19, 20, 23, 24, 25) for hour in (9, 10, 14, 15))
    call = Call(make_brief(slots=slots), now=SUNDAY - timedelta(days=6))
    call.hear(*SELLER)
    return call


def starts(call: Call) -> list[str]:
    return [start.isoformat()[:16] for start in call.booked]


def on_offer(call: Call) -> list[str]:
    return [f"{slot.starts_at.astimezone(CHICAGO):%a %H:%M}" for slot in call.state.offered]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("same time on friday", ["Fri 10:00", "Fri 14:00"]),
        ("the day after", ["Wed 10:00", "Wed 11:00"]),
        ("the next day would be better", ["Wed 10:00", "Wed 11:00"]),
        ("the day after thursday", ["Fri 10:00", "Fri 11:00"]),
        ("not before eleven", ["Mon 11:00", "Tue 14:00"]),
        ("nothing earlier than two", ["Mon 14:00", "Tue 14:00"]),
        ("i get off work at three", ["Mon 15:00", "Tue 15:00"]),
        ("i'm busy until three", ["Mon 15:00", "Tue 15:00"]),
        ("three or later", ["Mon 15:00", "Tue 15:00"]),
        ("after work", ["Mon 16:00", "Tue 16:00"]),
        ("do you have anything earlier", ["Mon 10:00", "Mon 11:00"]),
        ("anything later in the week", ["Wed 10:00", "Thu 14:00"]),
        ("another day would be better", ["Wed 10:00", "Thu 14:00"]),
        ("the end of the week", ["Thu 10:00", "Fri 14:00"]),
        ("early in the week", ["Mon 10:00", "Tue 14:00"]),
        ("wednesday or thursday", ["Wed 10:00", "Thu 14:00"]),
        ("late in the afternoon on thursday", ["Thu 16:00"]),
        ("first thing wednesday", ["Wed 10:00"]),
        ("not tomorrow", ["Tue 10:00", "Wed 14:00"]),
        ("mornings don't work for me", ["Mon 14:00", "Tue 15:00"]),
    ],
)
def test_a_counter_offer_is_met_with_what_fits(words: str, offered: list[str]) -> None:
    call = at_the_offer()
    call.hear(words)

    assert starts(call) == []
    assert on_offer(call)[: len(offered)] == offered or on_offer(call)[0] == offered[0]
    assert on_offer(call)[0] == offered[0]


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("either is fine", "2026-11-23T10:00"),
        ("it doesn't matter", "2026-11-23T10:00"),
        ("the first one but an hour later", "2026-11-23T11:00"),
        ("no not tomorrow i meant wednesday at ten", "2026-11-25T10:00"),
        ("tomorrow at ten no wait make it thursday at two", "2026-11-26T14:00"),
        ("the day after thursday at two", "2026-11-27T14:00"),
        ("the same day but at three the second one", "2026-11-24T15:00"),
    ],
)
def test_a_time_that_is_clear_is_booked_at_once(words: str, start: str) -> None:
    call = at_the_offer()
    call.hear(words)

    assert starts(call) == [start]


def test_a_week_later_is_the_same_time_seven_days_on() -> None:
    call = at_the_offer(slots=TWO_WEEKS)
    call.hear("the first one but a week later")

    assert starts(call) == ["2026-11-30T09:00"]


def test_a_part_of_the_day_is_of_the_day_that_is_spoken_of() -> None:
    call = at_the_offer()
    call.hear("how about friday")
    assert on_offer(call) == ["Fri 10:00", "Fri 11:00"]

    call.hear("in the afternoon")
    assert on_offer(call) == ["Fri 14:00", "Fri 15:00"]
    call.hear("four works")
    assert starts(call) == ["2026-11-27T16:00"]


def test_what_cannot_be_had_is_said_and_met_with_the_nearest() -> None:
    call = at_the_offer()

    assert call.hear("the first one but a week later").startswith("That time isn't free.")
    assert on_offer(call) == ["Fri 15:00", "Fri 16:00"]
    assert call.hear("saturday").startswith("I have nothing then")


def test_next_tuesday_is_asked_aloud_while_a_tuesday_of_this_week_is_ahead() -> None:
    call = on_a_monday()
    reply = call.hear("how about next tuesday at three")

    assert reply == "Do you mean Tuesday, November 17th, or Tuesday, November 24th?"
    assert starts(call) == []


@pytest.mark.parametrize(
    ("answer", "day"),
    [
        ("the twenty fourth", 24),
        ("no not tomorrow i mean the twenty fourth at three", 24),
        ("not tomorrow", 24),
        ("tomorrow", 17),
        ("the second one", 24),
        ("the first one", 17),
        ("this tuesday", 17),
        ("the later one", 24),
        ("november twenty fourth", 24),
        ("the week after", 24),
    ],
)
def test_the_day_that_was_meant_is_booked_at_the_hour_that_was_named(answer: str, day: int) -> None:
    call = on_a_monday()
    call.hear("next tuesday at three", answer)

    assert starts(call) == [f"2026-11-{day}T15:00"]


def test_a_day_that_was_meant_keeps_the_part_of_the_day() -> None:
    call = on_a_monday()
    call.hear("next tuesday afternoon", "the twenty fourth")

    assert on_offer(call) == ["Tue 14:00", "Tue 15:00"]
    assert call.state.offered[0].starts_at.astimezone(CHICAGO).day == 24


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (SUNDAY, "next tuesday at three"),
        (MONDAY, "next tuesday december first at three"),
        (MONDAY, "tuesday next week at three"),
        (MONDAY, "tuesday at three"),
    ],
)
def test_what_is_clear_is_not_asked(now: datetime, words: str) -> None:
    call = Call(make_brief(slots=TWO_WEEKS), now=now)
    call.hear(*SELLER, words)

    assert len(call.booked) == 1


def test_an_hour_of_both_halves_of_the_day_is_asked_aloud() -> None:
    long_days = tuple(slot_at(day, hour) for day in (24, 25) for hour in (7, 9, 12, 19))
    call = at_the_offer(slots=long_days)
    reply = call.hear("wednesday at seven")

    assert reply == "In the morning, or later in the day: Wednesday at 7 AM, or Wednesday at 7 PM?"
    call.hear("in the morning")
    assert starts(call) == ["2026-11-25T07:00"]


def test_a_doubt_survives_a_question_in_between() -> None:
    call = on_a_monday()
    call.hear("next tuesday at three")
    reply = call.hear("are you a robot")

    assert reply.startswith("Yes, I'm an AI assistant")
    assert reply.endswith("Do you mean Tuesday, November 17th, or Tuesday, November 24th?")
    call.hear("the twenty fourth")
    assert starts(call) == ["2026-11-24T15:00"]


def test_the_read_back_says_day_date_time_and_zone() -> None:
    call = at_the_offer(timezone="America/New_York")

    assert "Monday, November 23rd at 11 AM Eastern time" in call.hear("the first one")


def test_a_read_back_that_is_wrong_is_mended_by_moving_what_was_booked() -> None:
    call = at_the_offer()
    call.hear("the first one")
    first = call.state.appointment_id
    reply = call.hear("oh no wait i meant tuesday at three")

    [move] = [action for action in call.actions if isinstance(action, MoveAppointment)]
    assert move.instead_of == first
    assert "You're booked with Dana for Tuesday, November 24th at 3 PM" in reply
    assert call.state.appointment_id != first
    assert call.state.is_booked


def test_a_time_that_is_gone_twice_is_replaced_twice() -> None:
    taken = [ActionResult.TAKEN, ActionResult.TAKEN, ActionResult.DONE]
    call = Call(results={BookSlot: taken})
    call.hear(*SELLER, "the first one", "the first one", "the first one")

    assert len(set(starts(call))) == 3
    assert call.state.is_booked


@pytest.mark.parametrize(
    ("words", "plainly"),
    [
        ("not before ten", "after ten"),
        ("no earlier than ten thirty", "after ten thirty"),
        ("no later than four", "before four"),
        ("i get off at four", "i after four"),
        ("i work until five", "i after five"),
        ("five or later", "after five"),
        ("ten works", "ten works"),
        ("do you have anything before noon", "do you have anything before noon"),
    ],
)
def test_bounds_are_said_plainly(words: str, plainly: str) -> None:
    assert bounded(plain(words)) == plainly


@pytest.mark.parametrize(
    ("words", "counts"),
    [
        ("tuesday i mean thursday", "thursday"),
        ("i can't make it thursday", "i can not make it thursday"),
        ("i mean it", "i mean it"),
    ],
)
def test_what_counts_of_a_correction_is_behind_it(words: str, counts: str) -> None:
    assert corrected(plain(words), SUNDAY.astimezone(CHICAGO)) == counts


def test_three_agents_at_one_time_are_one_offer() -> None:
    same = [slot_at(24, 14).model_copy(update={"agent_name": name}) for name in ("Ann", "Bea", "Cleo")]
    call = at_the_offer(slots=(*same, slot_at(25, 10)))

    assert on_offer(call) == ["Tue 14:00", "Wed 10:00"]
    assert all(isinstance(slot, OpenSlot) for slot in call.state.offered)
