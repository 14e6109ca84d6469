"""A worker is killed with SIGKILL after any turn, and a process that knows nothing of it goes on with the call."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from infra.cli.bench_conversation.lone_call import Calendar
from infra.cli.bench_conversation.restored_calls import KilledCalls, Trial, different, judged
from infra.cli.bench_conversation.talks import MOST_TURNS, TALKS, Talk

BY_NAME = {talk.name: talk for talk in TALKS}
BOOKING, STOPPING = BY_NAME["a renter who books"], BY_NAME["who wants no calls"]


@pytest.fixture
def calls(tmp_path: Path, redis_url: str) -> KilledCalls:
    return KilledCalls(redis_url=redis_url, folder=tmp_path)


@pytest.mark.parametrize("elsewhere", [False, True], ids=["same machine", "another machine"])
@pytest.mark.parametrize("talk", [BOOKING, BY_NAME["a seller who wants a call back"]], ids=lambda talk: talk.name)
def test_a_call_killed_after_any_turn_ends_as_if_nothing_had_happened(
    calls: KilledCalls, talk: Talk, elsewhere: bool
) -> None:
    whole = asyncio.run(calls.unbroken(talk))
    for after in range(whole.driver.state.turn + 1):
        faults, ended = calls.tried(Trial(talk=talk, after=after, elsewhere=elsewhere))

        assert faults + different(ended, whole) == [], f"killed after {after} turns"


@pytest.mark.parametrize("dies", ["before", "after"])
def test_a_booking_in_which_the_worker_dies_is_made_once(calls: KilledCalls, dies: str) -> None:
    first = calls.order(BOOKING, dies=dies)
    calls.held(first)

    then = calls.held(replace(first, part=1, worker="w2", dies="", ends=True))

    assert then["acts"][0] == ["booked"]
    assert (then["is_over"], then["state"]["is_booked"]) == (True, True)
    [booking] = Calendar(file=first.calendar).entries()
    assert booking["id"] == then["state"]["appointment_id"]


@pytest.mark.parametrize("dies", ["before", "after"])
def test_an_opt_out_in_which_the_worker_dies_is_written_before_it_is_confirmed(calls: KilledCalls, dies: str) -> None:
    first = calls.order(STOPPING, dies=dies)
    calls.held(first)

    then = calls.held(replace(first, part=1, worker="w2", dies="", ends=True))

    assert then["acts"] == [["opt_out_done"]]
    assert [each["words"] for each in Calendar(file=first.calendar).entries()] == ["stop calling me"]


def test_what_was_said_before_is_known_to_whoever_goes_on(calls: KilledCalls) -> None:
    first = calls.order(BOOKING, most=2)
    calls.held(first)

    then = calls.held(replace(first, part=1, worker="w2", most=0, ends=True))

    assert then["earlier_turns"][1] == "yes this is alex"
    assert then["earlier_turns"][-1] == "in about two months"


def test_a_part_that_remembers_nothing_is_found_out(calls: KilledCalls) -> None:
    first = calls.order(BOOKING, most=3)
    before = calls.held(first)
    stranger = replace(first, name="stranger", part=1, worker="w2", turn=3, most=MOST_TURNS, ends=True)

    faults = judged(before, calls.held(stranger), calendar=first.calendar)

    assert "nothing was remembered" in faults
    assert any(fault.startswith("asked again") for fault in faults)
