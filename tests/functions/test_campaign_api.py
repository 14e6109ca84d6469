"""Campaigns, their leads and our numbers through the API's door."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.api.campaign_leads import LeadBody
from shared.campaigns import CallingPlan, CampaignState, Experiment, Variant
from shared.kernel.ids import CampaignId, LeadId
from shared.leads.columns import BY_NAME
from tests.functions.desk import Desk
from tests.functions.test_api import CSV, Client, add_seller, campaign_body, render
from tests.shared.calls.world import NOON, make_lead

SPRING = CampaignId("campaign-1")
PERSON = {
    "first_name": "Ada",
    "phone": "+1 512 555 0101",
    "timezone": "America/Chicago",
    "state": "TX",
    "consent_text": "I agree to AI calls",
    "consent_channels": "ai_voice",
    "consent_at": "2026-03-01T10:00:00Z",
    "consent_url": "https://example.com/home-value",
}
EXPERIMENT = {"name": "greeting", "variants": [{"name": "a"}, {"name": "b", "weight": 2, "voice": "en-us+f3"}]}


@pytest.fixture
def client() -> Client:
    return Client(Desk())


def make(client: Client, **changes: Any) -> Any:
    made = client.ask("POST", "/v1/campaigns", campaign_body(add_seller(client), **changes))
    assert client.status == 201, made
    return client.ask("GET", f"/v1/campaigns/{made['id']}")["campaign"]


def test_a_campaign_is_made_with_everything_it_rings_by(client: Client) -> None:
    shown = make(
        client,
        starts_at="2026-03-11T09:00:00-06:00",
        ends_at="2026-04-11T09:00:00-06:00",
        priority=7,
        max_attempts=4,
        retry_minutes={"busy": 10},
        plan={
            "hours": [{"weekday": 0, "opens": "10:00", "closes": "18:00"}],
            "calls_per_minute": 12,
            "voicemail": "message",
            "voicemail_text": "Please call us back.",
            "opt_out_number": "+1 800 555 0100",
            "experiment": EXPERIMENT,
            "failure_limit": {"most": 0.3, "at_least": 5, "window_minutes": 2},
            "inbound_reserve": 1,
            "first_call_within_seconds": 30,
            "call_limit_usd": "0.80",
        },
    )

    plan, cadence = shown["plan"], shown["cadence"]
    assert (shown["starts_at"], shown["priority"]) == ("2026-03-11T15:00:00Z", 7)
    assert (cadence["max_attempts"], cadence["delay_seconds"]["busy"]) == (4, 600)
    assert plan["hours"] == [{"weekday": 0, "opens": "10:00", "closes": "18:00"}]
    assert (plan["calls_per_minute"], plan["opt_out_number"]) == (12, "+18005550100")
    assert plan["breaker"]["failure"] == {"most": 0.3, "at_least": 5, "window": "PT2M"}
    assert plan["breaker"]["complaint"]["at_least"] == 40
    assert (plan["first_call_within"], plan["call_limit"]) == ("PT30S", {"micro_usd": 800_000})
    voices = [order["voice"] for order in client.desk.world.messages("render") if "kind" not in order]
    assert voices == ["en-us+f2", "en-us+f3"]


def test_its_caller_id_joins_our_numbers(client: Client) -> None:
    shown = make(client)

    numbers = client.ask("GET", "/v1/numbers", query=f"seller_id={shown['seller_id']}")
    assert [(each["phone"], each["campaign_id"], each["standing"]) for each in numbers] == [
        ("+15125550077", shown["id"], "ready")
    ]


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"plan": {"voicemail": "message", "voicemail_text": "Hi."}}, "toll-free"),
        ({"plan": {"experiment": {"name": "x", "variants": [{"name": "a", "script": "poem"}]}}}, "poem"),
        ({"plan": {"experiment": {"name": "x", "variants": [{"name": "a", "prompt": "reply-99"}]}}}, "reply-99"),
        ({"plan": {"hours": [{"weekday": 0, "opens": "18:00", "closes": "10:00"}]}}, "open before close"),
        ({"plan": {"failure_limit": {"most": 2, "at_least": 5, "window_minutes": 2}}}, "failure_limit"),
        ({"plan": {"colour": "blue"}}, "colour"),
        ({"priority": 100}, "priority"),
        ({"starts_at": "2026-03-11T09:00:00"}, "starts_at"),
        ({"retry_minutes": {"boredom": 5}}, "retry_minutes"),
    ],
)
def test_what_cannot_be_done_is_said(client: Client, wrong: dict[str, Any], word: str) -> None:
    problem = client.ask("POST", "/v1/campaigns", campaign_body(add_seller(client), **wrong))

    assert client.status == 400, problem
    assert word in problem["detail"]


def test_a_number_of_another_seller_is_refused_before_anything_is_made(client: Client) -> None:
    problem = client.ask("POST", "/v1/campaigns", campaign_body(add_seller(client), caller_id="+15125550000"))

    assert (client.status, "another seller" in problem["detail"]) == (409, True)
    assert [each["id"] for each in client.ask("GET", "/v1/campaigns")] == [SPRING]


def test_only_what_is_given_changes(client: Client) -> None:
    before = make(client, plan={"calls_per_minute": 12, "experiment": EXPERIMENT}, max_attempts=4)
    path = f"/v1/campaigns/{before['id']}"
    after = client.ask("PATCH", path, {"name": "Summer", "plan": {"inbound_reserve": 2}, "max_attempts_per_day": 1})

    assert client.status == 200, after
    assert after["plan"] == before["plan"] | {"inbound_reserve": 2}
    assert after["cadence"] == before["cadence"] | {"max_per_day": 1}
    assert (after["name"], after["voice"]) == ("Summer", before["voice"])
    assert client.ask("PATCH", path, {"plan": {"experiment": None}})["plan"]["experiment"] is None


def test_a_running_campaign_rings_by_its_new_plan_at_once_but_not_without_words(client: Client) -> None:
    client.desk.world.render_opening()
    path = f"/v1/campaigns/{SPRING}"

    assert client.ask("PATCH", path, {"plan": {"calls_per_minute": 3}})["state"] == "running"
    assert client.desk.world.messages("dispatch") == [{"campaign_id": SPRING}]
    problem = client.ask("PATCH", path, {"voice": "en-us+f3"})
    assert (client.status, "pause it first" in problem["detail"]) == (409, True)
    client.ask("POST", f"{path}/pause")
    assert client.ask("PATCH", path, {"voice": "en-us+f3"})["voice"] == "en-us+f3"
    assert client.ask("POST", f"{path}/resume")["state"] == "scheduled"


def test_an_end_before_the_start_is_refused(client: Client) -> None:
    change = {"starts_at": "2026-03-12T00:00:00Z", "ends_at": "2026-03-11T00:00:00Z"}

    assert "not after the start" in client.ask("PATCH", f"/v1/campaigns/{SPRING}", change)["detail"]


def test_a_completed_campaign_does_not_change(client: Client) -> None:
    world = client.desk.world
    world.campaigns.save(replace(world.campaign, state=CampaignState.COMPLETED))

    client.ask("PATCH", f"/v1/campaigns/{SPRING}", {"name": "Summer"})
    assert client.status == 409


def test_who_has_just_asked_is_rung_first_and_at_once(client: Client) -> None:
    lead_id = client.ask("POST", f"/v1/campaigns/{SPRING}/lead", PERSON, query="priority=5")["id"]

    lead = client.desk.world.leads.get(LeadId(lead_id))
    assert (client.status, lead.priority, lead.asked_at) == (201, 105, NOON)
    assert client.desk.world.messages("dispatch") == [{"campaign_id": SPRING}]
    client.ask("POST", f"/v1/campaigns/{SPRING}/lead", PERSON)
    assert client.status == 409
    problem = client.ask("POST", f"/v1/campaigns/{SPRING}/lead", PERSON | {"phone": "123"})
    assert (client.status, problem["detail"].startswith("phone:")) == (400, True)


def test_who_has_just_asked_is_rung_before_a_waiting_list_but_after_a_promised_call(client: Client) -> None:
    world = client.desk.world
    world.campaigns.save(replace(world.campaign, max_concurrency=2))
    waiting = [make_lead(f"lead-{number}", phone=f"+1512555{number:04}", priority=99) for number in range(200, 205)]
    promised = make_lead("bob", phone="+15125550102", promised_at=NOON)
    world.add(*waiting, promised)
    client.ask("POST", f"/v1/campaigns/{SPRING}/lead", PERSON)

    assert world.dispatch().planned == 2
    assert {attempt.phone for attempt in world.store.attempts.values()} == {"+15125550101", promised.phone}


def test_a_person_is_told_of_by_the_columns_of_a_list() -> None:
    assert LeadBody.model_fields.keys() - {"version"} == BY_NAME.keys()
    assert {name for name, field in LeadBody.model_fields.items() if field.is_required()} == {
        column.name for column in BY_NAME.values() if column.is_required
    }


def test_a_list_waits_in_its_place_with_its_own_hours(client: Client) -> None:
    query = "priority=3&hours=mon-fri 17:00-20:00"
    client.ask("POST", f"/v1/campaigns/{SPRING}/leads", CSV, kind="text/csv", query=query)

    [look] = client.desk.services.board.leads(SPRING, limit=5)
    assert (look.lead.priority, len(look.lead.hours)) == (3, 5)
    assert client.desk.world.messages("dispatch") == [{"campaign_id": SPRING}]


def test_a_campaign_that_does_not_run_dispatches_nobody(client: Client) -> None:
    made = make(client)
    client.ask("POST", f"/v1/campaigns/{made['id']}/lead", PERSON)

    assert client.desk.world.messages("dispatch") == []


def test_leads_are_shown_page_by_page(client: Client) -> None:
    world = client.desk.world
    world.add(*(make_lead(f"lead-{number}", phone=f"+1512555{number:04}") for number in range(1, 6)))
    path = f"/v1/campaigns/{SPRING}/leads"

    first = client.ask("GET", path, query="limit=3")
    rest = client.ask("GET", path, query=f"limit=3&after={first['after']}")
    assert [lead["id"] for lead in (*first["leads"], *rest["leads"])] == [f"lead-{number}" for number in range(1, 6)]
    assert rest["after"] is None
    assert client.ask("GET", path, query="status=blocked")["leads"] == []


def test_the_figures_of_a_campaign_are_told(client: Client) -> None:
    world = client.desk.world
    asked: dict[str, Any] = {"created_at": NOON, "asked_at": NOON, "next_attempt_at": NOON}
    tried = Experiment(name="greeting", variants=(Variant(name="a"),))
    world.campaigns.save(replace(world.campaign, plan=CallingPlan(experiment=tried)))
    world.add(make_lead(**asked), make_lead("bob", phone="+15125550102", promised_at=NOON + timedelta(hours=1)))

    figures = client.ask("GET", f"/v1/campaigns/{SPRING}/figures")

    assert figures["first_calls"]["arrived"] == 1
    assert figures["promises"] == {"waiting": 1, "overdue": 1, "rung": 0}
    assert [each["leads"] for each in figures["variants"]] == [2]
    assert figures["breaker"]["abandonment"] == {
        "bad": 0,
        "of": 0,
        "most": 0.02,
        "at_least": 50,
        "window_minutes": 43_200,
    }
    assert [move["state"] for move in figures["moves"]] == ["running"]


def test_numbers_are_added_listed_and_given_up(client: Client) -> None:
    body = {"phone": "(512) 555-0199", "seller_id": "seller-1", "authorisation": "bundle BU1"}
    added = client.ask("POST", "/v1/numbers", body)
    assert (client.status, added["standing"], added["most_dials"]) == (201, "warming_up", 40)

    gone = client.ask("POST", "/v1/numbers/+15125550199/retire")
    assert (gone["standing"], gone["authorisation"]) == ("retired", "bundle BU1")
    again = client.ask("POST", "/v1/numbers", body | {"warms_up": False, "authorisation": ""})
    assert (again["standing"], again["authorisation"]) == ("ready", "bundle BU1")
    assert [each["phone"] for each in client.ask("GET", "/v1/numbers")] == ["+15125550000", "+15125550199"]
    client.ask("POST", "/v1/numbers/+15125550198/retire")
    assert client.status == 404
    client.ask("POST", "/v1/numbers", body | {"seller_id": add_seller(client)})
    assert client.status == 409
    other = make(client)["id"]
    client.ask("POST", "/v1/numbers", body | {"campaign_id": other})
    assert client.status == 409


def test_a_campaign_that_begins_later_is_scheduled(client: Client) -> None:
    made = make(client, starts_at="2026-03-12T00:00:00Z")
    render(client, CampaignId(made["id"]))

    assert client.ask("POST", f"/v1/campaigns/{made['id']}/start")["state"] == "scheduled"
