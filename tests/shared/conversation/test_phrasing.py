"""What is said: whole sentences from data, the same every time, in forms a voice can read."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.conversation import ConversationState, Line
from shared.conversation.phrasing import say
from shared.conversation.script import SCRIPTS, load_script, parse_script, script_names
from shared.conversation.spoken import ordinal_number, spoken_day, spoken_moment, spoken_slot, spoken_time
from shared.kernel.errors import Malformed, NotFound
from tests.shared.conversation.dialogue import CHICAGO, SUNDAY, Call, make_brief

SCRIPT = load_script("seller_home_value")


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("America/Chicago", "Thursday, November 26th at 2 PM Central time"),
        ("America/New_York", "Thursday, November 26th at 3 PM Eastern time"),
        ("America/Los_Angeles", "Thursday, November 26th at noon Pacific time"),
        ("America/Phoenix", "Thursday, November 26th at 1 PM Mountain time"),
        ("Asia/Kathmandu", "Friday, November 27th at 1:45 AM your time"),
    ],
)
def test_an_agreed_time_names_day_date_hour_and_zone(zone: str, said: str) -> None:
    moment = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)

    assert spoken_moment(moment, timezone=ZoneInfo(zone)) == said


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(hours=4), "today at 2 PM"),
        (timedelta(days=1), "tomorrow at 10 AM"),
        (timedelta(days=4, minutes=30), "Thursday at 10:30 AM"),
        (timedelta(days=9), "Tuesday, December 1st at 10 AM"),
    ],
)
def test_an_offered_time_is_said_from_today(ahead: timedelta, said: str) -> None:
    assert spoken_slot(SUNDAY + ahead, timezone=CHICAGO, now=SUNDAY) == said


def test_days_and_hours_have_a_spoken_form() -> None:
    assert spoken_day(date(2026, 12, 3)) == "Thursday, December 3rd"
    assert [ordinal_number(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd", "30th",
    ]  # fmt: skip
    assert spoken_time(datetime(2026, 1, 1, 0, 5, tzinfo=UTC)) == "12:05 AM"


def test_variants_take_turns_and_stay_the_same_for_the_same_state() -> None:
    brief = make_brief()
    line = Line(act="ack")
    said = [say((line,), state=ConversationState(turn=turn), brief=brief, script=SCRIPT)[0] for turn in range(4)]

    assert len(set(said)) == 4
    assert said == [
        say((line,), state=ConversationState(turn=turn), brief=brief, script=SCRIPT)[0] for turn in range(4)
    ]


def test_signs_in_a_leads_row_are_not_read_out() -> None:
    call = Call(make_brief(subject="12 Oak St [unit {4}] <b>", first_name="Maria*"))

    assert call.said == ["You asked about 12 Oak St unit 4 b on Zillow on November 20th. Is this Maria?"]


def test_what_a_lead_lacks_has_a_neutral_word() -> None:
    call = Call(make_brief(subject="", first_name="", source="", asked_at=None))

    assert call.said == ["You asked about your home's value on our website. Is this the person who asked?"]
    assert call.hear("yes").startswith(("Thanks. A few", "Great, thanks. I'll"))


def test_a_line_without_phrase_or_value_is_refused() -> None:
    with pytest.raises(Malformed, match="no phrase 'sing'"):
        say((Line(act="sing"),), state=ConversationState(), brief=make_brief(), script=SCRIPT)
    with pytest.raises(Malformed, match="slot_a"):
        say((Line(act="offer_one"),), state=ConversationState(), brief=make_brief(), script=SCRIPT)


def test_every_script_of_the_project_loads() -> None:
    ready = ["buyer_portal", "inbound", "open_house", "past_client", "rental", "seller_home_value"]
    assert script_names() == ready
    assert all(load_script(name).name == name for name in script_names())
    with pytest.raises(NotFound, match="take one of"):
        load_script("nothing")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"phrases": {"greet": ["Hello {nobody}"]}}, "nobody"),
        ({"phrases": {"greet": ["Hello [name]"]}}, "broken value"),
        ({"required": ["shoe_size"]}, "shoe_size"),
        ({"colour": "red"}, "colour"),
        ({"objections": {"yodel": {"reply": ["x"], "then": "end"}}}, "objections"),
    ],
)
def test_a_broken_script_is_refused_with_the_reason(change: dict[str, object], complaint: str) -> None:
    own = {"version": 1, "name": "mine", "subject": "a home", "what": "a visit", **change}

    with pytest.raises(Malformed, match=complaint):
        parse_script(own, shared={})


@pytest.mark.parametrize("name", script_names())
def test_every_line_in_the_code_has_its_phrase_and_every_phrase_its_line(name: str) -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS.parent.glob("*.py"))
    named = set(re.findall(r'"([a-z_]+)"', code))
    spoken = set(re.findall(r'(?:exact|free)\(\s*"([a-z_]+)"', code))
    script = load_script(name)

    assert spoken <= script.variants.keys()
    assert script.phrases.keys() <= named


def test_a_scripts_own_phrase_replaces_the_shared_one() -> None:
    own = {"name": "mine", "subject": "a home", "what": "a visit", "phrases": {"ack": ["Fine."]}}
    script = parse_script(own, shared={"phrases": {"ack": ["Okay."], "sorry": ["Sorry."]}})

    assert script.variants == {"ack": ("Fine.",), "sorry": ("Sorry.",)}
