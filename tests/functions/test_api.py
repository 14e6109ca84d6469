"""The API, seen from its door: what clients send, what they get, what they are told when they err."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any, NoReturn

import pytest
from openapi_spec_validator import validate

from functions import dispatch_leads
from functions.api.door import handle
from shared.adapters.memory import MemoryCampaignRepository, MemoryOutbox
from shared.adapters.memory.live import MemoryFeedLine
from shared.calls import AttemptState
from shared.campaigns import CampaignState, Opening
from shared.campaigns.opening import opening_text
from shared.kernel.errors import NotFound, Unavailable
from shared.kernel.ids import CampaignId, LeadId, SellerId
from tests.functions.desk import API_KEY, Desk, http_event
from tests.shared.calls.world import NOON, make_lead

CSV = """first_name,last_name,phone,timezone,state,consent_text,consent_channels,consent_at,consent_url
Ada,Lovelace,+1 512 555 0101,America/Chicago,TX,I agree to AI calls,ai_voice,2026-03-01T10:00:00Z,https://a.example/form
Bob,Bad,123,America/Chicago,TX,I agree to AI calls,ai_voice,2026-03-01T10:00:00Z,https://a.example/form
"""


class Client:
    """Speaks HTTP through the door."""

    def __init__(self, desk: Desk, key: str = API_KEY) -> None:
        self.desk = desk
        self.key = key

    def ask(self, method: str, path: str, body: Any = None, *, query: str = "", kind: str = "application/json") -> Any:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": kind}
        text = body if isinstance(body, str) or body is None else json.dumps(body)
        self.answer = handle(http_event(method, path, body=text, headers=headers, query=query), self.desk.services)
        return json.loads(self.answer["body"])

    @property
    def status(self) -> int:
        return int(self.answer["statusCode"])


@pytest.fixture
def client() -> Client:
    return Client(Desk())


def add_seller(client: Client) -> str:
    seller = {"registered_name": "Hill Country Homes LLC", "callback_number": "(512) 555-0000"}
    return str(client.ask("POST", "/v1/sellers", seller)["id"])


def campaign_body(seller_id: str, **changes: Any) -> dict[str, Any]:
    body = {
        "seller_id": seller_id,
        "name": "Spring",
        "script": "seller_home_value",
        "voice": "en-us+f2",
        "caller_id": "+15125550077",
        "budget_usd": "10",
    }
    return body | changes


def add_campaign(client: Client) -> CampaignId:
    return CampaignId(client.ask("POST", "/v1/campaigns", campaign_body(add_seller(client)))["id"])


def render(client: Client, campaign_id: CampaignId) -> None:
    world = client.desk.world
    campaign = world.campaigns.get(campaign_id)
    text = opening_text(world.campaigns.seller(campaign.seller_id))
    opening = Opening(campaign_id=campaign_id, voice=campaign.voice, text=text, audio=b"\xff" * 800, rendered_at=NOON)
    world.campaigns.save_opening(opening)


def test_a_seller_gets_agents_and_a_campaign_whose_opening_is_rendered(client: Client) -> None:
    seller_id = add_seller(client)
    hours = [{"weekday": 0, "opens": "09:00", "closes": "17:00"}]
    agent = {"seller_id": seller_id, "name": "Kim", "timezone": "America/Chicago", "hours": hours}
    client.ask("POST", "/v1/agents", agent)
    assert client.status == 201

    client.ask("POST", "/v1/campaigns", campaign_body(seller_id))

    assert client.status == 201
    assert client.desk.world.campaigns.seller(SellerId(seller_id)).callback_number == "+15125550000"
    [order, *prompts] = client.desk.world.messages("render")
    assert [each["kind"] for each in prompts] == ["inbound", "recovery"]
    assert order["voice"] == "en-us+f2"
    assert "AI assistant" in order["text"]


def test_sellers_and_their_agents_are_listed(client: Client) -> None:
    seller_id = add_seller(client)
    hours = [{"weekday": 0, "opens": "09:00", "closes": "17:00"}]
    client.ask("POST", "/v1/agents", {"seller_id": seller_id, "name": "Kim", "timezone": "US/Central", "hours": hours})

    seller = next(each for each in client.ask("GET", "/v1/sellers") if each["id"] == seller_id)
    [agent] = client.ask("GET", f"/v1/sellers/{seller_id}/agents")

    assert seller == {"id": seller_id, "registered_name": "Hill Country Homes LLC", "callback_number": "+15125550000"}
    assert (agent["name"], agent["seller_id"]) == ("Kim", seller_id)
    assert agent["hours"] == [{"weekday": 0, "opens": "09:00:00", "closes": "17:00:00"}]
    client.ask("GET", "/v1/sellers/nobody/agents")
    assert client.status == 404


def test_a_list_is_imported_and_every_refused_row_answered_for(client: Client) -> None:
    campaign_id = add_campaign(client)

    report = client.ask("POST", f"/v1/campaigns/{campaign_id}/leads", CSV, kind="text/csv")

    assert client.status == 200, report
    assert (report["rows"], report["accepted"]) == (2, 1), report
    assert [(row["line"], row["column"]) for row in report["refused"]] == [(3, "phone")]
    progress = client.ask("GET", f"/v1/campaigns/{campaign_id}")
    assert progress["leads_by_status"] == {"ready": 1}
    assert progress["leads"][0]["name"] == "Ada Lovelace"


def test_a_campaign_starts_once_its_opening_is_there(client: Client) -> None:
    campaign_id = add_campaign(client)
    assert client.ask("POST", f"/v1/campaigns/{campaign_id}/start")["state"] == "scheduled"
    assert client.ask("POST", f"/v1/campaigns/{campaign_id}/start")["state"] == "scheduled"

    render(client, campaign_id)

    assert client.ask("POST", f"/v1/campaigns/{campaign_id}/start")["state"] == "running"
    assert client.desk.world.messages("dispatch") == [{"campaign_id": campaign_id}]


def test_a_campaign_is_paused_and_resumed(client: Client) -> None:
    campaign_id = add_campaign(client)
    render(client, campaign_id)
    client.ask("POST", f"/v1/campaigns/{campaign_id}/start")

    paused = client.ask("POST", f"/v1/campaigns/{campaign_id}/pause", {"because": "lunch"})
    assert (paused["state"], paused["paused_because"]) == ("paused", "lunch")
    assert client.ask("POST", f"/v1/campaigns/{campaign_id}/resume")["state"] == "running"
    assert [campaign["state"] for campaign in client.ask("GET", "/v1/campaigns")] == ["running", "running"]


def test_a_draft_cannot_be_paused(client: Client) -> None:
    problem = client.ask("POST", f"/v1/campaigns/{add_campaign(client)}/pause")

    assert (client.status, problem["title"]) == (409, "Refused")


def test_a_call_is_shown_with_everything_known_of_it(client: Client) -> None:
    client.desk.world.add(make_lead())
    client.desk.world.dispatch()

    shown = client.ask("GET", "/v1/attempts/a1")

    assert (shown["attempt"]["state"], shown["attempt"]["lead_id"]) == ("planned", "ada")
    assert shown["permissions"][0]["verdict"] == "allow"
    assert {finding["rule"] for finding in shown["permissions"][0]["findings"]} >= {"consent.ai_voice", "hours.local"}
    assert (shown["report"], shown["cost_lines"], shown["disposition"]) == (None, [], None)


def test_the_live_page_reads_on_from_its_cursor(client: Client) -> None:
    for text in ("Hello.", "Hi there."):
        line = MemoryFeedLine(attempt="a1", speaker="agent", kind="spoken", text=text, at=NOON)
        client.desk.feed.add(line)

    first = client.ask("GET", "/v1/live", query="limit=1")
    second = client.ask("GET", "/v1/live", query=f"after={first['cursor']}")

    assert [entry["text"] for entry in first["entries"] + second["entries"]] == ["Hello.", "Hi there."]
    assert client.ask("GET", "/v1/live", query=f"after={second['cursor']}")["entries"] == []


def test_health_needs_no_key_and_tells_of_room(client: Client) -> None:
    client.key = "wrong"

    assert client.ask("GET", "/v1/health")["free_slots"] == 5


def test_health_reads_no_campaigns(client: Client) -> None:
    class Unread(MemoryCampaignRepository):
        def all(self) -> NoReturn:
            raise AssertionError("every campaign was read")

    client.desk.services = replace(client.desk.services, campaigns=Unread(client.desk.world.store))

    assert client.ask("GET", "/v1/health")["status"] == "ok"


def test_health_goes_without_redis(client: Client) -> None:
    class Away:
        def free(self) -> int:
            raise Unavailable("away")

    client.desk.services = replace(client.desk.services, capacity=Away())  # type: ignore[arg-type]

    assert client.ask("GET", "/v1/health")["free_slots"] is None


@pytest.mark.parametrize("key", ["", "wrong", API_KEY + "x", "ü"])
def test_nobody_comes_in_without_the_key(client: Client, key: str) -> None:
    client.key = key

    problem = client.ask("GET", "/v1/campaigns")

    assert (client.status, problem["status"]) == (401, 401)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "word"),
    [
        ("GET", "/v1/campaigns/nowhere", None, 404, "nowhere"),
        ("GET", "/v1/attempts/nobody", None, 404, "nobody"),
        ("GET", "/v1/nothing", None, 404, "Not Found"),
        ("POST", "/v1/sellers", {"registered_name": "A", "callback_number": "xyz"}, 400, "telephone number"),
        ("POST", "/v1/sellers", {"registered_name": "A"}, 400, "callback_number"),
        ("POST", "/v1/sellers", {"registered_name": "A", "callback_number": "+15125550000", "x": 1}, 400, "x"),
        ("POST", "/v1/sellers", "{", 400, "JSON"),
        ("POST", "/v1/campaigns", campaign_body("nobody"), 404, "nobody"),
        ("POST", "/v1/campaigns", campaign_body("seller-1", script="poem"), 400, "seller_home_value"),
        ("POST", "/v1/campaigns", campaign_body("seller-1", ring_timeout_seconds=10), 400, "ring_timeout_seconds"),
        ("POST", "/v1/campaigns", campaign_body("seller-1", budget_usd="0"), 400, "budget_usd"),
        ("POST", "/v1/campaigns", campaign_body("seller-1", budget_usd="0.10"), 400, "one call may cost"),
        ("POST", "/v1/campaigns", campaign_body("seller-1", voice="en us; rm"), 400, "voice"),
        ("POST", "/v1/campaigns/campaign-1/leads", "", 400, "body"),
        ("POST", "/v1/campaigns/campaign-1/leads", "a,b\n1,2\n", 400, "phone"),
        ("GET", "/v1/live", None, 400, "after"),
    ],
)
def test_an_error_is_answered_in_words(
    client: Client, method: str, path: str, body: Any, status: int, word: str
) -> None:
    kind = "text/csv" if path.endswith("/leads") else "application/json"
    problem = client.ask(method, path, body, kind=kind, query="after=x" if path == "/v1/live" else "")

    assert client.status == status, problem
    assert client.answer["headers"]["content-type"] == "application/problem+json"
    assert word in problem["detail"]


def test_an_agent_in_no_zone_or_with_impossible_hours_is_refused(client: Client) -> None:
    hours = [{"weekday": 0, "opens": "17:00", "closes": "09:00"}]
    agent = {"seller_id": add_seller(client), "name": "Kim", "timezone": "America/Chicago", "hours": hours}

    assert "closes after it opens" in client.ask("POST", "/v1/agents", agent)["detail"]
    hours[0]["closes"] = "18:00"
    assert "time zone" in client.ask("POST", "/v1/agents", agent | {"timezone": "Mars/Base"})["detail"]


def test_the_api_describes_itself(client: Client) -> None:
    description = client.ask("GET", "/v1/openapi.json")

    validate(description)
    assert "/v1/campaigns/{campaign_id}/start" in description["paths"]


def test_a_campaign_whose_opening_cannot_be_rendered_says_so_and_may_try_again(client: Client) -> None:
    campaign_id = add_campaign(client)
    client.ask("POST", f"/v1/campaigns/{campaign_id}/start")
    outbox = MemoryOutbox(client.desk.world.store)
    orders = outbox.lease(topic="render", now=NOON, lease_for=timedelta(minutes=1), limit=9)
    for order in (each for each in orders if "kind" not in each.body):
        assert dispatch_leads.handle({"campaign_id": campaign_id}, client.desk.services)["planned"] == 0
        assert client.ask("GET", f"/v1/campaigns/{campaign_id}")["campaign"]["state"] == "scheduled"
        outbox.failed(order.id, now=NOON, retry_in=timedelta(0), max_receives=1, error="unknown voice")

    dispatch_leads.handle({"campaign_id": campaign_id}, client.desk.services)

    shown = client.ask("GET", f"/v1/campaigns/{campaign_id}")["campaign"]
    assert shown["state"] == "paused"
    assert shown["paused_because"] == "the opening could not be rendered: unknown voice"
    assert client.ask("POST", f"/v1/campaigns/{campaign_id}/start")["state"] == "scheduled"
    dispatch_leads.handle({"campaign_id": campaign_id}, client.desk.services)
    assert client.ask("GET", f"/v1/campaigns/{campaign_id}")["campaign"]["state"] == "scheduled"


def test_one_campaign_that_cannot_be_dispatched_holds_up_no_other(client: Client) -> None:
    world = client.desk.world
    world.add(make_lead())
    broken = replace(world.campaign, id=CampaignId("broken"), seller_id=SellerId("gone"), state=CampaignState.SCHEDULED)
    world.campaigns.save(broken)

    assert dispatch_leads.handle({}, client.desk.services) == {"asked": 2}
    ours, theirs = sorted(world.messages("dispatch"), key=lambda body: body["campaign_id"] == "broken")
    assert dispatch_leads.handle(ours, client.desk.services)["planned"] == 1
    with pytest.raises(NotFound):
        dispatch_leads.handle(theirs, client.desk.services)


def test_a_completed_campaign_takes_no_more_leads(client: Client) -> None:
    world = client.desk.world
    world.campaigns.save(replace(world.campaign, state=CampaignState.COMPLETED))

    problem = client.ask("POST", f"/v1/campaigns/{world.campaign.id}/leads", CSV, kind="text/csv")

    assert (client.status, problem["title"]) == (409, "Refused")
    assert world.leads.of_campaign(world.campaign.id) == []


def test_a_call_whose_report_was_lost_is_released(client: Client) -> None:
    world = client.desk.world
    world.add(make_lead())
    world.dispatch()
    client.ask("POST", "/v1/attempts/a1/release")
    assert client.status == 409
    world.calls.move(replace(world.attempt(), state=AttemptState.ENDED, streamed_at=NOON, ended_at=NOON))

    assert client.ask("POST", "/v1/attempts/a1/release") == {"id": "a1", "disposition": "failed_technical"}
    assert world.leads.get(LeadId("ada")).status == "ready"
    assert world.messages("settle") == [{"attempt_id": "a1"}]
