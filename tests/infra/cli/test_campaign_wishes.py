"""How a person says how a campaign rings, and how the command shows it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from infra.cli.campaign_wishes import body_of
from shared.campaigns import CampaignState, PauseReason
from shared.kernel.errors import Malformed
from shared.kernel.ids import CampaignId
from tests.infra.cli.office import Office
from tests.shared.calls.world import NOON, make_lead

NOTHING: dict[str, Any] = {
    **dict.fromkeys(("script", "voice", "concurrency", "per_minute", "max_attempts", "max_per_day", "starts", "ends")),
    **dict.fromkeys(("priority", "experiment", "voicemail", "opt_out_number", "inbound_reserve", "first_call_within")),
    **dict.fromkeys(("call_limit", "hot_from", "nurture_from")),
    "inbound_script": None,
    "recorded": None,
    "retry": (),
    "hours": (),
    "variant": (),
}


def body(**wished: Any) -> dict[str, Any]:
    return body_of(NOTHING | wished)


def test_what_is_not_wished_for_is_left_out() -> None:
    assert body() == {}
    assert body(concurrency=3, per_minute=9) == {"max_concurrency": 3, "plan": {"calls_per_minute": 9}}


def test_wishes_are_written_as_people_would() -> None:
    assert body(hot_from=80, nurture_from=30) == {"plan": {"hot_from": 80, "nurture_from": 30}}
    assert body(hours=("mon-tue 10:00-12:00",))["plan"]["hours"] == [
        {"weekday": 0, "opens": "10:00", "closes": "12:00"},
        {"weekday": 1, "opens": "10:00", "closes": "12:00"},
    ]
    assert body(retry=("busy=30", "no answer=120"))["retry_minutes"] == {"busy": 30, "no_answer": 120}
    assert body(starts="2026-12-01T09:00-06:00", ends="never") == {
        "starts_at": "2026-12-01T09:00:00-06:00",
        "ends_at": None,
    }
    assert body(experiment="greeting", variant=("a", "b,weight=2,voice=en-us+f3,prompt=reply-2"))["plan"][
        "experiment"
    ] == {
        "name": "greeting",
        "variants": [{"name": "a"}, {"name": "b", "weight": 2, "voice": "en-us+f3", "prompt": "reply-2"}],
    }


def test_calls_need_not_be_recorded() -> None:
    assert body(recorded=False) == {"plan": {"recorded": False}}


def test_what_was_set_can_be_taken_away() -> None:
    assert body(hours=("always",), voicemail="none", experiment="none", call_limit="none")["plan"] == {
        "hours": [],
        "voicemail": "none",
        "call_limit_usd": None,
        "experiment": None,
    }


@pytest.mark.parametrize(
    ("wished", "how"),
    [
        ({"hours": ("nine to five",)}, "mon-fri 09:00-17:30"),
        ({"retry": ("busy",)}, "busy=30"),
        ({"starts": "tomorrow"}, "2026-12-01T09:00"),
        ({"experiment": "greeting"}, "--variant"),
        ({"variant": ("a",)}, "--experiment"),
        ({"experiment": "x", "variant": ("a,colour=red",)}, "weight=2"),
        ({"experiment": "x", "variant": ("a,weight=much",)}, "whole number"),
    ],
)
def test_a_wish_that_cannot_be_read_shows_how_to_write_it(wished: dict[str, Any], how: str) -> None:
    with pytest.raises(Malformed, match=how):
        body(**wished)


def test_a_campaign_is_made_changed_and_shown_with_what_is_out_of_the_ordinary(office: Office) -> None:
    office.run(
        "campaign", "create", "Autumn", "--caller-id", "+15125550000", "--hours", "sat 10:00-12:00",
        "--starts", "2026-12-01T09:00-06:00", "--experiment", "greeting", "--variant", "a", "--variant", "b",
    )  # fmt: skip
    said = office.run(
        "campaign", "set", "Autumn", "--voicemail", "Call us.", "--opt-out-number", "+18005550100", "--name", "Fall"
    )
    assert said == "Fall is changed.\n"

    shown = office.run("campaign", "show", "Fall")
    assert "rings Sat 10:00-12:00" in shown
    assert "begins Tuesday, December 1, 15:00 UTC" in shown
    assert "voicemail hears: Call us." in shown
    assert office.run("campaign", "start", "Fall", "--no-wait").startswith("Fall is scheduled")


def test_leads_are_shown_as_many_as_wished_and_of_one_status(office: Office) -> None:
    world = office.desk.world
    world.add(*(make_lead(f"lead-{number}", phone=f"+1512555{number:04}") for number in range(1, 8)))

    said = office.run("campaign", "show", "Spring", "--leads", "2")
    assert said.count("+1512555") == 2
    assert "… and 5 more" in said
    assert len(office.json("campaign", "show", "Spring", "--status", "blocked")["leads"]) == 0
    assert office.json("campaign", "show", "Spring", "--leads", "0")["leads"] == []


def test_the_speed_to_new_leads_is_drawn(office: Office) -> None:
    world = office.desk.world
    world.add(make_lead(created_at=NOON, asked_at=NOON, next_attempt_at=NOON))
    world.dispatch()
    attempt = world.attempt()
    assert world.calls.begin_dialing(attempt.id, worker="w1", slot_epoch="e1", now=NOON + timedelta(seconds=20))

    said = office.run("campaign", "show", "Spring")
    assert "1 of 1 new leads rung within 60 s" in said
    assert "100%, p50 20 s, p95 20 s" in said
    figures = office.desk.services.board.first_calls(
        CampaignId("campaign-1"), within=timedelta(minutes=1), since=NOON, now=NOON
    )
    assert figures.in_time == 1


def test_a_pause_of_the_breaker_says_that_a_person_is_needed(office: Office) -> None:
    broken = replace(
        office.desk.world.campaign,
        state=CampaignState.PAUSED,
        paused_reason=PauseReason.BREAKER,
        paused_because="6 of 10 calls failed",
    )
    office.desk.world.campaigns.save(broken)

    assert "breaker: 6 of 10 calls failed; start it again yourself" in office.run("campaign", "show", "Spring")
    assert "Spring rests: breaker: 6 of 10 calls failed" in office.run("campaign", "list")


def test_numbers_are_added_listed_and_given_up(office: Office) -> None:
    said = office.run("number", "add", "(512) 555-0199", "--authorisation", "bundle BU1")
    assert said == "+15125550199 is warming up, at most 40 dials a day for now.\n"
    [own] = [each for each in office.desk.world.own_numbers.all() if each.phone == "+15125550199"]
    office.desk.world.own_numbers.save(own.cooled(NOON + timedelta(hours=1), "networks turned away 3 of 9 calls"))

    listed = office.run("number", "list")
    assert "resting" in listed
    assert "+15125550199 rests until Tuesday, March 10, 18:00 UTC: networks turned away 3 of 9 calls" in listed
    assert office.run("number", "retire", "+15125550199") == "+15125550199 is retired.\n"
    assert office.json("number", "list")[1]["standing"] == "retired"
