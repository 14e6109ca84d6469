"""Scores over the API: their history, the report, the cuts of a campaign, and what became of appointments."""

from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient
from rich.console import Console

from functions import close_call
from functions.api.app import build_app
from infra.cli.score import score as score_command
from infra.cli.score_screen import draw_history, draw_scores, draw_unmarked
from shared.appointments import Appointment
from shared.calls import AttemptState, CallAttempt
from shared.campaigns import CampaignState
from shared.conversation.report import ReportedFact, ScoreEvidence, ScoreReason
from shared.kernel.ids import AgentId, AppointmentId
from tests.contracts.nouns import make_report
from tests.functions.desk import API_KEY, Desk
from tests.shared.calls.world import NOON, make_lead

REASON = ScoreReason(
    name="timeline", points=30, most=30, why="within a month",
    evidence=(ScoreEvidence(field="timeline", turn=4, quote="as soon as possible"),),
)  # fmt: skip
SOON = ReportedFact(field="timeline", value="asap_0_1m", turn=4, quote="as soon as possible", confidence=1.0)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def client(desk: Desk) -> TestClient:
    return TestClient(build_app(desk.services), headers={"Authorization": f"Bearer {API_KEY}"})


def closed(desk: Desk, points: int) -> CallAttempt:
    """A call that ended with so many points."""
    desk.world.add(make_lead("ada"))
    desk.world.dispatch()
    attempt = desk.world.attempt()
    desk.services.calls.begin_dialing(attempt.id, worker="w1", slot_epoch="e1", now=NOON)
    talked = replace(
        attempt, state=AttemptState.ENDED, provider_sid="CA1", provider_result="completed", dial_started_at=NOON,
        answered_at=NOON, streamed_at=NOON, ended_at=NOON, duration_seconds=90,
    )  # fmt: skip
    desk.services.calls.move(talked)
    desk.reports.add(make_report(attempt, score=points, score_reasons=(REASON,), facts=(SOON,), ended_by="agent"))
    close_call.handle({"attempt_id": attempt.id}, desk.services)
    return attempt


def test_closing_a_call_keeps_its_score_once(desk: Desk, client: TestClient) -> None:
    attempt = closed(desk, 65)
    close_call.handle({"attempt_id": attempt.id}, desk.services)

    [kept] = client.get(f"/v1/calls/{attempt.id}/scores").json()
    assert (kept["source"], kept["points"], kept["rules"]) == ("call:0", 65, "1")
    assert kept["reasons"][0]["evidence"][0]["quote"] == "as soon as possible"
    assert client.get("/v1/calls/nobody/scores").status_code == 404


@pytest.mark.parametrize(("hot_from", "disposition"), [(70, "qualified_nurture"), (60, "qualified_hot")])
def test_a_campaign_says_from_which_score_on_a_lead_is_hot(
    desk: Desk, client: TestClient, hot_from: int, disposition: str
) -> None:
    running = desk.world.campaign
    desk.services.campaigns.save(replace(running, state=CampaignState.PAUSED))
    changed = client.patch(f"/v1/campaigns/{running.id}", json={"plan": {"hot_from": hot_from}})
    desk.services.campaigns.save(replace(desk.services.campaigns.get(running.id), state=CampaignState.RUNNING))
    attempt = closed(desk, 65)

    assert changed.json()["plan"]["cuts"] == {"hot_from": hot_from, "nurture_from": 25}
    assert desk.services.calls.disposition(attempt.id) == disposition
    assert client.get("/v1/scores", params={"campaign_id": running.id}).json()["present"]["points"] == hot_from


def test_cuts_that_sort_nobody_are_refused(client: TestClient) -> None:
    [campaign] = client.get("/v1/campaigns").json()
    refused = client.patch(f"/v1/campaigns/{campaign['id']}", json={"plan": {"hot_from": 20}})

    assert refused.status_code == 400
    assert "score cuts" in refused.json()["detail"]


def test_appointments_are_marked_and_counted(desk: Desk, client: TestClient) -> None:
    attempt = closed(desk, 85)
    made = Appointment(
        id=AppointmentId("0195a000-0000-7000-8000-0000000000aa"), seller_id=attempt.seller_id, agent_id=AgentId("g"),
        lead_id=attempt.lead_id, attempt_id=attempt.id, starts_at=NOON + timedelta(hours=1),
        ends_at=NOON + timedelta(hours=2), timezone="America/Chicago",
    )  # fmt: skip
    desk.services.appointments.book(made)
    desk.clock.moment = NOON + timedelta(days=1)

    assert [each["id"] for each in client.get("/v1/appointments/unmarked").json()] == [made.id]
    assert client.post(f"/v1/appointments/{made.id}", json={"became": "kept"}).json()["status"] == "kept"
    assert client.post(f"/v1/appointments/{made.id}", json={"became": "cancelled"}).status_code == 400
    assert client.post("/v1/appointments/none", json={"became": "kept"}).status_code == 404
    found = client.get("/v1/scores").json()
    assert (found["calls"], found["unmarked"], found["served"]) == (1, [], None)
    assert found["buckets"][8]["kept"] == {
        "count": 1,
        "of": 1,
        "value": 1.0,
        "low": pytest.approx(0.2065, abs=1e-3),
        "high": 1.0,
    }


def test_the_terminal_shows_it(desk: Desk, client: TestClient) -> None:
    attempt = closed(desk, 85)
    desk.clock.moment = NOON + timedelta(days=1)
    console = Console(width=110, record=True, file=None, force_terminal=False)
    with console.capture() as shown:
        draw_scores(console, client.get("/v1/scores").json())
        draw_history(console, client.get(f"/v1/calls/{attempt.id}/scores").json())
        draw_unmarked(console, client.get("/v1/appointments/unmarked").json())

    text = shown.get()
    assert "80–89" in text
    assert "1/1 100% (21%–100%)" in text
    assert "as soon as possible" in text
    assert "Too few calls" in text
    assert "known whether it was kept" in text


def test_the_command_says_what_it_can_do() -> None:
    told = CliRunner().invoke(score_command, ["--help"])

    assert told.exit_code == 0
    assert all(name in told.output for name in ("report", "history", "unmarked", "mark"))
