"""Rung calls: which scenarios can be rung, and how a call that was rung is told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.cli.evaluate.conversation.audio_ended import ended_call
from infra.cli.evaluate.conversation.audio_stage import cast_parts, is_playable, playable, write_people
from infra.cli.evaluate.conversation.compliance import breaches
from infra.simulator.people.persona import load_personas
from shared.calls import CallAttempt
from shared.conversation import CallReport, SpokenTurn
from shared.kernel.ids import AttemptId
from shared.leads import Suppression, SuppressionReason
from shared.outcomes import Disposition
from shared.reports.summarise import AttemptRecord, LeadRecord
from tests.infra.cli.evaluate.conversation.calls import PERSON, make_scenario
from tests.shared.calls.world import make_lead

SCRIPTS = ("seller_home_value", "rental")
BEGAN = datetime(2026, 3, 10, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "different",
    [
        {"call": {"direction": "inbound"}},
        {"call": {"booked": "2026-03-12T10:00"}},
        {"call": {"now": "2026-03-11T09:00"}},
        {"call": {"asked_days_ago": None}},
        {"world": {"booking_is_down": True}},
        {"script": "past_client"},
        {"person": {**PERSON, "greeting": "sí"}},
    ],
)
def test_what_the_stage_cannot_show_is_not_rung(different: dict[str, Any]) -> None:
    assert is_playable(make_scenario(), SCRIPTS)
    assert not is_playable(make_scenario(**different), SCRIPTS)


def test_who_speaks_in_short_lines_comes_first() -> None:
    long = make_scenario(name="long", person={**PERSON, "greeting": "well hello there my dear how are you today then"})

    assert [each.name for each in playable([long, make_scenario()], SCRIPTS, most=1)] == ["A seller"]


def test_everybody_has_a_telephone_and_lines_to_expect(tmp_path: Any) -> None:
    parts = cast_parts([make_scenario(), make_scenario(name="another")])

    write_people(parts, tmp_path / "people", tmp_path / "phrases.txt")

    assert len({person.phone for person in load_personas(tmp_path / "people")}) == 2
    assert "my job is moving" in (tmp_path / "phrases.txt").read_text().splitlines()


def turn(number: int, speaker: str, text: str, seconds: float, **different: Any) -> SpokenTurn:
    usual = {"number": number, "speaker": speaker, "text": text, "started": seconds, "ended": seconds + 2}
    return SpokenTurn.model_validate({**usual, **different})


def rung(*turns: SpokenTurn, opted_out_after: float | None = None) -> Any:
    lead = make_lead()
    assert lead.campaign_id is not None
    attempt = CallAttempt(
        id=AttemptId("a"), seller_id=lead.seller_id, campaign_id=lead.campaign_id, lead_id=lead.id, attempt_no=1,
        phone=lead.phone, caller_id="+15125550100", planned_at=BEGAN, dial_deadline=BEGAN,
    )  # fmt: skip
    report = CallReport(
        attempt_id=AttemptId("a"), worker="w", epoch="1", started_at=BEGAN, ended_at=BEGAN + timedelta(minutes=1),
        ended_by="agent", end_reason="goodbye", heard="human", turns=turns, opted_out=opted_out_after is not None,
    )  # fmt: skip
    told = AttemptRecord(attempt=attempt, disposition=Disposition.OPTED_OUT, report=report)
    at = BEGAN + timedelta(seconds=opted_out_after or 0)
    listed = [Suppression(phone=attempt.phone, reason=SuppressionReason.OPT_OUT, at=at)]
    record = LeadRecord(lead=lead, attempts=(told,))
    return ended_call(record, listed if opted_out_after is not None else (), 2)


def test_a_wish_that_is_written_down_while_it_is_said_is_well_met() -> None:
    call = rung(
        turn(1, "agent", "Is this Alex?", 1),
        turn(2, "caller", "take me off", 4),
        turn(3, "caller", "take me off your list", 6),
        turn(4, "agent", "Done, you're off our list. Goodbye.", 6.5),
        opted_out_after=5,
    )

    assert breaches("opt_out", call) == []


def test_words_before_it_was_written_down_are_found_by_the_clock() -> None:
    call = rung(
        turn(1, "caller", "take me off your list", 1),
        turn(2, "agent", "How soon would you like to sell?", 4),
        opted_out_after=9,
    )

    assert any("How soon" in text for text in breaches("opt_out", call))


def test_an_answer_that_was_cut_off_counts_by_what_follows_it() -> None:
    call = rung(
        turn(1, "caller", "are you a robot", 1),
        turn(2, "agent", "Yes,", 3, interrupted=True),
        turn(3, "caller", "hello", 4),
        turn(4, "agent", "Yes, I'm an AI assistant.", 6),
    )

    assert breaches("honest_robot", call) == []


def test_a_call_of_which_nothing_is_told_is_none() -> None:
    assert ended_call(LeadRecord(lead=make_lead()), (), 0) is None
