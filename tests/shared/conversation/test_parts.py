"""A call that was connected again is told as one: nothing of its first half is lost."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from shared.conversation import CallReport, SpokenTurn
from shared.conversation.parts import merged
from shared.conversation.report import CancelledAppointment, ReportedAppointment, ReportedFact, ReportedUsage
from shared.costs import Component, Unit
from shared.kernel.ids import AgentId, AppointmentId, AttemptId

BEGAN = datetime(2026, 3, 10, 18, tzinfo=UTC)


def part(number: int, **told: Any) -> CallReport:
    given: dict[str, Any] = {
        "attempt_id": AttemptId("a1"),
        "part": number,
        "worker": f"w{number}",
        "epoch": "e1",
        "started_at": BEGAN + timedelta(seconds=60 * number),
        "ended_at": BEGAN + timedelta(seconds=60 * number + 40),
        "ended_by": "error",
        "end_reason": "broken",
        "heard": "human",
    }
    return CallReport(**given | told)


def learnt(field: str, value: str, turn: int) -> ReportedFact:
    return ReportedFact(field=field, value=value, turn=turn, quote=value, confidence=1.0)


def spoken(number: int, text: str) -> SpokenTurn:
    return SpokenTurn(number=number, speaker="caller", text=text, started=1.0, ended=2.0)


def used(component: Component, quantity: int) -> ReportedUsage:
    return ReportedUsage(component=component, vendor="local", quantity=Decimal(quantity), unit=Unit.SECOND)


def appointment(name: str, *, is_booked: bool) -> ReportedAppointment:
    return ReportedAppointment(
        id=AppointmentId(name),
        agent_id=AgentId("g"),
        starts_at=BEGAN,
        ends_at=BEGAN,
        timezone="UTC",
        is_booked=is_booked,
    )


def whole(*parts: CallReport) -> CallReport:
    found = merged(parts)
    assert found is not None
    return found


def test_nothing_told_is_nothing() -> None:
    assert merged([]) is None


def test_one_part_is_itself() -> None:
    assert merged([part(0, score=3)]) == part(0, score=3)


def test_the_order_in_which_parts_come_does_not_matter() -> None:
    first, then, last = part(0, score=3), part(1, objections=("busy",)), part(2, ended_by="agent")

    assert whole(last, first, then) == whole(first, then, last)
    assert (whole(last, first, then).part, whole(last, first, then).ended_by) == (2, "agent")


def test_turns_go_on_and_facts_cite_them() -> None:
    call = whole(
        part(0, turns=(spoken(1, "yes"), spoken(2, "two months")), facts=(learnt("timeline", "1_3m", 2),)),
        part(1, turns=(spoken(1, "cash"),), facts=(learnt("financing", "cash", 1),)),
    )

    assert [(turn.number, turn.text, turn.started) for turn in call.turns] == [
        (1, "yes", 1.0),
        (2, "two months", 1.0),
        (3, "cash", 61.0),
    ]
    assert {each.field: each.turn for each in call.facts} == {"timeline": 2, "financing": 3}


def test_a_fact_that_a_later_part_only_remembers_keeps_its_turn() -> None:
    call = whole(
        part(0, turns=(spoken(1, "two months"),), facts=(learnt("timeline", "1_3m", 1),)),
        part(1, facts=(learnt("timeline", "1_3m", 0),)),
    )

    assert [each.turn for each in call.facts] == [1]


def test_what_was_said_once_was_said() -> None:
    call = whole(
        part(0, opted_out=True, opt_out_words="stop", wants_person=True, callback_at=BEGAN),
        part(1, heard="nobody", has_agent=True),
    )

    assert (call.opted_out, call.opt_out_words, call.wants_person, call.has_agent) == (True, "stop", True, True)
    assert (call.callback_at, call.heard) == (BEGAN, "human")


def test_a_booked_time_counts_before_a_promised_one() -> None:
    booked, promised = appointment("b", is_booked=True), appointment("p", is_booked=False)

    assert whole(part(0, appointment=booked), part(1, appointment=promised)).appointment == booked
    assert whole(part(0, appointment=promised), part(1, appointment=booked)).appointment == booked
    assert whole(part(0, appointment=booked), part(1)).appointment == booked


def test_usage_is_summed_and_every_recording_is_named() -> None:
    call = whole(
        part(0, usage=(used(Component.COMPUTE, 40),), recording_path="a.wav"),
        part(1, usage=(used(Component.COMPUTE, 30), used(Component.SPEECH_TO_TEXT, 9)), recording_path="a-1.wav"),
        part(2, recording_path="a-2.wav"),
    )

    assert [(each.component, int(each.quantity)) for each in call.usage] == [
        (Component.COMPUTE, 70),
        (Component.SPEECH_TO_TEXT, 9),
    ]
    assert (call.recording_path, call.later_recordings) == ("a.wav", ("a-1.wav", "a-2.wav"))


def test_an_appointment_that_a_later_part_cancels_is_none() -> None:
    gone = CancelledAppointment(
        id=AppointmentId("x"), agent_id=AgentId("g"), starts_at=BEGAN, ends_at=BEGAN, timezone="UTC", is_done=True
    )
    booked = part(0, appointment=appointment("x", is_booked=True))

    assert whole(booked, part(1, cancelled=gone)).appointment is None
    assert whole(booked, part(1, cancelled=gone)).cancelled == gone
    assert whole(part(0, cancelled=gone), part(1, keeps_appointment=True)).keeps_appointment is False


def test_a_language_that_one_part_told_of_is_kept() -> None:
    assert whole(part(0, callback_language="es"), part(1)).callback_language == "es"
