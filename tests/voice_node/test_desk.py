"""The desk writes home, or keeps what home cannot take, and never lies about it."""

from datetime import timedelta
from pathlib import Path

import pytest

from shared.conversation import ActionResult, CallReport, OpenSlot
from shared.kernel.errors import NotFound, Unavailable
from shared.kernel.ids import AgentId, AppointmentId
from tests.voice_node.doubles import ATTEMPT, NOON, Cabinet, ReportTray, StillClock, make_brief, make_desk
from voice_node.desk import Desk
from voice_node.spool import Spool

SLOT = OpenSlot(
    agent_id=AgentId("a1"),
    agent_name="Grace",
    starts_at=NOON + timedelta(days=1),
    ends_at=NOON + timedelta(days=1, minutes=30),
)


def a_report() -> CallReport:
    return CallReport(
        attempt_id=ATTEMPT,
        worker="w1",
        epoch="e1",
        started_at=NOON,
        ended_at=NOON,
        ended_by="caller",
        end_reason="hung_up",
        heard="human",
    )


async def test_an_opt_out_covers_the_whole_installation_with_its_evidence(tmp_path: Path) -> None:
    cabinet = Cabinet()

    assert await make_desk(cabinet, tmp_path).opt_out(make_brief(), "stop calling me") is ActionResult.DONE

    [entry] = cabinet.suppressed
    assert (entry.phone, entry.seller_id, entry.evidence) == ("+15125550142", None, "stop calling me")


async def test_an_opt_out_that_cannot_be_written_is_repeated_until_it_lands(tmp_path: Path) -> None:
    cabinet = Cabinet(is_away=True)
    desk = make_desk(cabinet, tmp_path)

    assert await desk.opt_out(make_brief(), "stop") is ActionResult.UNKNOWN
    assert await desk.replay() == 0
    cabinet.is_away = False
    assert await desk.replay() == 1

    assert [entry.evidence for entry in cabinet.suppressed] == ["stop"]
    assert desk.spool.entries() == []


async def test_a_report_waits_in_the_spool_while_home_is_away(tmp_path: Path) -> None:
    cabinet = Cabinet(is_away=True)
    desk = make_desk(cabinet, tmp_path)

    await desk.report(a_report())
    cabinet.is_away = False
    await desk.replay()

    assert cabinet.reports == [a_report()]


@pytest.mark.parametrize(
    ("away", "taken", "expected"),
    [
        (False, False, ActionResult.DONE),
        (False, True, ActionResult.TAKEN),
        (True, False, ActionResult.UNKNOWN),
    ],
)
async def test_a_booking_says_how_it_went(tmp_path: Path, away: bool, taken: bool, expected: ActionResult) -> None:
    cabinet = Cabinet(is_away=away, taken=taken)

    result = await make_desk(cabinet, tmp_path).book(make_brief(), SLOT, AppointmentId("p1"))

    assert result is expected
    assert [each.id for each in cabinet.appointments] == (["p1"] if expected is ActionResult.DONE else [])


async def test_a_brief_that_cannot_be_reached_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        await make_desk(Cabinet(is_away=True), tmp_path).brief(ATTEMPT)


async def test_an_entry_that_home_refuses_does_not_hold_up_the_rest(tmp_path: Path) -> None:
    cabinet = Cabinet(is_away=True)
    desk = make_desk(cabinet, tmp_path)
    await desk.report(a_report())
    await desk.opt_out(make_brief(), "stop")
    cabinet.is_away = False

    class Refusing(ReportTray):
        def add(self, report: CallReport) -> None:
            raise NotFound(report.attempt_id)

    refusing = Desk(
        briefs=cabinet,
        reports=Refusing(cabinet),
        suppressions=desk.suppressions,
        appointments=cabinet,
        spool=Spool(tmp_path / "spool.jsonl"),
        clock=StillClock(),
    )

    assert await refusing.replay() == 2
    assert len(cabinet.suppressed) == 1
    assert (tmp_path / "spool.refused").exists()


@pytest.mark.parametrize(
    ("away", "taken", "expected"),
    [
        (False, False, ActionResult.DONE),
        (False, True, ActionResult.TAKEN),
        (True, False, ActionResult.UNKNOWN),
    ],
)
async def test_a_move_says_how_it_went(tmp_path: Path, away: bool, taken: bool, expected: ActionResult) -> None:
    cabinet = Cabinet(is_away=away, taken=taken)
    desk = make_desk(cabinet, tmp_path)

    assert await desk.move(make_brief(), SLOT, AppointmentId("p2"), instead_of=AppointmentId("p1")) is expected
    if expected is ActionResult.DONE:
        [moved] = cabinet.appointments
        assert (moved.id, moved.moved_from) == ("p2", "p1")
    assert desk.spool.entries() == []


async def test_an_appointment_without_an_id_is_left_to_a_person(tmp_path: Path) -> None:
    cabinet = Cabinet()
    desk = make_desk(cabinet, tmp_path)

    assert await desk.move(make_brief(), SLOT, AppointmentId("p2"), instead_of=None) is ActionResult.UNKNOWN
    assert await desk.cancel(make_brief(), None) is ActionResult.UNKNOWN
    assert (cabinet.appointments, cabinet.cancelled) == ([], [])


async def test_a_cancellation_that_cannot_be_written_is_repeated_until_it_lands(tmp_path: Path) -> None:
    cabinet = Cabinet(is_away=True)
    desk = make_desk(cabinet, tmp_path)

    assert await desk.cancel(make_brief(), AppointmentId("p1")) is ActionResult.UNKNOWN
    assert await desk.replay() == 0
    cabinet.is_away = False
    assert await desk.replay() == 1
    assert [(each.appointment_id, each.attempt_id) for each in cabinet.cancelled] == [("p1", ATTEMPT)]

    assert await desk.cancel(make_brief(), AppointmentId("p2")) is ActionResult.DONE
