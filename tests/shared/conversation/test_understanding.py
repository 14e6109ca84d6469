"""Single turns, read: dates on the person's clock, money, and what answers the open question."""

from datetime import date, datetime, time
from typing import Any

import pytest

from shared.conversation import ConversationState, Stage
from shared.conversation.understanding import Act, When
from shared.conversation.understanding.dates import read_when
from shared.conversation.understanding.normal import plain
from shared.conversation.understanding.numbers import read_numbers
from shared.conversation.understanding.understand import understand
from tests.shared.conversation.dialogue import CHICAGO, SUNDAY, make_brief

LOCAL = SUNDAY.astimezone(CHICAGO)
MONDAY, TUESDAY, THURSDAY, FRIDAY = (date(2026, 11, day) for day in (23, 24, 26, 27))


def day(on: date, **rest: Any) -> When:
    return When(first_day=on, last_day=on, **rest)


@pytest.mark.parametrize(
    ("words", "when"),
    [
        ("tomorrow", day(MONDAY)),
        ("thursday at two thirty", day(THURSDAY, at=time(14, 30), is_loose=True)),
        ("friday morning", day(FRIDAY, starts=time(8), ends=time(12))),
        ("tomorrow afternoon", day(MONDAY, starts=time(12), ends=time(17))),
        ("next tuesday", day(TUESDAY)),
        ("the day after tomorrow at nine", day(TUESDAY, at=time(9), is_loose=True)),
        ("november twenty sixth at ten a m", day(THURSDAY, at=time(10))),
        ("the twenty seventh", day(FRIDAY)),
        ("Friday, 2:30 p.m.", day(FRIDAY, at=time(14, 30))),
        ("monday at seven in the evening", day(MONDAY, at=time(19))),
        ("half past three on monday", day(MONDAY, at=time(15, 30), is_loose=True)),
        ("quarter to three", When(at=time(14, 45), is_loose=True)),
        ("after five", When(starts=time(17))),
        ("before noon", When(ends=time(12))),
        ("between two and four tomorrow", day(MONDAY, starts=time(14), ends=time(16))),
        ("noon", When(at=time(12))),
        ("ten", When(at=time(10), is_loose=True)),
        ("in half an hour", When(moment=LOCAL.replace(minute=30))),
        ("in two days", day(TUESDAY)),
        ("next week", When(first_day=MONDAY, last_day=date(2026, 11, 29))),
        ("monday no wait thursday", day(THURSDAY)),
        ("december first at two", day(date(2026, 12, 1), at=time(14), is_loose=True)),
        ("january fifth", day(date(2027, 1, 5))),
        ("blue", None),
        ("the first one", None),
    ],
)
def test_spoken_times_are_read_on_the_persons_clock(words: str, when: When | None) -> None:
    assert read_when(plain(words), local_now=LOCAL, is_awaited=True) == when


@pytest.mark.parametrize("words", ["two", "we have two dogs", "maybe three"])
def test_a_bare_number_is_no_time_unless_one_is_awaited(words: str) -> None:
    assert read_when(plain("two dogs"), local_now=LOCAL, is_awaited=False) is None


def test_the_weekday_of_today_is_today() -> None:
    assert read_when("sunday", local_now=LOCAL, is_awaited=True) == day(LOCAL.date())


@pytest.mark.parametrize("said", [datetime(2026, 3, 7, 12, tzinfo=CHICAGO), datetime(2026, 10, 31, 12, tzinfo=CHICAGO)])
def test_a_call_back_keeps_its_clock_time_when_the_clocks_change(said: datetime) -> None:
    when = read_when("tomorrow at five", local_now=said, is_awaited=True)

    assert when is not None
    assert when.callback(said).hour == 17
    assert when.callback(said).date() == date(said.year, said.month, said.day) + (MONDAY - LOCAL.date())


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("four fifty", 450),
        ("four hundred fifty thousand", 450_000),
        ("three hundred and ten thousand", 310_000),
        ("half a million", 500_000),
        ("a million", 1_000_000),
        ("one point two million", 1_200_000),
        ("twenty five hundred", 2500),
        ("four twenty five", 425),
        ("$450,000", 450_000),
        ("450k", 450_000),
        ("twenty six", 26),
    ],
)
def test_spoken_numbers_are_read_whole(words: str, value: float) -> None:
    assert [number.value for number in read_numbers(plain(words).split())] == [value]


@pytest.mark.parametrize(
    ("pending", "words", "value"),
    [
        ("timeline", "as soon as possible", "asap_0_1m"),
        ("timeline", "in about two months", "1_3m"),
        ("timeline", "two to three months", "1_3m"),
        ("timeline", "a few months", "1_3m"),
        ("timeline", "maybe six months", "3_6m"),
        ("timeline", "next spring", "3_6m"),
        ("timeline", "by the end of the year", "1_3m"),
        ("timeline", "within a year", "6_12m"),
        ("timeline", "in a year and a half", "12m+"),
        ("timeline", "we're in no hurry", "12m+"),
        ("timeline", "in january", "1_3m"),
        ("timeline", "i've been thinking for years", None),
        ("condition", "it's in great shape", 3),
        ("condition", "we remodeled the kitchen", 3),
        ("condition", "pretty good", 2),
        ("condition", "it needs a new roof", 1),
        ("condition", "it's falling apart", 0),
        ("agent_status", "no", "none"),
        ("agent_status", "not yet", "none"),
        ("agent_status", "yes", "unclear"),
        ("agent_status", "it's listed with someone", "listed"),
        ("decision_makers", "just me", "self"),
        ("decision_makers", "my wife and i", "shared"),
        ("decision_makers", "yes i own the house", "self"),
        ("decision_makers", "my husband and i own it", "shared"),
        ("decision_makers", "yes", "self"),
        ("decision_makers", "no", "shared"),
        ("financing", "i'm pre-approved", "preapproved"),
        ("financing", "paying cash", "cash"),
        ("financing", "yes", "talking"),
        ("financing", "not yet", "none"),
        ("financing", "we have to sell our house first", "needs_sell_first"),
        ("price", "around four fifty", {"max": 450_000}),
        ("price", "two to three hundred thousand", {"min": 200_000, "max": 300_000}),
        ("price", "up to half a million", {"max": 500_000}),
        ("rent", "two thousand", {"max": 2000}),
        ("rent", "fifteen to eighteen hundred", {"min": 1500, "max": 1800}),
        ("bedrooms", "three bedrooms", 3),
        ("bedrooms", "two", 2),
        ("area", "somewhere in round rock", "round rock"),
    ],
)
def test_an_answer_is_read_by_its_question(pending: str, words: str, value: Any) -> None:
    state = ConversationState(stage=Stage.QUALIFYING, pending=pending)
    understood = understand(words, state=state, brief=make_brief(), now=SUNDAY)
    told = understood.told.get(pending)

    assert (told.value if told else None) == value


@pytest.mark.parametrize(
    ("words", "strength"),
    [
        ("i got a new job in denver", 3),
        ("we're getting divorced", 3),
        ("my mother passed away", 3),
        ("we're downsizing", 2),
        ("we need more space", 2),
        ("just curious really", 1),
        ("it is something we talk about", 1),
    ],
)
def test_a_reason_has_a_strength(words: str, strength: int) -> None:
    state = ConversationState(stage=Stage.QUALIFYING, pending="motivation")
    told = understand(words, state=state, brief=make_brief(), now=SUNDAY).told["motivation"]

    assert told.value == {"text": plain(words), "strength": strength}


def test_what_is_volunteered_is_kept() -> None:
    state = ConversationState(stage=Stage.QUALIFYING, pending="motivation")
    told = understand("my wife and i are relocating in two months", state=state, brief=make_brief(), now=SUNDAY).told

    assert {name: fact.value for name, fact in told.items() if name != "motivation"} == {
        "timeline": "1_3m",
        "decision_makers": "shared",
    }


@pytest.mark.parametrize(
    ("words", "act"),
    [
        ("yeah no", Act.NO),
        ("no yeah that's fine", Act.YES),
        ("uh huh", Act.YES),
        ("not really", Act.NO),
        ("no problem", Act.YES),
        ("sounds good to me", Act.YES),
        ("that doesn't work", Act.NO),
        ("i don't think so", Act.NO),
        ("could you say that again", Act.REPEAT),
        ("hang on a second", Act.WAIT),
        ("can i speak to a real person", Act.WANTS_PERSON),
        ("who gave you my number", Act.HOW_GOT_NUMBER),
        ("what company is this", Act.WHO_ARE_YOU),
        ("have a good day", Act.GOODBYE),
    ],
)
def test_what_a_turn_does_is_heard(words: str, act: Act) -> None:
    understood = understand(words, state=ConversationState(), brief=make_brief(), now=SUNDAY)

    assert act in understood.acts
    assert not {Act.YES, Act.NO} <= understood.acts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I'm not sure, um, it's $450,000.", "i am not sure it is 450000"),
        ("Don't! We can't.", "do not we can not"),
        ("at 10am or 2 p.m.", "at 10 am or 2 pm"),
        ("my mother's house", "my mothers house"),
        ("uh huh", "yes"),
        ("", ""),
    ],
)
def test_words_take_one_plain_form(text: str, words: str) -> None:
    assert plain(text) == words


@pytest.mark.parametrize(
    ("words", "on"),
    [
        ("tuesday next week", date(2026, 11, 24)),
        ("saturday this week", date(2026, 11, 28)),
        ("the 25th of this month", date(2026, 11, 25)),
        ("on the 2nd", date(2026, 12, 2)),
        ("the twenty fifth of november", date(2026, 11, 25)),
    ],
)
def test_days_may_be_said_the_long_way(words: str, on: date) -> None:
    assert read_when(plain(words), local_now=LOCAL, is_awaited=True) == day(on)
