"""``reauto campaign`` and ``reauto call``, typed by a person, answered by the API."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest
from click.testing import CliRunner

from infra.cli.api import Api
from infra.cli.commands import reauto
from shared.calls import Finding, Permission, Verdict
from shared.campaigns import CampaignState
from shared.conversation import CallReport, SpokenTurn
from shared.conversation.report import ScoreReason
from shared.costs import Component, CostLine, Unit
from shared.kernel.errors import Malformed, NotFound, Refused
from shared.kernel.ids import AttemptId, CampaignId
from shared.kernel.money import Money
from tests.infra.cli.office import Office
from tests.shared.calls.world import NIGHT, NOON, make_campaign, make_lead


def test_a_campaign_is_made_for_the_only_seller(office: Office) -> None:
    said = office.run("campaign", "create", "Autumn", "--caller-id", "+1 512 555 0000", "--budget", "12.50")

    made = next(one for one in office.json("campaign", "list") if one["name"] == "Autumn")
    assert said == f"Campaign Autumn: {made['id']}\n"
    assert (made["state"], made["caller_id"]) == ("draft", "+15125550000")


def test_the_list_names_every_campaign_with_its_id(office: Office) -> None:
    said = office.run("campaign", "list")

    assert "Spring" in said
    assert "running" in said
    assert "campaign-1" in said


def test_no_campaign_is_said_so(office: Office) -> None:
    office.desk.world.store.campaigns.clear()

    assert "There is no campaign yet" in office.run("campaign", "list")
    with pytest.raises(NotFound, match="there is none yet"):
        office.run("campaign", "show", "Spring")


def test_a_campaign_is_shown_lead_by_lead(office: Office) -> None:
    world = office.desk.world
    world.add(make_lead(), make_lead("bob", phone="+15125550102", disposition="voicemail", score=40))
    world.add(make_lead("cyd", phone="+15125550103"), with_consent=False)
    world.dispatch()

    said = office.run("campaign", "show", "spring")

    assert "Spring, running" in said
    assert "3 leads; 2 live calls" in said
    assert "claimed █████████████▍······ 2 67%" in said
    assert "blocked ██████▋············· 1 33%" in said
    assert "Ada  +15125550101" in said
    assert "score 40" in said
    assert "not rung: there is no consent to AI voice calls from this seller" in said
    assert "reauto call show a1" in said
    assert max(len(line) for line in said.splitlines()) <= 80


def test_a_campaign_is_found_by_its_id_too(office: Office) -> None:
    assert office.json("campaign", "show", "campaign-1")["campaign"]["name"] == "Spring"


def test_an_unknown_name_answers_with_those_that_exist(office: Office) -> None:
    with pytest.raises(NotFound, match="no campaign 'Summer': there are 'Spring'"):
        office.run("campaign", "show", "Summer")


def test_a_name_that_two_campaigns_have_is_not_guessed(office: Office) -> None:
    office.desk.world.campaigns.save(make_campaign(id=CampaignId("campaign-2")))

    with pytest.raises(Malformed, match="campaign-2, campaign-1"):
        office.run("campaign", "pause", "Spring")


def test_a_pause_says_why_and_a_start_goes_on(office: Office) -> None:
    office.desk.world.render_opening()

    assert office.run("campaign", "pause", "Spring", "--because", "lunch") == "Spring is paused: lunch.\n"
    assert "Spring, paused (lunch)" in office.run("campaign", "show", "Spring")
    assert office.run("campaign", "resume", "Spring") == "Spring is running.\n"


def test_a_draft_waits_for_its_opening(office: Office) -> None:
    office.desk.world.campaigns.save(make_campaign(state=CampaignState.DRAFT))

    said = office.run("campaign", "start", "Spring", "--no-wait")

    assert said == "Spring is scheduled: it starts by itself when its opening is rendered.\n"


def test_a_start_waits_until_the_campaign_runs() -> None:
    states = iter(["draft", "scheduled", "running"])

    def answer(request: httpx.Request) -> httpx.Response:
        campaign = {"id": "c1", "name": "Spring", "state": "scheduled"}
        return httpx.Response(200, json=campaign if request.method == "POST" else [campaign | {"state": next(states)}])

    api = Api("http://office", "key", transport=httpx.MockTransport(answer))
    done = CliRunner().invoke(reauto, ["campaign", "start", "Spring"], obj=lambda url, key: api)

    assert done.output == "rendering the opening …\nSpring is running.\n"


def test_what_the_api_refuses_is_one_line(office: Office) -> None:
    office.desk.world.campaigns.save(make_campaign(state=CampaignState.DRAFT))

    with pytest.raises(Refused, match="cannot be paused"):
        office.run("campaign", "pause", "Spring")


def test_a_wrong_key_is_said_so(office: Office) -> None:
    office.key = "another-key-of-some-length"

    with pytest.raises(Refused, match="does not accept the key"):
        office.run("campaign", "list")


def finished_call(office: Office, *, recording_path: str = "2026/03/10/a1.rec") -> None:
    """An attempt with a report and cost lines."""
    world = office.desk.world
    world.add(make_lead())
    world.dispatch()
    attempt = world.attempt()
    over = replace(attempt, ended_at=NOON + timedelta(minutes=2), duration_seconds=95, provider_result="completed")
    world.store.attempts[attempt.id] = over
    turns = (
        SpokenTurn(number=1, speaker="caller", text="hello", started=1.5, ended=2.0),
        SpokenTurn(number=2, speaker="agent", text="Hi, this is Ava.", started=0.1, ended=9.0, interrupted=True),
    )
    report = CallReport(
        attempt_id=attempt.id,
        worker="w1",
        epoch="e1",
        started_at=NOON,
        ended_at=NOON,
        ended_by="agent",
        end_reason="goodbye",
        heard="human",
        turns=turns,
        score=20,
        score_reasons=(ScoreReason(name="timeline", points=20, most=30, why="within a month (turn 3)"),),
        recording_path=recording_path,
    )
    office.desk.reports.add(report)
    line = CostLine(
        component=Component.CARRIER_VOICE,
        vendor="twilio",
        quantity=Decimal(2),
        unit=Unit.MINUTE,
        unit_price=Money.usd("0.014"),
        amount=Money.usd("0.028"),
        price_version="test",
    )
    world.store.cost_lines[AttemptId("a1")] = (line,)


def test_a_call_is_shown_in_the_order_it_happened(office: Office) -> None:
    finished_call(office)

    said = office.run("call", "show", "a1")

    assert said.index("Hi, this is Ava. —") < said.index("hello")
    assert "carrier says  completed" in said
    assert "lasted        95 s" in said
    assert "2026-03-10 17:00:00 UTC" in said
    assert "Score 20" in said
    assert "within a month (turn 3)" in said
    assert "Cost $0.0280" in said
    assert "2 minutes, twilio" in said
    assert "consent.ai_voice" in said
    assert max(len(line) for line in said.splitlines()) <= 80


def test_a_refusal_stands_out(office: Office) -> None:
    office.desk.world.add(make_lead())
    office.desk.world.dispatch()
    finding = Finding(rule="hours.local", verdict=Verdict.DEFER, reason="it is night there", defer_until=NOON)
    office.desk.world.calls.record(Permission(at=NIGHT, findings=(finding,)), attempt_id=AttemptId("a1"))

    said = office.run("call", "show", "a1")

    assert "defer, 2026-03-11 04:00:00 UTC" in said
    assert "hours.local  defer: it is night there" in said


def test_a_call_that_nobody_made_is_said_so(office: Office) -> None:
    with pytest.raises(NotFound, match="nobody"):
        office.run("call", "show", "nobody")
