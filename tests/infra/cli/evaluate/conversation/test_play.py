"""Whole calls are played as the person, the world and the clock of the scenario say."""

from datetime import datetime
from typing import Any

import pytest

from infra.cli.evaluate.conversation.run import otherwise, play_all
from shared.outcomes import Disposition
from tests.infra.cli.evaluate.conversation.calls import PERSON, Only, cast_of, make_scenario, played


def person(**different: Any) -> dict[str, Any]:
    return {**PERSON, **different}


async def test_who_answers_everything_is_booked() -> None:
    ended = await played(make_scenario())

    assert ended.disposition is Disposition.APPOINTMENT_SET
    assert ended.report.ended_by == "agent"
    assert ended.appointment == datetime.fromisoformat("2026-03-10T14:30-05:00")
    assert {fact.field for fact in ended.report.facts} >= {"timeline", "agent_status", "condition"}


async def test_a_booking_that_cannot_be_written_stands_in_no_calendar() -> None:
    ended = await played(make_scenario(world={"booking_is_down": True}))

    assert (ended.appointment, ended.bookings) == (None, 1)
    assert ended.disposition is Disposition.QUALIFIED_HOT


async def test_a_time_that_is_gone_is_followed_by_another() -> None:
    ended = await played(make_scenario(world={"first_slot_is_taken": True}))

    assert ended.bookings == 2
    assert ended.appointment is not None


async def test_a_turn_that_is_planned_is_said_whatever_was_asked() -> None:
    ended = await played(make_scenario(person=person(turns={3: "please take me off your list"})))

    assert ended.disposition is Disposition.OPTED_OUT
    assert ended.turns == 3
    deeds = [each.deed for each in ended.happenings if each.deed]
    assert deeds == ["opt_out"]


async def test_silence_is_no_turn_and_is_asked_about() -> None:
    ended = await played(make_scenario(person=person(silent_turns=[2])))

    assert any(each.text == "(says nothing)" for each in ended.happenings)
    assert ended.disposition is Disposition.APPOINTMENT_SET


async def test_who_has_had_enough_hangs_up() -> None:
    ended = await played(make_scenario(person=person(hangs_up_after=2)))

    assert (ended.turns, ended.report.ended_by) == (2, "caller")
    assert ended.disposition is Disposition.HUNG_UP_EARLY


async def test_who_never_stops_talking_meets_the_limit() -> None:
    ended = await played(make_scenario(person={"greeting": "hello", "answers": {"otherwise": "hold on a second"}}))

    assert not ended.is_endless
    assert ended.turns <= 32


async def test_the_same_call_goes_the_same_each_time() -> None:
    first, second = [await play_all([make_scenario()], cast_of()) for _ in range(2)]

    assert otherwise([first, second]) == []
    assert first.played[0].ended is not None
    assert second.played[0].ended is not None
    assert first.played[0].ended.happenings == second.played[0].ended.happenings


async def test_a_call_that_goes_otherwise_is_named() -> None:
    first = await play_all([make_scenario()], cast_of())
    second = await play_all([make_scenario()], cast_of(Only("Hello.")))

    assert otherwise([first, second]) == ["A seller"]


async def test_a_call_that_breaks_is_a_fault_of_the_law_and_stops_no_other() -> None:
    scenarios = [make_scenario(name="broken", script="nowhere"), make_scenario()]
    found = await play_all(scenarios, cast_of())

    broken, whole = found.played
    assert broken.ended is None
    assert "nowhere" in broken.faults[0].text
    assert found.compliance == (0, 1)
    assert whole.faults == ()


@pytest.mark.parametrize("direction", ["outbound", "inbound"])
async def test_the_first_words_are_the_callers_business_card(direction: str) -> None:
    ended = await played(make_scenario(call={"direction": direction}))

    assert "AI assistant" in ended.agent_words[0]
